import type { AddressTable } from '../model/addresses';
import type { CaptureInterface } from '../model/capture';
import type { LayerIndex } from '../query/layer-index';
import type { StateColumn } from '../query/state-column';
import type { FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';

/**
 * Types of fields. Numbers, ports, times (nanoseconds), flags, booleans (0 and 1) and choices (an index into the field's
 * `names`) are numbers when they are read; addresses are keys of `addressKey`.
 */
export type FieldType =
  'number' | 'port' | 'time' | 'flags' | 'boolean' | 'choice' | 'address' | 'string' | 'bytes' | 'presence';

/** What must be made before a field can be read: the layers of all packets, the states of all segments. */
export type Need = 'layers' | 'states';

/** What fields are read from. */
export interface FieldSources {
  readonly frames: FrameTable;
  readonly tracker: Tracker;
  readonly addresses: AddressTable;
  readonly layers: LayerIndex;
  readonly states: StateColumn;
  /** The segment before another in its connection, -1 for the first. */
  readonly previous: (segment: number) => number;
  /** Captured payload of a segment, captured bytes of a frame; `null` where they cannot be had. */
  readonly payload: (segment: number) => Uint8Array | null;
  readonly frameBytes: (frame: number) => Uint8Array | null;
  readonly comments: (frame: number) => readonly string[];
  /** Where a frame was captured. */
  readonly interfaceOf: (frame: number) => CaptureInterface;
}

/** Calls `test` with a row's values until one holds. A row without a value has none that does. */
export type Values<T> = (row: number, test: (value: T) => boolean) => boolean;

interface FieldOf<Type extends FieldType, Value> {
  /** As it is typed. */
  readonly name: string;
  readonly type: Type;
  /** What has the values: a packet (0-based frame), or each of the segments in it. */
  readonly of: 'packet' | 'segment';
  /** What it is, in a few words. English; a key of the translation. */
  readonly about: string;
  readonly values: (sources: FieldSources) => Values<Value>;
  readonly needs?: Need;
  /** Alone it asks whether it is true; other fields, and Wireshark's truths, ask whether they are there. */
  readonly holds?: boolean;
  /** What a choice can be, by its index. */
  readonly names?: readonly string[];
  /** Reading it reads the packet again. */
  readonly reads?: boolean;
}

export type NumericField = FieldOf<'number' | 'port' | 'time' | 'flags' | 'boolean' | 'choice' | 'address', number>;
export type Field =
  | NumericField
  | FieldOf<'string', string>
  | FieldOf<'bytes', Uint8Array>
  /** A protocol, or something that is there or not. */
  | FieldOf<'presence', number>;
