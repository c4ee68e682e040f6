import { render } from '../../core/format/message';
import { count } from '../../core/format/number';
import { inert } from '../../core/format/text';
import { type DiagnosisFinding, THRESHOLDS } from '../../core/model/diagnosis';
import type { Message } from '../../core/model/message';
import { amount } from '../amount';
import type { Command } from './registry';

const GROUPS = {
  quality: 'Quality of the capture',
  attack: 'Attacks',
  connectivity: 'Connections that fail',
  performance: 'Slowness and loss',
} as const;

const INDENT = '    ';

/** What the capture as a whole shows. */
export const diagnose: Command = {
  tellsChecksums: true,
  run(trace, { json, thresholds }, output) {
    let progress = trace.diagnosis(thresholds);
    while (!progress.done) progress = trace.diagnosis(thresholds);
    const { findings, omitted } = progress;
    if (json) {
      for (const finding of findings) output.line(JSON.stringify(jsonOf(finding)));
      return;
    }
    let group = '';
    for (const finding of findings) {
      if (finding.group !== group) output.line(`${group === '' ? '' : '\n'}${GROUPS[finding.group]}`);
      group = finding.group;
      for (const line of linesOf(finding)) output.line(line);
    }
    if (findings.length === 0) output.line('Nothing found.');
    if (omitted > 0) output.line(`\n${amount(omitted, 'finding')} more of kinds of which many were found.`);
  },
};

const say = (message: Message): string => inert(render(message));

const jsonOf = (finding: DiagnosisFinding) => ({
  ...finding,
  title: say(finding.title),
  text: say(finding.text),
  details: finding.details.map(say),
  caution: say(finding.caution),
});

function linesOf({ kind, severity, text, details, packets, packetsTotal, crossed, cites, caution }: DiagnosisFinding) {
  return [
    `  ${severity}: ${say(text)} [${kind}]`,
    ...details.map((detail) => INDENT + say(detail)),
    ...crossed.map(({ threshold, limit, found }) => {
      const { title, unit } = THRESHOLDS[threshold];
      return `${INDENT}${say(title)}: ${count(found)}${unit === null ? '' : ` ${unit}`}, threshold ${count(limit)} (${threshold})`;
    }),
    ...(packets.length > 0
      ? [`${INDENT}packets ${packets.join(', ')}${packetsTotal > packets.length ? `, … (${count(packetsTotal)})` : ''}`]
      : []),
    `${INDENT}${cites}. ${say(caution)}`,
  ];
}
