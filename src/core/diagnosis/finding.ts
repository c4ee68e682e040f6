import type {
  Crossed,
  DiagnosisChart,
  DiagnosisFinding,
  DiagnosisGroup,
  DiagnosisKind,
  Severity,
  ThresholdName,
} from '../model/diagnosis';
import { MAX_EVIDENCE } from '../model/diagnosis';
import type { Message } from '../model/message';
import type { DiagnosisContext } from './context';
import type { Walk } from './walk';

/** What is the same of all findings of a kind. */
export interface KindOf {
  readonly kind: DiagnosisKind;
  readonly title: Message;
  readonly cites: string;
  readonly caution: Message;
}

/** What a detector tells of an instance. */
export interface Told {
  readonly severity: Severity;
  readonly text: Message;
  readonly details?: readonly Message[];
  /** 1-based, in any order; may hold the same packet twice. */
  readonly packets: readonly number[];
  /** How many there are, where {@link packets} are only some. */
  readonly packetsTotal?: number;
  readonly crossed?: readonly Crossed[];
  readonly chart?: DiagnosisChart;
}

/** Told findings, and `null` wherever the work may be interrupted. */
export type Conclusion = Iterable<DiagnosisFinding | null>;

/** What looks at one capture. All but `conclude` is called in one walk over all connections, in their order. */
export interface Watcher {
  /** After the walk has taken a segment. */
  segment?(walk: Walk): void;
  /** At the end of a connection. */
  connection?(walk: Walk): void;
  conclude(): Conclusion;
}

/** One file and one line in the registry. */
export interface Detector {
  readonly group: DiagnosisGroup;
  readonly kinds: readonly KindOf[];
  watch(context: DiagnosisContext): Watcher;
}

/** Makes findings of a kind. */
export function finding(group: DiagnosisGroup, { kind, title, cites, caution }: KindOf, told: Told): DiagnosisFinding {
  const packets = [...new Set(told.packets)].sort((a, b) => a - b);
  return {
    kind,
    group,
    severity: told.severity,
    title,
    text: told.text,
    details: told.details ?? [],
    packets: packets.slice(0, MAX_EVIDENCE),
    packetsTotal: Math.max(told.packetsTotal ?? 0, packets.length),
    crossed: told.crossed ?? [],
    cites,
    caution,
    chart: told.chart ?? null,
  };
}

/** A number beside its threshold. */
export const crossed = (context: DiagnosisContext, threshold: ThresholdName, found: number): Crossed => ({
  threshold,
  limit: context.thresholds[threshold],
  found,
});

/** Packets or other things that show something, the first ones kept. */
export class Sample {
  total = 0;
  readonly kept: number[] = [];

  constructor(private readonly most = MAX_EVIDENCE) {}

  add(one: number): void {
    if (this.total++ < this.most) this.kept.push(one);
  }
}
