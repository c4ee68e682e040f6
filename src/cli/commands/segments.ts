import type { Trace } from '../../core/analyze';
import { segmentJson } from '../../core/export/json';
import { render } from '../../core/format/message';
import { inert } from '../../core/format/text';
import { stateText } from '../../core/format/state';
import { delta } from '../../core/format/time';
import { LESSON_TITLES, type LessonPart } from '../../core/model/lesson';
import type { AcceptanceCheck, NoteReason, SegmentRow } from '../../core/model/segment';
import { requireConnection } from '../usage-error';
import type { Command } from './registry';

const PAGE_ROWS = 512;

/** One line a TCP segment, in file order. */
export const segments: Command = {
  tellsChecksums: true,
  run(trace, args, output) {
    if (args.connection !== null) requireConnection(trace, 'segments', args.connection);
    const reasonsOf = args.why ? trace.allReasons() : null;
    for (const row of selected(trace, args.connection)) {
      const reasons = reasonsOf?.(row.segment) ?? null;
      if (args.note !== null && !row.notes.some((note) => note.kind === args.note)) continue;
      if (args.json)
        output.line(
          JSON.stringify(segmentJson(trace, row, reasons === null ? null : { reasons, lesson: trace.lessonOf(row) })),
        );
      else {
        output.line(textOf(row));
        if (reasons === null) continue;
        for (const part of trace.lessonOf(row)) output.line(lessonLine(part));
        for (const check of row.checks) output.line(checkLine(check));
        for (const reason of reasons) for (const line of whyLines(reason)) output.line(line);
      }
    }
  },
};

function* selected(trace: Trace, connection: number | null): Generator<SegmentRow> {
  if (connection === null) {
    yield* trace.allSegments();
    return;
  }
  trace.findingsOf(connection);
  while (trace.lookOn());
  for (let start = 0; ; start += PAGE_ROWS) {
    const rows = trace.segments(connection, start, start + PAGE_ROWS);
    yield* rows;
    if (rows.length < PAGE_ROWS) return;
  }
}

const lessonLine = ({ topic, text }: LessonPart): string => `${INDENT}${render(LESSON_TITLES[topic])}: ${render(text)}`;

const checkLine = ({ holds, text, cites }: AcceptanceCheck): string =>
  `${INDENT}${holds ? 'accepted' : 'rejected'}: ${render(text)} (${cites})`;

const whyLines = ({ kind, cites, conditions }: NoteReason): string[] => [
  `${INDENT}${kind} (${cites}), because`,
  ...conditions.map(({ text, values }) => {
    const numbers = Object.entries(values).map(([name, value]) => `${name} ${value ?? 'unknown'}`);
    return `${INDENT}  ${text}${numbers.length > 0 ? `: ${numbers.join(', ')}` : ''}`;
  }),
];

const INDENT = ' '.repeat(8);

function textOf(row: SegmentRow): string {
  return [
    String(row.packet).padStart(6),
    (row.timeNs === null ? '' : delta(row.timeNs)).padStart(14),
    `#${row.connection}`.padEnd(5),
    stateText(row.client).padStart(14),
    (row.from === 'client' ? `── ${row.label} ─→` : `←─ ${row.label} ──`).padEnd(44),
    stateText(row.server).padEnd(14),
    row.explanation.map((part) => inert(render(part))).join(' '),
  ]
    .join('  ')
    .trimEnd();
}
