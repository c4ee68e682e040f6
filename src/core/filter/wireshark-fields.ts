import { IPV4, IPV6 } from '../model/facts';
import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../model/flags';
import { type WiresharkNoteKind, noteBit, WIRESHARK_NOTES } from '../model/segment';
import type { PairVisitor } from '../query/layer-index';
import { relativeSeq } from '../query/segment-numbers';
import { SHIFT_NONE, SHIFT_UNKNOWN } from '../tcp/endpoint';
import { PROTOCOLS } from '../wire/registry';
import { addressKey } from './addresses';
import type { Field, FieldSources, Values } from './field';
import {
  ackedPacket,
  ackRtt,
  bytesInFlight,
  connectionNumber,
  destinationPort,
  eitherOf,
  flagBits,
  hasFlag,
  hasNote,
  ofPacket,
  ofSegment,
  originalBytes,
  packetNumber,
  packetTime,
  payloadBytes,
  rawAcknowledgment,
  rawSequence,
  rawWindow,
  relativeAcknowledgment,
  relativeSequence,
  sinceFirst,
  sincePrevious,
  sourcePort,
  type Single,
  window,
} from './fields';

type Ends = 'source' | 'destination' | 'either';
type NumberTest = (value: number) => boolean;

/** Gives a test the chosen ends of a pair; `key` makes the number that the field is compared by. */
function visitor(ends: Ends, test: NumberTest, key: (family: number, end: number) => number): PairVisitor {
  if (ends === 'source') return (family, source) => test(key(family, source));
  if (ends === 'destination') return (family, _, destination) => test(key(family, destination));
  return (family, source, destination) => test(key(family, source)) || test(key(family, destination));
}

/** A field of every IP header of one version in a packet. */
const ipAddress = (name: string, about: string, version: number, ends: Ends): Field => ({
  name,
  type: 'address',
  of: 'packet',
  about,
  needs: 'layers',
  values: ({ layers }) =>
    visiting(
      (frame, visit) => layers.someIp(frame, visit),
      (test) => {
        const visit = visitor(ends, test, addressKey);
        return (family, source, destination) => family === version && visit(family, source, destination);
      },
    ),
});

const udpPort = (name: string, about: string, ends: Ends): Field => ({
  name,
  type: 'port',
  of: 'packet',
  about,
  needs: 'layers',
  values: ({ layers }) =>
    visiting(
      (frame, visit) => layers.someUdp(frame, visit),
      (test) => visitor(ends, test, (_, port) => port),
    ),
});

/** Values of pairs. The visitor of a test is made once: a filter has one test a field, and calls it for every packet. */
function visiting(
  some: (frame: number, visit: PairVisitor) => boolean,
  visitorOf: (test: NumberTest) => PairVisitor,
): Values<number> {
  let test: NumberTest | null = null;
  let visit: PairVisitor = () => false;
  return (frame, asked) => {
    if (asked !== test) {
      test = asked;
      visit = visitorOf(asked);
    }
    return some(frame, visit);
  };
}

const noted = (name: string, about: string, ...kinds: readonly WiresharkNoteKind[]): Field =>
  ({
    ...ofSegment(
      `tcp.analysis.${name}`,
      'number',
      about,
      hasNote(kinds.reduce((bits, kind) => bits | noteBit(kind), 0)),
    ),
    type: 'presence',
  }) as Field;

const flag = (name: string, bit: number, about: string): Field =>
  ofSegment(`tcp.flags.${name}`, 'boolean', about, hasFlag(bit));

const protocol = (id: string, name: string, index: number): Field => ({
  name: id,
  type: 'presence',
  of: 'packet',
  about: name,
  needs: 'layers',
  values:
    ({ layers }) =>
    (frame, test) =>
      layers.protocols(frame).includes(index) && test(1),
});

const reading = (
  name: string,
  of: Field['of'],
  about: string,
  read: (sources: FieldSources) => (row: number) => Uint8Array | null,
): Field => ({
  name,
  type: 'bytes',
  of,
  about,
  reads: true,
  values: (sources) => {
    const bytes = read(sources);
    return (row, test) => {
      const found = bytes(row);
      return found !== null && found.length > 0 && test(found);
    };
  },
});

const detail =
  (
    kind: WiresharkNoteKind,
    read: (number: number, other: number, sources: FieldSources, segment: number) => number,
  ): Single =>
  (sources) =>
  (segment) => {
    const { segments, details } = sources.tracker;
    if ((segments.notes[segment]! & noteBit(kind)) === 0) return NaN;
    const found = details.find(segment);
    return found === null ? NaN : read(found.number, found.other, sources, segment);
  };

