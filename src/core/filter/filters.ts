import type { AddressTable } from '../model/addresses';
import type { FilterProgress } from '../model/filter';
import { LayerIndex } from '../query/layer-index';
import type { PacketQueries } from '../query/packet-queries';
import { StateColumn } from '../query/state-column';
import type { FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { compile } from './compile';
import type { FieldSources } from './field';
import { parse } from './parser';
import { FilterRun, REPLAYED } from './run';

/** Filters whose results are kept: one for each view that looks, and the one before. */
const KEPT_RUNS = 4;

const NOTHING: FilterProgress = { faults: [], packets: 0, connections: 0, total: 0, share: 1, done: true };

/** The filters of one trace, by their texts. */
export class Filters {
  private readonly runs = new Map<string, FilterRun>();
  private readonly sources: FieldSources;
  private before = new Int32Array(0);

  constructor(
    frames: FrameTable,
    private readonly tracker: Tracker,
    addresses: AddressTable,
    packets: PacketQueries,
    comments: ReadonlyMap<number, readonly string[]>,
  ) {
    this.sources = {
      frames,
      tracker,
      addresses,
      layers: new LayerIndex(frames, tracker, addresses, packets),
      states: new StateColumn(tracker),
      previous: (segment) => this.previous(segment),
      payload(segment) {
        const facts = packets.facts(segment);
        return facts?.bytes.subarray(facts.payloadAt, facts.payloadAt + facts.payloadCaptured) ?? null;
      },
      frameBytes: (frame) => packets.bytes(frame),
      comments: (frame) => comments.get(frames.numbers.of(frame)) ?? [],
      interfaceOf: (frame) => packets.interfaceOf(frame),
    };
  }

  /** Captured payload of a segment; `null` where it cannot be had. */
  payload(segment: number): Uint8Array | null {
    return this.sources.payload(segment);
  }

  get states(): StateColumn {
    return this.sources.states;
  }

  /**
   * Does the next part of the work on a filter over the first `total` packets, and says how far it is. A filter that was
   * run over fewer starts over: what came since may have changed what was assumed. The empty filter finds nothing.
   */
  advance(text: string, total: number): FilterProgress {
    let run = this.run(text);
    if (run === null || run.total < total) {
      const { filter, faults } = parse(text);
      if (filter === null) return { ...NOTHING, faults };
      this.runs.delete(text);
      if (this.runs.size >= KEPT_RUNS) this.runs.delete(this.runs.keys().next().value!);
      run = new FilterRun(compile(filter, this.sources), this.sources, Math.min(total, this.sources.frames.length));
      this.runs.set(text, run);
    }
    run.step();
    const { length: packets, matchingConnections: connections, share, done } = run;
    return { faults: [], packets, connections, total: run.total, share, done };
  }

  /** Does the next part of replaying the states of all segments that there are now; returns how much is done, 0 to 1. */
  replayStates(): number {
    const { states } = this.sources;
    if (states.done && states.length < this.tracker.segments.length) states.restart();
    states.step(REPLAYED);
    return states.done ? 1 : Math.min(states.share, 0.999);
  }

  /** A filter that was asked to advance; `null` where it was not, or is forgotten. */
  run(text: string): FilterRun | null {
    const run = this.runs.get(text);
    if (run === undefined) return null;
    this.runs.delete(text);
    this.runs.set(text, run);
    return run;
  }

  private previous(segment: number): number {
    if (segment >= this.before.length) {
      const { segments } = this.tracker;
      this.before = new Int32Array(segments.length).fill(-1);
      for (let at = 0; at < segments.length; at++) if (segments.next[at]! >= 0) this.before[segments.next[at]!] = at;
    }
    return this.before[segment]!;
  }
}
