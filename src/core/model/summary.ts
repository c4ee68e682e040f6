import type { CaptureInterface } from './capture';
import type { LoadedPart } from './load';
import type { Notice } from './notice';

export interface LinkTypeCount {
  readonly linkType: number;
  /** "Ethernet", "Linux cooked v2"; "LINKTYPE 147" where it has no name here. */
  readonly name: string;
  readonly frames: number;
  /** Frames of an unsupported type are counted, not decoded. */
  readonly supported: boolean;
}

/** A whole capture in one object. While the analysis runs it says how far it has come. */
export interface CaptureSummary {
  /** "pcapng 1.0, little-endian", with the compression where there is one: "pcap …, gzip". */
  readonly format: string;
  /** Identifier of a text trace's format (`core/text/registry.ts`): "tcpdump"; `null` for a capture. */
  readonly textFormat: string | null;
  /**
   * What times count from: 1970-01-01 UTC; midnight of a day that the trace does not tell; the first packet, where the
   * text has times since that or since the packet before. `none`: it has no times.
   */
  readonly clock: 'absolute' | 'time-of-day' | 'elapsed' | 'delta' | 'none';
  readonly interfaces: readonly CaptureInterface[];
  readonly linkTypes: readonly LinkTypeCount[];
  readonly frames: number;
  readonly segments: number;
  readonly connections: number;
  /** Sum of the connections' `problems`. */
  readonly problems: number;
  /** Seconds since 1970-01-01 UTC with nine decimals, `null` while there is no packet, and in a text without times. */
  readonly start: string | null;
  /** From the earliest to the latest packet, in nanoseconds; `null` in a text without times. */
  readonly durationNs: number | null;
  readonly bytesRead: number;
  readonly bytesTotal: number;
  /** What is loaded where that is not all of it by choice; `null` where it is. Its other counts are of what is loaded. */
  readonly part: LoadedPart | null;
  readonly done: boolean;
  /** At most {@link MAX_NOTICES}; `noticesTotal` counts them all. */
  readonly notices: readonly Notice[];
  readonly noticesTotal: number;
}

/** Notices that are kept; a damaged giant must not fill memory with complaints. */
export const MAX_NOTICES = 1000;
