import { bytesSource } from '../../src/core/bytes/source';
import { Trace } from '../../src/core/analyze';
import { COMPLETENESS } from '../../src/core/model/connection';
import { WIRESHARK_NOTES, type WiresharkNoteKind, type SegmentRow, type TcpOption } from '../../src/core/model/segment';
import { nanoseconds, type ReferenceSegment } from './reference';

/** One field of one segment, or of one connection, that is not what the reference says. */
export interface Difference {
  /** 1-based packet number; of a connection, its first. */
  readonly packet: number;
  readonly field: string;
  readonly reference: string;
  readonly ours: string;
}

export interface NoteCount {
  /** In both, in the reference alone, in ours alone. */
  both: number;
  missed: number;
  wrong: number;
}

export interface Comparison {
  readonly segments: number;
  readonly identical: number;
  readonly differences: readonly Difference[];
  readonly notes: ReadonlyMap<WiresharkNoteKind, NoteCount>;
}

const LIMITS = { decompressionLimit: 1 << 30 };

/** Analyses a capture as the command line does, and holds every segment and connection against the reference. */
export function compare(capture: Uint8Array, reference: readonly ReferenceSegment[]): Comparison {
  const trace = Trace.open(bytesSource(capture), LIMITS);
  while (trace.step());
  const ours = new Map<number, SegmentRow[]>();
  for (const row of trace.allSegments()) {
    const rows = ours.get(row.packet);
    if (rows === undefined) ours.set(row.packet, [row]);
    else rows.push(row);
  }
  const differences: Difference[] = [];
  const notes = new Map<WiresharkNoteKind, NoteCount>(
    WIRESHARK_NOTES.map((kind) => [kind, { both: 0, missed: 0, wrong: 0 }]),
  );
  const firstOf = new Map<number, { theirs: ReferenceSegment; connection: number }>();
  let identical = 0;
  for (const theirs of reference) {
    const row = ours.get(theirs.frame)?.shift();
    if (row === undefined) {
      differences.push({ packet: theirs.frame, field: 'segment', reference: 'is there', ours: 'not found' });
      continue;
    }
    const expected = ofReference(theirs);
    const found = ofRow(trace, row);
    // What stands in the options is known only where they were printed.
    if (theirs.options_raw === null && theirs.options.length > 0) found.options = expected.options!;
    countNotes(notes, expected.notes!, found.notes!);
    const before = differences.length;
    for (const field of Object.keys(expected))
      if (expected[field] !== found[field])
        differences.push({ packet: theirs.frame, field, reference: expected[field]!, ours: found[field]! });
    if (differences.length === before) identical++;
    if (theirs.stream !== null)
      firstOf.set(theirs.stream, firstOf.get(theirs.stream) ?? { theirs, connection: row.connection });
  }
  for (const [packet, rows] of ours)
    if (rows.length > 0) differences.push({ packet, field: 'segment', reference: 'not there', ours: 'found' });
  const initialRtt = new Map(
    reference.filter((one) => one.initial_rtt !== null).map((one) => [one.stream, one.initial_rtt]),
  );
  for (const { theirs, connection } of firstOf.values()) {
    const row = trace.connections(connection, connection + 1)[0]!;
    const pairs = [
      ['completeness', namesOfCompleteness(theirs.completeness ?? 0), row.completeness.join(' ')],
      ['handshakeRttNs', text(nanoseconds(initialRtt.get(theirs.stream) ?? null)), text(row.handshakeRttNs)],
    ] as const;
    for (const [field, expected, found] of pairs)
      if (expected !== found) differences.push({ packet: theirs.frame, field, reference: expected, ours: found });
  }
  return { segments: reference.length, identical, differences, notes };
}

type Fields = Record<string, string>;

const text = (value: string | number | bigint | boolean | null | undefined): string => String(value ?? 'none');

function ofReference(o: ReferenceSegment): Fields {
  const flags = (o.flags ?? '').split(',').filter((name) => name !== '' && name !== 'RSV');
  const acks = flags.includes('ACK');
  const isDuplicate = o.analysis.includes('duplicate_ack');
  return {
    time: text(nanoseconds(o.time)),
    source: `${o.src} ${o.sport}`,
    destination: `${o.dst} ${o.dport}`,
    seqRaw: text(o.seq_raw),
    ackRaw: text(acks ? o.ack_raw : null),
    len: text(o.len),
    flags: flags.sort().join(' '),
    window: text(o.win_raw),
    checksum: o.checksum_status === 'good' || o.checksum_status === 'bad' ? o.checksum_status : 'unverified',
    options: o.options_raw === null ? '' : optionsOfBytes(Buffer.from(o.options_raw, 'hex')),
    connection: text(o.stream),
    seq: text(o.seq),
    ack: text(acks ? o.ack : null),
    scaledWindow: text(o.win_scale === -1 ? null : o.win),
    notes: notesText(o.analysis.map((name) => name.replaceAll('_', '-'))),
    // Packet 0 is none: the series began before the capture.
    duplicateAck: isDuplicate ? `${text(o.dup_ack_num)} of ${text(o.dup_ack_frame || null)}` : 'none',
    acks: text(o.acks_frame),
    ackRttNs: text(nanoseconds(o.ack_rtt)),
    bytesInFlight: text(o.bytes_in_flight),
    rtoNs: text(nanoseconds(o.rto)),
  };
}

