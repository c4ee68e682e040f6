import type { LayerPlace } from '../model/packet';
import type { Cursor } from './cursor';
import type { HeaderView } from './header-view';

/** One link type or protocol: how to step over its header and how to describe it. One file and one registry line each. */
export interface Protocol {
  /** Wireshark's name: `eth`, `ip`, `tcp`. Unique. */
  readonly id: string;
  readonly place: Extract<LayerPlace, 'capture' | 'link' | 'shim' | 'network' | 'transport' | 'tunnel'>;
  /** English name: "Internet Protocol Version 4". A key of the translation. */
  readonly name: string;
  /** What it answers to: codes of `next.ts`. */
  readonly claims: readonly number[];
  /**
   * Steps over the header at the cursor and returns what follows, or `END` where nothing that is decoded does. Reads
   * no byte at or past `cursor.end`. Runs once for every packet: no allocation.
   */
  readonly step: (cursor: Cursor) => number;
  /**
   * Writes the header's fields, those that were captured, and returns one line about it. `view` begins at the same
   * byte as the step before.
   */
  readonly describe: (view: HeaderView) => string;
}
