import { u32 } from '../bytes/seq';
import { CHECKSUM_VERDICTS, NO_ACK, NO_ACK_BASE, NO_FLAGS, NO_SEQ, NO_SEQ_BASE, NO_WINDOW } from '../model/facts';
import { ACK, FLAG_NAMES } from '../model/flags';
import { type WiresharkNoteKind, WIRESHARK_NOTES, noteBit } from '../model/segment';
import { STATES } from '../model/states';
import { relativeAck, relativeSeq, scaledWindow } from '../query/segment-numbers';
import { UNKNOWN_STATE } from '../query/state-column';
import { CHECKSUM_SHIFT, CUT_HEADER, FLAG_BITS, type SegmentTable } from '../tcp/tables';
import { addressKey } from './addresses';
import type { Field, FieldSources, FieldType, NumericField, Values } from './field';

/** A row's only value, or NaN where it has none. */
export type Single = (sources: FieldSources) => (row: number) => number;

export const single =
  (read: Single) =>
  (sources: FieldSources): Values<number> => {
    const value = read(sources);
    return (row, test) => {
      const found = value(row);
      return found === found && test(found);
    };
  };

/** A field with one number a segment. */
export const ofSegment = (
  name: string,
  type: NumericField['type'],
  about: string,
  read: Single,
  more: Partial<Pick<NumericField, 'needs' | 'holds' | 'names'>> = {},
): Field => ({ name, type, of: 'segment', about, values: single(read), ...more });

/** A field with one number a packet. */
export const ofPacket = (name: string, type: NumericField['type'], about: string, read: Single): Field => ({
  name,
  type,
  of: 'packet',
  about,
  values: single(read),
});

/** A field with two numbers a segment. */
export const eitherOf = (
  name: string,
  type: Extract<FieldType, 'port' | 'address'>,
  about: string,
  first: Single,
  second: Single,
): Field => ({
  name,
  type,
  of: 'segment',
  about,
  values: (sources) => {
    const [one, other] = [first(sources), second(sources)];
    return (row, test) => test(one(row)) || test(other(row));
  },
});

const connectionOf = ({ tracker }: FieldSources, segment: number): number => tracker.segments.flow[segment]! >> 1;

/** Direction in which a segment goes: 0 from endpoint A, 1 from B. */
const directionOf = ({ tracker }: FieldSources, segment: number): number => tracker.segments.flow[segment]! & 1;

const clientDirection = (sources: FieldSources, segment: number): number =>
  sources.tracker.connections.clientDirection(connectionOf(sources, segment));

/** Address and port of endpoint A (0) or B (1) of a segment's connection. */
function addressOf(sources: FieldSources, segment: number, end: number): number {
  const { connections } = sources.tracker;
  const connection = connectionOf(sources, segment);
  return addressKey(connections.family(connection), connections.address(connection, end));
}

function portOf(sources: FieldSources, segment: number, end: number): number {
  const ports = sources.tracker.connections.ports(connectionOf(sources, segment));
  return end === 0 ? ports >>> 16 : ports & 0xffff;
}

export const sourcePort: Single = (s) => (segment) => portOf(s, segment, directionOf(s, segment));
export const destinationPort: Single = (s) => (segment) => portOf(s, segment, 1 - directionOf(s, segment));
const sourceAddress: Single = (s) => (segment) => addressOf(s, segment, directionOf(s, segment));
const destinationAddress: Single = (s) => (segment) => addressOf(s, segment, 1 - directionOf(s, segment));

/** Flags are not known of a header that is cut, and of a line that does not tell them. */
const hasFlags = (segments: SegmentTable, segment: number): boolean =>
  (segments.bits[segment]! & CUT_HEADER) === 0 && (segments.absentOf(segment) & NO_FLAGS) === 0;

const hasWindow = (segments: SegmentTable, segment: number): boolean =>
  hasFlags(segments, segment) && (segments.absentOf(segment) & NO_WINDOW) === 0;

export const packetNumber: Single =
  ({ frames }) =>
  (frame) =>
    frames.numbers.of(frame);
/** Packets of an interface without a clock have no time. */
export const packetTime: Single =
  ({ frames, interfaceOf }) =>
  (frame) =>
    frames.untimed || interfaceOf(frame).untimed === true ? NaN : frames.elapsedNs(0, frame);
export const originalBytes: Single =
  ({ frames }) =>
  (frame) =>
    frames.originalOf(frame);

export const connectionNumber: Single = (s) => (segment) => connectionOf(s, segment);
export const payloadBytes: Single =
  ({ tracker: { segments } }) =>
  (segment) =>
    segments.payloadBytes.of(segment) < 0 ? NaN : segments.payloadBytes.of(segment);
export const relativeSequence: Single =
  ({ tracker }) =>
  (segment) =>
    tracker.segments.absentOf(segment) & (NO_SEQ | NO_FLAGS) ? NaN : relativeSeq(tracker, segment);
