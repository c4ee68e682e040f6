import { RST, SYN, URG } from '../model/flags';
import { type Endpoint, SHIFT_NONE } from '../tcp/endpoint';
import { begin, observe, Observed } from '../tcp/observe';
import { FLAG_BITS, UNDELIVERED } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';

/** Moves endpoints again by segments that the tracker has seen, from its columns. */
export class Replay {
  private readonly observed = new Observed();

  constructor(private readonly tracker: Tracker) {}

  /** Sets both endpoints to what they were before `segment`, the first of its connection. */
  begin(segment: number, sender: Endpoint, receiver: Endpoint): void {
    this.load(segment);
    begin(sender, receiver, this.observed);
  }

  /** Moves both endpoints by `segment`. Returns what became of it at the receiver, -1 where its length is not known. */
  move(segment: number, sender: Endpoint, receiver: Endpoint): number {
    this.load(segment);
    return this.observed.len < 0 ? -1 : observe(sender, receiver, this.observed);
  }

  /** The segment as endpoints and judges see it; the object is reused for the next one. */
  observedOf(segment: number): Observed {
    this.load(segment);
    return this.observed;
  }

  private load(segment: number): void {
    const { tracker, observed } = this;
    const { segments: table } = tracker;
    const flow = table.flow[segment]!;
    observed.seq = table.seq[segment]!;
    observed.ack = table.ack[segment]!;
    observed.flags = table.bits[segment]! & FLAG_BITS;
    observed.window = table.window[segment]!;
    observed.len = table.payloadBytes[segment]!;
    observed.urgentPointer = observed.flags & URG ? (tracker.urgent.find(segment)?.number ?? 0) : 0;
    observed.undelivered = (table.bits[segment]! & UNDELIVERED) !== 0;
    const options = tracker.options.length === 0 ? null : tracker.options.find(segment);
    observed.multipathSubtypes = options?.number ?? 0;
    observed.shift =
      (observed.flags & (SYN | RST)) === SYN
        ? tracker.offeredShift(flow >> 1, flow & 1, segment)
        : (options?.other ?? SHIFT_NONE);
  }
}