/** What Wireshark multiplies windows by; -1 is unknown, -2 is not used. It has none in a SYN. */
const scaleFactor: Single =
  ({ tracker }) =>
  (segment) => {
    const { flow, bits } = tracker.segments;
    if (bits[segment]! & SYN) return NaN;
    const shift = tracker.shift(flow[segment]! >> 1, flow[segment]! & 1);
    return shift === SHIFT_UNKNOWN ? -1 : shift === SHIFT_NONE ? -2 : 2 ** shift;
  };

/** Wireshark's fields that mean here what they mean there (4.0), one line each. */
export const WIRESHARK_FIELDS: readonly Field[] = [
  ofPacket('frame.number', 'number', 'Packet number', packetNumber),
  ofPacket('frame.time_relative', 'time', 'Since the first packet', packetTime),
  ofPacket('frame.time_delta', 'time', 'Since the packet before', (sources) => {
    const time = packetTime(sources);
    return (frame) => (frame === 0 ? time(0) : time(frame) - time(frame - 1));
  }),
  ofPacket('frame.len', 'number', 'Length of the packet on the wire', originalBytes),
  ofPacket(
    'frame.cap_len',
    'number',
    'Bytes of the packet that were captured',
    ({ frames }) =>
      (frame) =>
        frames.captured.of(frame),
  ),
  {
    name: 'frame.comment',
    type: 'string',
    of: 'packet',
    about: 'A comment on the packet',
    values:
      ({ comments }) =>
      (frame, test) =>
        comments(frame).some(test),
  },
  {
    name: 'frame.interface_name',
    type: 'string',
    of: 'packet',
    about: 'The interface that the packet was captured at',
    values:
      ({ interfaceOf }) =>
      (frame, test) => {
        const { name } = interfaceOf(frame);
        return name !== null && test(name);
      },
  },
  reading('frame', 'packet', 'The packet’s captured bytes', ({ frameBytes }) => frameBytes),
  ipAddress('ip.addr', 'Source or destination address', IPV4, 'either'),
  ipAddress('ip.src', 'Source address', IPV4, 'source'),
  ipAddress('ip.dst', 'Destination address', IPV4, 'destination'),
  ipAddress('ipv6.addr', 'Source or destination address', IPV6, 'either'),
  ipAddress('ipv6.src', 'Source address', IPV6, 'source'),
  ipAddress('ipv6.dst', 'Destination address', IPV6, 'destination'),
  udpPort('udp.port', 'Source or destination port', 'either'),
  udpPort('udp.srcport', 'Source port', 'source'),
  udpPort('udp.dstport', 'Destination port', 'destination'),
  eitherOf('tcp.port', 'port', 'Source or destination port', sourcePort, destinationPort),
  ofSegment('tcp.srcport', 'port', 'Source port', sourcePort),
  ofSegment('tcp.dstport', 'port', 'Destination port', destinationPort),
  ofSegment('tcp.stream', 'number', 'Number of the connection', connectionNumber),
  ofSegment('tcp.len', 'number', 'Payload in bytes', payloadBytes),
  ofSegment('tcp.seq', 'number', 'Sequence number, relative', relativeSequence),
  ofSegment('tcp.seq_raw', 'number', 'Sequence number as on the wire', rawSequence),
  ofSegment('tcp.nxtseq', 'number', 'Sequence number that follows, relative', ({ tracker }) => (segment) => {
    const { payloadBytes: length, bits } = tracker.segments;
    if (length.of(segment) < 0) return NaN;
    const octets = bits[segment]! & (SYN | FIN) ? 1 : 0;
    return (relativeSeq(tracker, segment) + length.of(segment) + octets) % 2 ** 32;
  }),
  ofSegment('tcp.ack', 'number', 'Acknowledgment number, relative', relativeAcknowledgment),
  ofSegment('tcp.ack_raw', 'number', 'Acknowledgment number as on the wire', rawAcknowledgment),
  ofSegment('tcp.flags', 'flags', 'The flags that are set', flagBits),
  flag('fin', FIN, 'No more data from the sender'),
  flag('syn', SYN, 'Synchronise: opens a connection'),
  flag('reset', RST, 'Resets the connection'),
  flag('push', PSH, 'Push: hand the data over now'),
  flag('ack', ACK, 'The acknowledgment number counts'),
  flag('urg', URG, 'The urgent pointer counts'),
  flag('ece', ECE, 'ECN echo'),
  flag('cwr', CWR, 'Congestion window reduced'),
  flag('ae', AE, 'Accurate ECN'),
  ofSegment('tcp.window_size_value', 'number', 'Window as on the wire', rawWindow),
  ofSegment('tcp.window_size', 'number', 'Window in bytes; as on the wire where its scale is not known', (sources) => {
    const [scaled, raw] = [window(sources), rawWindow(sources)];
    return (segment) => {
      const bytes = scaled(segment);
      return Number.isNaN(bytes) ? raw(segment) : bytes;
    };
  }),
  ofSegment(
    'tcp.window_size_scalefactor',
    'number',
    'What the window is multiplied by; -1 unknown, -2 not used',
    scaleFactor,
  ),
  ofSegment(
    'tcp.completeness',
    'number',
    'Parts of the connection: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST',
    ({ tracker }) =>
      (segment) =>
        tracker.connections.completeness(tracker.segments.flow[segment]! >> 1),
  ),
  ofSegment('tcp.time_delta', 'time', 'Since the segment before in the connection', sincePrevious),
  ofSegment('tcp.time_relative', 'time', 'Since the first segment of the connection', sinceFirst),
  reading(
    'tcp.payload',
    'segment',
    'The payload’s captured bytes, but not of a reset',
    ({ payload, tracker: { segments } }) =>
      (segment) =>
        segments.bits[segment]! & RST ? null : payload(segment),
  ),
  noted('flags', 'Any finding', ...WIRESHARK_NOTES),
  noted(
    'retransmission',
    'Data sent again, for whatever reason',
    'retransmission',
    'fast-retransmission',
    'spurious-retransmission',
  ),
  noted('fast_retransmission', 'Data sent again after duplicate acknowledgments', 'fast-retransmission'),
  noted('spurious_retransmission', 'Data sent again that had been acknowledged', 'spurious-retransmission'),
  noted('out_of_order', 'Data that arrived after later data', 'out-of-order'),
  noted('lost_segment', 'A segment before this one was not captured', 'lost-segment'),
  noted('ack_lost_segment', 'Acknowledges a segment that was not captured', 'ack-lost-segment'),
  noted('duplicate_ack', 'The same acknowledgment again', 'duplicate-ack'),
  noted('keep_alive', 'Asks whether the other side is still there', 'keep-alive'),
  noted('keep_alive_ack', 'Answers a keep-alive', 'keep-alive-ack'),
  noted('zero_window', 'The sender’s receive buffer is full', 'zero-window'),
  noted('zero_window_probe', 'Asks whether a closed window is open again', 'zero-window-probe'),
  noted('zero_window_probe_ack', 'Answers a zero-window probe', 'zero-window-probe-ack'),
  noted('window_update', 'Announces a new window and nothing else', 'window-update'),
  noted('window_full', 'Fills the receiver’s window', 'window-full'),
  noted('reused_ports', 'Opens a connection between ports that had one before', 'reused-ports'),
  ofSegment(
    'tcp.analysis.duplicate_ack_num',
    'number',
    'Position in a series of duplicate acknowledgments',
    detail('duplicate-ack', (number) => number),
  ),
  ofSegment(
    'tcp.analysis.duplicate_ack_frame',
    'number',
    'Packet that a duplicate acknowledgment repeats',
    detail('duplicate-ack', (_, other, { tracker }) => (other < 0 ? 0 : tracker.packetOf(other))),
  ),
  ofSegment(
    'tcp.analysis.rto',
    'time',
    'From the segment before to this, its retransmission',
    detail('retransmission', (_, other, { tracker }, segment) => {
      const elapsed = other < 0 ? 0 : tracker.elapsedNs(other, segment);
      return elapsed === 0 ? NaN : elapsed;
    }),
  ),
  ofSegment('tcp.analysis.acks_frame', 'number', 'Packet that this acknowledges to its last byte', ackedPacket),
  ofSegment('tcp.analysis.ack_rtt', 'time', 'From a segment to this, its acknowledgment', ackRtt),
  ofSegment('tcp.analysis.bytes_in_flight', 'number', 'Bytes sent and not yet acknowledged', bytesInFlight),
  ...PROTOCOLS.map(({ id, name }, index) => protocol(id, name, index)),
];
