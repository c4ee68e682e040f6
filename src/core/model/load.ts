/** Which packets of a trace are loaded. The others are passed over: they cost time to read, but no memory. */
export interface Load {
  /** First and last packet by their numbers in the file, from 1; `to` is `Infinity` for the last there is. */
  readonly from: number;
  readonly to: number;
  /** A filter over addresses, ports and protocols; the empty one takes all. */
  readonly only: string;
  /** Packets that are loaded at most; reading stops there. */
  readonly maxPackets: number;
}

export const LOAD_ALL: Load = { from: 1, to: Infinity, only: '', maxPackets: Infinity };

/** What is loaded of a trace that is not loaded as a whole. */
export interface LoadedPart {
  readonly load: Load;
  /** Numbers of the first and the last packet that are loaded; `null` while there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Packets of the file that were read, loaded or not. */
  readonly read: number;
  /** Why the rest of the file was not read; `null` where it was, or is being read. */
  readonly stopped: 'limit' | 'range' | null;
}

/** Code of the notices about packets that were left out by choice. */
export const PARTLY_LOADED = 'partly-loaded';

/** Numbers of the first and the last packet that are loaded, of which some in between may be left out; 0 for none. */
export function loadedPackets(summary: { readonly part: LoadedPart | null; readonly frames: number } | null): {
  readonly first: number;
  readonly last: number;
} {
  if (summary === null || summary.frames === 0) return { first: 0, last: 0 };
  const { part, frames } = summary;
  return { first: part?.first ?? 1, last: part?.last ?? frames };
}