function ofRow(trace: Trace, row: SegmentRow): Fields {
  const { client, server } = trace.endpoints(row.connection);
  const [source, destination] = row.from === 'client' ? [client, server] : [server, client];
  const acks = row.flags.includes('ACK');
  const duplicate = row.notes.find((note) => note.kind === 'duplicate-ack');
  const { checksum } = row;
  return {
    time: text(nanoseconds(trace.time(row.packet))),
    source: `${source.address} ${source.port}`,
    destination: `${destination.address} ${destination.port}`,
    seqRaw: text(row.seqRaw),
    ackRaw: text(acks ? row.ackRaw : null),
    len: text(row.lengthKnown ? row.len : null),
    flags: [...row.flags].sort().join(' '),
    window: text(row.window),
    // The bare pseudo-header sum of transmit offload is a bad checksum for the reference.
    checksum: checksum === 'partial' ? 'bad' : checksum,
    options: trace.options(row.segment).map(optionText).join(' '),
    connection: text(row.connection),
    seq: text(row.seq),
    ack: text(acks ? row.ack : null),
    scaledWindow: text(row.scaledWindow),
    notes: notesText(row.notes.map((note) => note.kind)),
    duplicateAck: duplicate === undefined ? 'none' : `${text(duplicate.number)} of ${text(duplicate.of)}`,
    acks: text(row.acks),
    ackRttNs: text(row.ackRttNs),
    bytesInFlight: text(row.bytesInFlight),
    rtoNs: text(row.notes.find((note) => note.rtoNs !== undefined)?.rtoNs),
  };
}

/** Our own findings are left out. The reference adds the plain flag to fast and spurious retransmissions; here they carry their own alone. */
function notesText(names: readonly string[]): string {
  const kinds = new Set(WIRESHARK_NOTES.filter((kind) => names.includes(kind)));
  if (kinds.has('fast-retransmission') || kinds.has('spurious-retransmission')) kinds.delete('retransmission');
  return [...kinds].sort().join(' ');
}

function countNotes(counts: Map<WiresharkNoteKind, NoteCount>, expected: string, found: string): void {
  const theirs = new Set(expected.split(' '));
  const ours = new Set(found.split(' '));
  for (const [kind, count] of counts) {
    if (theirs.has(kind) && ours.has(kind)) count.both++;
    else if (theirs.has(kind)) count.missed++;
    else if (ours.has(kind)) count.wrong++;
  }
}

const namesOfCompleteness = (bits: number): string => COMPLETENESS.filter((_, bit) => bits & (1 << bit)).join(' ');

/** Options as "kind:data" in hexadecimal, up to the end of the list; an impossible length takes the rest as its data. */
function optionsOfBytes(bytes: Buffer): string {
  const options: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at]!;
    if (kind <= 1) {
      options.push(`${kind}`);
      if (kind === 0) break;
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    const end = length < 2 || at + length > bytes.length ? bytes.length : at + length;
    options.push(`${kind}:${bytes.subarray(at + 2, end).toString('hex')}`);
    at = end;
  }
  return options.join(' ');
}

const hex = (value: number, bytes: number): string => value.toString(16).padStart(bytes * 2, '0');

/** The same of an option as the command line prints it. */
function optionText(option: TcpOption): string {
  const o = option as TcpOption & Readonly<Record<string, unknown>>;
  switch (o.kind) {
    case 'end':
      return '0';
    case 'nop':
      return '1';
    case 'mss':
      return `2:${hex(o.value as number, 2)}`;
    case 'window-scale':
      return `3:${hex(o.shift as number, 1)}`;
    case 'sack-permitted':
      return '4:';
    case 'sack':
      return `5:${(o.blocks as number[][])
        .flat()
        .map((edge) => hex(edge, 4))
        .join('')}`;
    case 'timestamps':
      return `8:${hex(o.value as number, 4)}${hex(o.echo as number, 4)}`;
    default:
      return `${text(o.option as number)}:${String(o.data).replaceAll(/[^0-9a-f]/g, '')}`;
  }
}