export const rawSequence: Single =
  ({ tracker: { segments } }) =>
  (segment) =>
    segments.absentOf(segment) & (NO_SEQ | NO_FLAGS | NO_SEQ_BASE) ? NaN : u32(segments.seq[segment]!);
export const relativeAcknowledgment: Single =
  ({ tracker }) =>
  (segment) =>
    tracker.segments.absentOf(segment) & (NO_ACK | NO_FLAGS) ? NaN : relativeAck(tracker, segment);
export const rawAcknowledgment: Single =
  ({ tracker: { segments } }) =>
  (segment) =>
    segments.absentOf(segment) & (NO_ACK | NO_FLAGS | NO_ACK_BASE) ? NaN : u32(segments.ack[segment]!);
export const rawWindow: Single =
  ({ tracker: { segments } }) =>
  (segment) =>
    hasWindow(segments, segment) ? segments.window[segment]! : NaN;
/** The window in bytes, NaN while its scale is not known. */
export const window: Single =
  ({ tracker }) =>
  (segment) =>
    hasWindow(tracker.segments, segment) ? (scaledWindow(tracker, segment) ?? NaN) : NaN;
export const flagBits: Single =
  ({ tracker: { segments } }) =>
  (segment) =>
    hasFlags(segments, segment) ? segments.bits[segment]! & FLAG_BITS : NaN;
export const bytesInFlight: Single =
  ({ tracker: { segments } }) =>
  (segment) =>
    segments.inFlight[segment] === 0 ? NaN : u32(segments.inFlight[segment]!);
export const ackRtt: Single =
  ({ tracker }) =>
  (segment) => {
    const acked = tracker.segments.acked[segment]!;
    const elapsed = acked < 0 ? 0 : tracker.elapsedNs(acked, segment);
    return elapsed === 0 ? NaN : elapsed;
  };
export const ackedPacket: Single =
  ({ tracker }) =>
  (segment) => {
    const acked = tracker.segments.acked[segment]!;
    return acked < 0 ? NaN : tracker.packetOf(acked);
  };

/** Since the segment before in the connection; 0 for its first. */
export const sincePrevious: Single =
  ({ tracker, previous }) =>
  (segment) => {
    const before = previous(segment);
    return before < 0 ? 0 : tracker.elapsedNs(before, segment);
  };
export const sinceFirst: Single =
  ({ tracker }) =>
  (segment) => {
    const first = tracker.connections.firstSegment(tracker.segments.flow[segment]! >> 1);
    return tracker.elapsedNs(first, segment);
  };

/** 1 where any of the bits is in the notes, NaN where none is: there or not. */
export const hasNote =
  (bits: number): Single =>
  ({ tracker: { segments } }) =>
  (segment) =>
    segments.notes[segment]! & bits ? 1 : NaN;

export const hasFlag =
  (bit: number): Single =>
  ({ tracker: { segments } }) =>
  (segment) =>
    hasFlags(segments, segment) ? (segments.bits[segment]! & bit ? 1 : 0) : NaN;

const state = (side: 'client' | 'server', name: string, about: string): Field => ({
  name,
  type: 'choice',
  of: 'segment',
  about,
  names: STATES,
  needs: 'states',
  values: single(({ states }) => (segment) => {
    const found = states[side](segment);
    return found === UNKNOWN_STATE ? NaN : found;
  }),
});

const note = (kind: WiresharkNoteKind): Field =>
  ofSegment(
    `note.${kind}`,
    'boolean',
    NOTE_ABOUT[kind],
    ({ tracker: { segments } }) =>
      (segment) =>
        segments.notes[segment]! & noteBit(kind) ? 1 : 0,
    { holds: true },
  );

const NOTE_ABOUT: Readonly<Record<WiresharkNoteKind, string>> = {
  retransmission: 'Data that had been sent before, after a timeout',
  'fast-retransmission': 'Data sent again after duplicate acknowledgments',
  'spurious-retransmission': 'Data sent again that had been acknowledged',
  'out-of-order': 'Data that arrived after later data',
  'lost-segment': 'A segment before this one was not captured',
  'ack-lost-segment': 'Acknowledges a segment that was not captured',
  'duplicate-ack': 'The same acknowledgment again',
  'keep-alive': 'Asks whether the other side is still there',
  'keep-alive-ack': 'Answers a keep-alive',
  'zero-window': 'The sender’s receive buffer is full',
  'zero-window-probe': 'Asks whether a closed window is open again',
  'zero-window-probe-ack': 'Answers a zero-window probe',
  'window-update': 'Announces a new window and nothing else',
  'window-full': 'Fills the receiver’s window',
  'reused-ports': 'Opens a connection between ports that had one before',
};

