import { NO_FLAGS, NO_WINDOW } from '../model/facts';
import { RST, SYN, URG } from '../model/flags';
import { type Endpoint, SHIFT_NONE } from './endpoint';
import { begin, observe, Observed } from './observe';
import {
  type DetailTable,
  FLAG_BITS,
  MEETS_OLDER,
  OLD_TIMESTAMP,
  type SackTable,
  type SegmentTable,
  TEXT_TAKEN,
  TEXT_UNDELIVERED,
  UNDELIVERED,
  WITH_SACK,
} from './tables';

/** Where the segments are that the tracker has seen: its columns, and what few segments have. */
export interface SeenSegments {
  readonly segments: SegmentTable;
  readonly sacks: SackTable;
  readonly urgent: DetailTable;
  readonly options: DetailTable;
  offeredShift(connection: number, direction: number, segment: number): number;
  /** Gives an endpoint what it has in the connection before this one, if it has one still. */
  resumeOlder(connection: number, direction: number, own: Endpoint, peer: Endpoint): void;
}

/** Fills `observed` with a segment that the tracker has seen. */
export function loadObserved(seen: SeenSegments, segment: number, observed: Observed): void {
  const { segments: table } = seen;
  const flow = table.flow[segment]!;
  const bits = table.bits[segment]!;
  observed.seq = table.seq[segment]!;
  observed.ack = table.ack[segment]!;
  observed.flags = bits & FLAG_BITS;
  const absent = table.absentOf(segment);
  observed.window = absent & NO_WINDOW ? -1 : table.window[segment]!;
  observed.len = absent & NO_FLAGS ? -1 : table.payloadBytes.of(segment);
  observed.urgentPointer = observed.flags & URG ? (seen.urgent.find(segment)?.number ?? 0) : 0;
  observed.hasOldTimestamp = (table.notes[segment]! & OLD_TIMESTAMP) !== 0;
  observed.undelivered = (bits & UNDELIVERED) !== 0;
  observed.textUndelivered = (bits & TEXT_UNDELIVERED) !== 0;
  observed.textTaken = (table.notes[segment]! & TEXT_TAKEN) !== 0;
  observed.meetsOlder = (table.notes[segment]! & MEETS_OLDER) !== 0;
  observed.sackBlocks = bits & WITH_SACK ? seen.sacks.read(segment, observed.sack) : 0;
  const options = seen.options.length === 0 ? null : seen.options.find(segment);
  observed.multipathSubtypes = options?.number ?? 0;
  observed.shift =
    (observed.flags & (SYN | RST)) === SYN
      ? seen.offeredShift(flow >> 1, flow & 1, segment)
      : (options?.other ?? SHIFT_NONE);
}

/** Moves endpoints again by segments that the tracker has seen. */
export class Replay {
  private readonly observed = new Observed();

  constructor(private readonly seen: SeenSegments) {}

  /** Sets both endpoints to what they were before `segment`, the first of its connection. */
  begin(segment: number, sender: Endpoint, receiver: Endpoint): void {
    const observed = this.observedOf(segment);
    begin(sender, receiver, observed);
    if (!observed.meetsOlder) return;
    const flow = this.seen.segments.flow[segment]!;
    this.seen.resumeOlder(flow >> 1, 1 - (flow & 1), receiver, sender);
  }

  /** Moves both endpoints by `segment`. Returns what became of it at the receiver, -1 where its length is not known. */
  move(segment: number, sender: Endpoint, receiver: Endpoint): number {
    const observed = this.observedOf(segment);
    return observed.len < 0 ? -1 : observe(sender, receiver, observed);
  }

  /** The segment as endpoints and judges see it; the object is reused for the next one. */
  observedOf(segment: number): Observed {
    loadObserved(this.seen, segment, this.observed);
    return this.observed;
  }
}
