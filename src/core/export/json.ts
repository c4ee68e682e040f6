import { render } from '../format/message';
import { capitalised } from '../format/text';
import type { ConnectionRow, PerSide } from '../model/connection';
import type { LessonPart } from '../model/lesson';
import type {
  AcceptanceCheck,
  Endpoint,
  MissingField,
  Note,
  NoteReason,
  SegmentRow,
  Tcb,
  TcpOption,
} from '../model/segment';

/** What a segment's object needs beside its row: a trace. */
export interface JsonSource {
  endpoints(connection: number): PerSide<Endpoint>;
  time(packet: number): string | null;
  options(segment: number): readonly TcpOption[];
}

/** Why a segment has its notes, and what it teaches. */
export interface Why {
  readonly reasons: readonly NoteReason[];
  readonly lesson: readonly LessonPart[];
}

/** What an endpoint is written as. */
export type Rename = (endpoint: Endpoint) => Endpoint;

const itself: Rename = (endpoint) => endpoint;

/**
 * A connection as DESIGN.md §6 has it. Written out name by name: objects that are spread are slow to print, of which a
 * flood has millions.
 */
export function connectionJson(row: ConnectionRow, rename: Rename = itself): unknown {
  return {
    connection: row.connection,
    client: rename(row.client),
    server: rename(row.server),
    partial: row.partial,
    firstPacket: row.firstPacket,
    lastPacket: row.lastPacket,
    segments: row.segments,
    start: row.start,
    durationNs: row.durationNs,
    payloadBytes: row.payloadBytes,
    state: row.state,
    completeness: row.completeness,
    handshakeRttNs: row.handshakeRttNs,
    notes: row.notes,
    problems: row.problems,
    verdict: capitalised(render(row.verdict.sentence)),
    assumed: row.assumed,
    clauses: row.verdict.clauses.map(({ text, packets }) => ({ text: render(text), packets })),
  };
}

/** The contract that scripts rely on: names and order of DESIGN.md §6. */
export function segmentJson(trace: JsonSource, row: SegmentRow, why: Why | null, rename: Rename = itself): unknown {
  const endpoints = trace.endpoints(row.connection);
  const [client, server] = [rename(endpoints.client), rename(endpoints.server)];
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
    notes: row.notes.map((note) => noteJson(note, why?.reasons ?? null)),
    acks: row.acks,
    ackRttNs: row.ackRttNs,
    bytesInFlight: row.bytesInFlight,
    client: tcbJson(row.client, row.relativeOnly.client, row.relativeOnly.server),
    server: tcbJson(row.server, row.relativeOnly.server, row.relativeOnly.client),
    ...(why === null
      ? {}
      : {
          checks: row.checks.map(checkJson),
          explanation: row.explanation.map((text) => render(text)),
          lesson: why.lesson.map(({ topic, text }) => ({ topic, text: render(text) })),
        }),
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
