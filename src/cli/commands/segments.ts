import type { Trace } from '../../core/analyze';
import { render } from '../../core/format/message';
import { inert } from '../../core/format/text';
import { stateText } from '../../core/format/state';
import { delta } from '../../core/format/time';
import type { AcceptanceCheck, MissingField, Note, NoteReason, SegmentRow, Tcb } from '../../core/model/segment';
import { requireConnection } from '../usage-error';
import type { Command } from './registry';

const PAGE_ROWS = 512;

/** One line a TCP segment, in file order. */
export const segments: Command = {
  run(trace, args, output) {
    if (args.connection !== null) requireConnection(trace, 'segments', args.connection);
    const reasonsOf = args.why ? trace.allReasons() : null;
    for (const row of selected(trace, args.connection)) {
      const reasons = reasonsOf?.(row.segment) ?? null;
      if (args.note !== null && !row.notes.some((note) => note.kind === args.note)) continue;
      if (args.json) output.line(JSON.stringify(jsonOf(trace, row, reasons)));
      else {
        output.line(textOf(row));
        for (const check of reasons === null ? [] : row.checks) output.line(checkLine(check));
        for (const reason of reasons ?? []) for (const line of whyLines(reason)) output.line(line);
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

/** The contract that scripts rely on: names and order of DESIGN.md §6. */
function jsonOf(trace: Trace, row: SegmentRow, reasons: readonly NoteReason[] | null): unknown {
  const { client, server } = trace.endpoints(row.connection);
  const missing = (field: MissingField): boolean => row.headerCut || row.missing.includes(field);
  const peer = row.from === 'client' ? 'server' : 'client';
  return {
    packet: row.packet,
    time: trace.time(row.packet),
    connection: row.connection,
    from: row.from,
    source: row.from === 'client' ? client : server,
    destination: row.from === 'client' ? server : client,
    seq: missing('seq') ? null : row.seq,
    ack: missing('ack') ? null : row.ack,
    seqRaw: missing('seq') || row.relativeOnly[row.from] ? null : row.seqRaw,
    ackRaw: missing('ack') || row.relativeOnly[peer] ? null : row.ackRaw,
    len: row.lengthKnown ? row.len : null,
    flags: row.missing.includes('flags') ? null : row.flags,
    window: missing('window') ? null : row.window,
    scaledWindow: missing('window') ? null : row.scaledWindow,
    checksum: row.checksum,
    options: trace.options(row.segment),
    notes: row.notes.map((note) => noteJson(note, reasons)),
    acks: row.acks,
    ackRttNs: row.ackRttNs,
    bytesInFlight: row.bytesInFlight,
    client: tcbJson(row.client, row.relativeOnly.client, row.relativeOnly.server),
    server: tcbJson(row.server, row.relativeOnly.server, row.relativeOnly.client),
    ...(reasons === null ? {} : { checks: row.checks.map(checkJson) }),
  };
}

/**
 * The variables in the order of the contract; what is ours goes last.
 * @param own whether nothing says where the endpoint's own numbers begin, `peer` the same of the other end's
 */
const tcbJson = ({ assumed, ...variables }: Tcb, own: boolean, peer: boolean): unknown => ({
  ...variables,
  ...(own ? { iss: null, sndUna: null, sndNxt: null, sndUp: null, sndWl2: null } : {}),
  ...(peer ? { irs: null, rcvNxt: null, rcvUp: null, sndWl1: null } : {}),
  assumed,
});

function noteJson({ text, level, ...note }: Note, reasons: readonly NoteReason[] | null): unknown {
  const said = { ...note, text: render(text) };
  if (reasons === null) return said;
  const reason = reasons.find(({ kind }) => kind === note.kind);
  const why = (reason?.conditions ?? []).map(({ text: condition, values, holds }) => ({ condition, values, holds }));
  return { ...said, cites: reason?.cites ?? null, why };
}

const checkJson = ({ test, holds, text, cites }: AcceptanceCheck): unknown => ({
  test,
  holds,
  text: render(text),
  cites,
});

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
    delta(row.timeNs).padStart(14),
    `#${row.connection}`.padEnd(5),
    stateText(row.client).padStart(14),
    (row.from === 'client' ? `── ${row.label} ─→` : `←─ ${row.label} ──`).padEnd(44),
    stateText(row.server).padEnd(14),
    row.explanation.map((part) => inert(render(part))).join(' '),
  ]
    .join('  ')
    .trimEnd();
}
