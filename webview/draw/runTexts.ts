import { byteSize, count } from '../../src/core/format/number';
import type { QuietRun } from '../../src/core/model/connection';
import { plural } from '../l10n';

const SIDES = [
  ['client', '→'],
  ['server', '←'],
] as const;

/**
 * What a quiet run holds, from the fullest text to the shortest: "18 data segments · 26 280 bytes → · 9 ACKs ←",
 * "26.3 kB → · 27 segments", "26.3 kB →".
 */
export function runTexts(run: QuietRun): [full: string, ...shorter: string[]] {
  const data = SIDES.filter(([side]) => run.dataSegments[side] > 0);
  const full = [
    ...data.map(([side, arrow]) => {
      const segments = run.dataSegments[side];
      const bytes = run.payloadBytes[side];
      return `${plural(segments, '{0} data segment', '{0} data segments', count(segments))} · ${plural(bytes, '{0} byte', '{0} bytes', count(bytes))} ${arrow}`;
    }),
    ...SIDES.filter(([side]) => run.acks[side] > 0).map(([side, arrow]) => {
      const acks = run.acks[side];
      return `${plural(acks, '{0} ACK', '{0} ACKs', count(acks))} ${arrow}`;
    }),
  ];
  const sizes = data.map(([side, arrow]) => `${byteSize(run.payloadBytes[side])} ${arrow}`);
  const total = run.end - run.start;
  const segments = plural(total, '{0} segment', '{0} segments', count(total));
  return [full.join(' · '), [...sizes, segments].join(' · '), sizes.length > 0 ? sizes.join(' · ') : segments];
}
