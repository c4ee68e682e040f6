import { type Message, message } from './message';

/** What findings about a whole capture are about, in the order in which they are read: the capture itself first. */
export const DIAGNOSIS_GROUPS = ['quality', 'attack', 'connectivity', 'performance'] as const;
export type DiagnosisGroup = (typeof DIAGNOSIS_GROUPS)[number];

/** How much a finding matters, most first. What is `info` is worth knowing and no alarm. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const DIAGNOSIS_KINDS = [
  'missing-handshakes',
  'cut-packets',
  'offload-segments',
  'partial-checksums',
  'bad-checksums',
  'duplicate-packets',
  'capture-drops',
  'one-sided',
  'clock-steps',
  'vantage-point',
  'syn-flood',
  'syn-flood-spoofed',
  'syn-cookies',
  'syn-scan',
  'connect-scan',
  'fin-scan',
  'null-scan',
  'xmas-scan',
  'ack-scan',
  'window-scan',
  'overlapping-payloads',
  'ack-storm',
  'foreign-segments',
  'reset-injection',
  'impersonated-host',
  'predictable-isn',
  'unpredictable-isn',
  'refused-attempts',
  'unanswered-attempts',
  'unreachable',
  'half-open-connections',
  'idle-cut',
  'resets',
  'slow-server',
  'slow-client',
  'slow-network',
  'delayed-handshakes',
  'zero-window-receiver',
  'retransmission-storm',
  'mtu-black-hole',
] as const;
export type DiagnosisKind = (typeof DIAGNOSIS_KINDS)[number];

/** A limit that somebody may set: `tcpTrace.diagnosis.<name>`. */
export interface Threshold {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** English; a key of the translation. */
  readonly title: Message;
  readonly unit: 'ms' | 's' | '%' | null;
}

const limit = (title: Message, value: number, minimum: number, maximum: number, unit: Threshold['unit'] = null) => ({
  default: value,
  minimum,
  maximum,
  title,
  unit,
});

/** Every threshold, in the order in which the settings list them. */
export const THRESHOLDS = {
  synFloodHalfOpen: limit(message('Half-open or unanswered attempts at one server at a time'), 20, 2, 1_000_000),
  synFloodUncompleted: limit(message('Share of attempts at it that are never completed'), 70, 1, 100, '%'),
  synFloodSources: limit(message('Sources from which on they are taken for spoofed'), 10, 2, 1_000_000),
  synFloodBacklog: limit(message('Backlog that the queue is drawn against'), 128, 1, 1_000_000),
  portScanPorts: limit(message('Ports of one host that one host probes'), 15, 3, 65_536),
  isnSamples: limit(message('Initial sequence numbers that are enough for a judgement'), 8, 4, 1000),
  ackStormSegments: limit(message('ACKs in turns that bring nothing new'), 20, 6, 100_000),
  foreignHops: limit(message('Hops by which a segment differs from others of its sender'), 2, 1, 64),
  missingHandshakes: limit(message('Share of connections whose handshake is missing'), 50, 1, 100, '%'),
  duplicatePackets: limit(message('Share of packets that were captured twice'), 5, 1, 100, '%'),
  captureDrops: limit(message('Share of segments that the capture lost'), 1, 1, 100, '%'),
  clockStep: limit(message('Step back of the clock'), 10, 1, 3_600_000, 'ms'),
  failedAttempts: limit(message('Failed attempts at one host'), 10, 1, 1_000_000),
  idleCut: limit(message('Silence after which a connection no longer works'), 60, 1, 86_400, 's'),
  slowServer: limit(
    message('Time that a server takes for an answer, or a client for the next request'),
    1000,
    1,
    3_600_000,
    'ms',
  ),
  slowNetwork: limit(message('Round trip time of handshakes'), 300, 1, 60_000, 'ms'),
  delayedHandshakes: limit(message('Handshakes with one server that took several tries'), 10, 1, 1_000_000),
  zeroWindow: limit(message('Time with a closed window'), 200, 1, 3_600_000, 'ms'),
  retransmissionStormSegments: limit(message('Retransmissions in one connection'), 20, 1, 1_000_000),
  retransmissionStormShare: limit(message('Share of its data segments that they are'), 10, 1, 100, '%'),
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof THRESHOLDS;
export type Thresholds = Readonly<Record<ThresholdName, number>>;
export const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as readonly ThresholdName[];

/** All thresholds: those that are given, kept within their bounds, and the defaults. */
export function thresholdsOf(given: Partial<Thresholds>): Thresholds {
  return Object.fromEntries(
    THRESHOLD_NAMES.map((name) => {
      const { default: standard, minimum, maximum } = THRESHOLDS[name];
      return [name, Math.min(maximum, Math.max(minimum, given[name] ?? standard))];
    }),
  ) as Thresholds;
}

/** A number that was held against a threshold. */
export interface Crossed {
  readonly threshold: ThresholdName;
  readonly limit: number;
  readonly found: number;
}

/** The estimated length of a server's queue of half-open connections. */
export interface QueueChart {
  readonly chart: 'half-open-queue';
  /** Nanoseconds since the capture's first packet, ascending, and the longest that the queue was from there to the next. */
  readonly times: readonly number[];
  readonly lengths: readonly number[];
  /** SYNs without an answer that arrived from there to the next. */
  readonly unanswered: readonly number[];
  readonly backlog: number;
}

/** Initial sequence numbers of a host over time. */
export interface IsnChart {
  readonly chart: 'isn';
  /** Nanoseconds since the capture's first packet. */
  readonly times: readonly number[];
  /** Unsigned. */
  readonly numbers: readonly number[];
  readonly packets: readonly number[];
}

export type DiagnosisChart = QueueChart | IsnChart;

/** Packets that a finding names at most. */
export const MAX_EVIDENCE = 12;

/** Something that a capture as a whole shows. */
export interface DiagnosisFinding {
  readonly kind: DiagnosisKind;
  readonly group: DiagnosisGroup;
  readonly severity: Severity;
  /** Name of the kind: "SYN flood". */
  readonly title: Message;
  /** What was found, with its numbers: one sentence. */
  readonly text: Message;
  /** What belongs to it, a sentence each. */
  readonly details: readonly Message[];
  /** 1-based packet numbers, ascending, at most {@link MAX_EVIDENCE}, and how many there are. */
  readonly packets: readonly number[];
  readonly packetsTotal: number;
  readonly crossed: readonly Crossed[];
  /** Where it comes from: a clause of an RFC. */
  readonly cites: string;
  /** What else looks like this. */
  readonly caution: Message;
  readonly chart: DiagnosisChart | null;
}

/** How far a diagnosis is, and what it has found once it is done. */
export interface DiagnosisProgress {
  readonly done: boolean;
  /** Segments that have been looked at, and all there are. */
  readonly walked: number;
  readonly segments: number;
  /** By group, most severe first; empty until it is done. */
  readonly findings: readonly DiagnosisFinding[];
  /** Findings that are left out: of one kind only so many are told. */
  readonly omitted: number;
}
