import { count } from '../../core/format/number';
import { render } from '../../core/format/message';
import { inert } from '../../core/format/text';
import { duration, utc } from '../../core/format/time';
import { amount } from '../amount';
import { noticeText } from '../trace';
import type { Command } from './registry';

/** What the capture is and what is in it. */
export const info: Command = {
  tellsChecksums: false,
  run(trace, args, output) {
    const summary = trace.summary();
    if (args.json) {
      const { notices, noticesTotal, bytesRead, bytesTotal, done, ...rest } = summary;
      const warnings = notices.map(({ message, ...notice }) => ({ ...notice, message: inert(render(message)) }));
      output.line(JSON.stringify({ ...rest, bytes: bytesTotal, bytesRead, warnings, warningsTotal: noticesTotal }));
      return;
    }
    const say = (name: string, value: string): void => output.line(`${`${name}:`.padEnd(14)}${value}`);
    say('Format', summary.format);
    for (const link of summary.linkTypes)
      say(
        'Link type',
        `${link.name}, ${amount(link.frames, 'packet')}${link.supported ? '' : ' (not supported, not decoded)'}`,
      );
    for (const { name, description, dropped } of summary.interfaces) {
      if (name === null && dropped === null) continue;
      const more = [description, dropped === null ? null : `${amount(dropped, 'packet')} dropped by the capture`];
      say('Interface', inert([name ?? 'unnamed', ...more].filter((part) => part !== null).join(', ')));
    }
    say('Packets', count(summary.frames));
    say('TCP segments', count(summary.segments));
    say('Connections', count(summary.connections));
    say('Problems', count(summary.problems));
    if (summary.start !== null && summary.clock === 'absolute') say('First packet', `${utc(summary.start)} UTC`);
    if (summary.frames > 0 && summary.durationNs !== null) say('Time span', duration(summary.durationNs));
    for (const notice of summary.notices) say(notice.severity === 'error' ? 'Error' : 'Note', noticeText(notice));
    const more = summary.noticesTotal - summary.notices.length;
    if (more > 0) say('Note', `${count(more)} more like these`);
  },
};
