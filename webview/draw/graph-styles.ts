import { type Message, message } from '../../src/core/model/message';
import type { GraphData, GraphKind, GraphLineKind, GraphMarkKind } from '../../src/core/model/graph';

/** How marks of time–sequence graphs are drawn: as Stevens does (a dot a segment) or as tcptrace does. */
export const SEQUENCE_STYLES = ['tcptrace', 'stevens'] as const;
export type SequenceStyle = (typeof SEQUENCE_STYLES)[number];

/** Each has a place in the theme, see css/base.css; `text` is the foreground. */
export const COLOUR_NAMES = ['text', 'dim', 'blue', 'green', 'yellow', 'orange', 'red', 'purple'] as const;
export type ColourName = (typeof COLOUR_NAMES)[number];

/** No two in one graph look the same without their colours: lines differ by dashes, marks by shape. */
export type LineShape = 'solid' | 'dashed' | 'dotted' | 'dots' | 'rings';
export type MarkShape =
  | 'bar'
  | 'cross'
  | 'triangle'
  | 'diamond'
  | 'square'
  | 'ring'
  | 'star'
  | 'thick-bar'
  | 'hollow-bar'
  | 'tick'
  | 'triangle-down';

export interface Style<Shape> {
  readonly colour: ColourName;
  readonly shape: Shape;
  readonly name: Message;
  readonly meaning: Message;
}

export const LINE_STYLES: Readonly<Record<GraphLineKind, Style<LineShape>>> = {
  ack: {
    colour: 'green',
    shape: 'solid',
    name: message('Acknowledged'),
    meaning: message('The receiver has everything below this line.'),
  },
  edge: {
    colour: 'yellow',
    shape: 'dashed',
    name: message('Right edge of the window'),
    meaning: message('Acknowledgment number plus window: nothing may be sent above this line.'),
  },
  rtt: {
    colour: 'blue',
    shape: 'dots',
    name: message('Round trip'),
    meaning: message('From a segment that was sent once to the ACK of its last byte (Karn’s rule).'),
  },
  'ambiguous-rtt': {
    colour: 'orange',
    shape: 'rings',
    name: message('Ambiguous round trip'),
    meaning: message(
      'The segment had been sent more than once: which time is acknowledged cannot be told. Counts for nothing.',
    ),
  },
  srtt: {
    colour: 'green',
    shape: 'solid',
    name: message('SRTT'),
    meaning: message('The smoothed round trip of RFC 6298.'),
  },
  rto: {
    colour: 'yellow',
    shape: 'dashed',
    name: message('RTO'),
    meaning: message(
      'The retransmission timeout of RFC 6298 that follows, at least 200 ms above the round trip as in Linux.',
    ),
  },
  throughput: {
    colour: 'blue',
    shape: 'solid',
    name: message('Throughput'),
    meaning: message('Payload sent, retransmissions included.'),
  },
  goodput: {
    colour: 'green',
    shape: 'dashed',
    name: message('Goodput'),
    meaning: message('Payload acknowledged for the first time.'),
  },
  flight: {
    colour: 'blue',
    shape: 'solid',
    name: message('Bytes in flight'),
    meaning: message('Sent, and neither acknowledged nor reported by SACK.'),
  },
  window: {
    colour: 'yellow',
    shape: 'dashed',
    name: message('Receiver’s window'),
    meaning: message('What the receiver advertises, scaled.'),
  },
  'congestion-window': {
    colour: 'purple',
    shape: 'dotted',
    name: message('Congestion window (estimate)'),
    meaning: message(
      'An estimate: the most in flight within a round trip that neither the receiver’s window nor the application limited.',
    ),
  },
  'raw-window': {
    colour: 'blue',
    shape: 'solid',
    name: message('Window field'),
    meaning: message('The number in the header, before it is scaled.'),
  },
};

export const MARK_STYLES: Readonly<Record<GraphMarkKind, Style<MarkShape>>> = {
  data: {
    colour: 'blue',
    shape: 'bar',
    name: message('Data'),
    meaning: message('From the first to the last number of a segment.'),
  },
  retransmission: {
    colour: 'orange',
    shape: 'cross',
    name: message('Retransmission'),
    meaning: message('Sent again.'),
  },
  'fast-retransmission': {
    colour: 'orange',
    shape: 'triangle',
    name: message('Fast retransmission'),
    meaning: message('Sent again after duplicate ACKs, without waiting for the timeout.'),
  },
  'spurious-retransmission': {
    colour: 'purple',
    shape: 'diamond',
    name: message('Spurious retransmission'),
    meaning: message('Sent again although it had been acknowledged.'),
  },
  'out-of-order': {
    colour: 'yellow',
    shape: 'square',
    name: message('Out of order'),
    meaning: message('Captured after numbers that follow it.'),
  },
  probe: {
    colour: 'dim',
    shape: 'ring',
    name: message('Keep-alive or zero-window probe'),
    meaning: message('Asks whether the other end is there, or has room.'),
  },
  reset: { colour: 'red', shape: 'star', name: message('Reset'), meaning: message('RST: the connection is given up.') },
  sack: {
    colour: 'purple',
    shape: 'thick-bar',
    name: message('SACK'),
    meaning: message('The receiver has this, beyond a gap.'),
  },
  'duplicate-sack': {
    colour: 'purple',
    shape: 'hollow-bar',
    name: message('DSACK'),
    meaning: message('The receiver got this twice (RFC 2883).'),
  },
  'duplicate-ack': {
    colour: 'green',
    shape: 'tick',
    name: message('Duplicate ACK'),
    meaning: message('Acknowledges the same again: something is missing.'),
  },
  'zero-window': {
    colour: 'red',
    shape: 'triangle-down',
    name: message('Zero window'),
    meaning: message('The receiver has no room left.'),
  },
};

export interface GraphTitle {
  readonly graph: GraphKind;
  readonly name: string;
}

/** The graphs, in the order in which they are offered. */
export const GRAPH_TITLES: readonly GraphTitle[] = [
  { graph: 'sequence', name: 'Time–sequence' },
  { graph: 'rtt', name: 'Round trip time' },
  { graph: 'throughput', name: 'Throughput and goodput' },
  { graph: 'flight', name: 'Bytes in flight' },
  { graph: 'window', name: 'Window scaling' },
];

/** What Stevens' graphs leave out: everything but the sender's segments. */
const OF_RECEIVER = new Set<GraphMarkKind>(['sack', 'duplicate-sack', 'duplicate-ack', 'zero-window']);

/** A graph as a style draws it. */
export function styled(data: GraphData, style: SequenceStyle): GraphData {
  if (data.graph !== 'sequence' || style === 'tcptrace') return data;
  return { ...data, lines: [], marks: data.marks.filter(({ kind }) => !OF_RECEIVER.has(kind)) };
}