const flag = (name: string, about: string): Field =>
  ofSegment(`flags.${name.toLowerCase()}`, 'boolean', about, hasFlag(1 << FLAG_NAMES.findIndex((n) => n === name)), {
    holds: true,
  });

/** Our own fields, one line each. */
export const OWN_FIELDS: readonly Field[] = [
  ofPacket('packet', 'number', 'Packet number', packetNumber),
  ofPacket('time', 'time', 'Since the first packet', packetTime),
  ofPacket('bytes', 'number', 'Length of the packet on the wire', originalBytes),
  ofSegment('connection', 'number', 'Number of the connection', connectionNumber),
  ofSegment(
    'from',
    'choice',
    'Which side sent the segment',
    (s) => (segment) => (directionOf(s, segment) === clientDirection(s, segment) ? 0 : 1),
    { names: ['client', 'server'] },
  ),
  eitherOf('address', 'address', 'Address of either end', sourceAddress, destinationAddress),
  ofSegment(
    'address.client',
    'address',
    'Address of the client',
    (s) => (segment) => addressOf(s, segment, clientDirection(s, segment)),
  ),
  ofSegment(
    'address.server',
    'address',
    'Address of the server',
    (s) => (segment) => addressOf(s, segment, 1 - clientDirection(s, segment)),
  ),
  eitherOf('port', 'port', 'Port of either end', sourcePort, destinationPort),
  ofSegment(
    'port.client',
    'port',
    'Port of the client',
    (s) => (segment) => portOf(s, segment, clientDirection(s, segment)),
  ),
  ofSegment(
    'port.server',
    'port',
    'Port of the server',
    (s) => (segment) => portOf(s, segment, 1 - clientDirection(s, segment)),
  ),
  ofSegment('len', 'number', 'Payload in bytes', payloadBytes),
  ofSegment('seq', 'number', 'Sequence number, relative', relativeSequence),
  ofSegment('ack', 'number', 'Acknowledgment number, relative, where the flag is set', (sources) => {
    const acknowledgment = relativeAcknowledgment(sources);
    return (segment) => (sources.tracker.segments.bits[segment]! & ACK ? acknowledgment(segment) : NaN);
  }),
  ofSegment('win', 'number', 'Window in bytes, where its scale is known', window),
  ofSegment('flags', 'flags', 'The flags that are set', flagBits),
  flag('SYN', 'Synchronise: opens a connection'),
  flag('ACK', 'The acknowledgment number counts'),
  flag('FIN', 'No more data from the sender'),
  flag('RST', 'Resets the connection'),
  flag('PSH', 'Push: hand the data over now'),
  flag('URG', 'The urgent pointer counts'),
  flag('ECE', 'ECN echo'),
  flag('CWR', 'Congestion window reduced'),
  flag('AE', 'Accurate ECN'),
  ofSegment('delta', 'time', 'Since the segment before in the connection', sincePrevious),
  ofSegment('time.connection', 'time', 'Since the first segment of the connection', sinceFirst),
  ofSegment('rtt', 'time', 'From a segment to this, its acknowledgment', ackRtt),
  ofSegment('acks', 'number', 'Packet that this acknowledges to its last byte', ackedPacket),
  ofSegment('inflight', 'number', 'Bytes sent and not yet acknowledged', bytesInFlight),
  state('client', 'state.client', 'State of the client after the segment'),
  state('server', 'state.server', 'State of the server after the segment'),
  {
    name: 'note',
    type: 'choice',
    of: 'segment',
    about: 'A finding about the segment; alone: any',
    names: WIRESHARK_NOTES,
    values: ({ tracker: { segments } }) => {
      return (segment, test) => {
        for (let bits = segments.notes[segment]!; bits !== 0; bits &= bits - 1)
          if (test(31 - Math.clz32(bits & -bits))) return true;
        return false;
      };
    },
  },
  ofSegment(
    'problem',
    'boolean',
    'A finding that is a problem, or a reset',
    ({ tracker }) =>
      (segment) =>
        tracker.segments.notes[segment]! & tracker.problemBits || tracker.segments.bits[segment]! & 4 ? 1 : 0,
    { holds: true },
  ),
  ...WIRESHARK_NOTES.map(note),
  ofSegment(
    'checksum',
    'choice',
    'Verdict on the TCP checksum',
    ({ tracker: { segments } }) =>
      (segment) =>
        (segments.bits[segment]! >> CHECKSUM_SHIFT) & 3,
    { names: CHECKSUM_VERDICTS },
  ),
  {
    name: 'payload',
    type: 'bytes',
    of: 'segment',
    about: 'The payload’s captured bytes',
    reads: true,
    values:
      ({ payload }) =>
      (segment, test) => {
        const bytes = payload(segment);
        return bytes !== null && bytes.length > 0 && test(bytes);
      },
  },
];
