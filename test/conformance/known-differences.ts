import { readFileSync } from 'node:fs';
import { inProject } from '../support/command';
import type { Difference } from './compare';

/** A row of the table of differences in the README beside this file. */
interface Row {
  readonly capture: string;
  /** `1, 5-7`. */
  readonly packets: string;
  /** Names of fields with spaces between them. */
  readonly fields: string;
}

/** Differences that are listed in the README, as text made by {@link differenceText}, by capture. */
export function knownDifferences(): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  for (const { capture, packets, fields } of rows()) {
    const set = known.get(capture) ?? new Set();
    known.set(capture, set);
    for (const packet of numbersOf(packets)) for (const field of fields.split(' ')) set.add(`#${packet} ${field}`);
  }
  return known;
}

export const differenceText = ({ packet, field }: Difference): string => `#${packet} ${field}`;

function rows(): Row[] {
  const text = readFileSync(inProject('test/conformance/README.md'), 'utf8');
  const [table = ''] = text.slice(text.indexOf('## Differences') + 2).split(/^## /m);
  return [...table.matchAll(/^\| `([^`]+)` +\| ([\d, -]+) \| ([\w ]+) \|/gm)].map(([, capture, packets, fields]) => ({
    capture: capture!,
    packets: packets!.trim(),
    fields: fields!.trim(),
  }));
}

const numbersOf = (list: string): number[] =>
  list.split(/, */).flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
