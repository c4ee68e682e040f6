import { message } from '../model/message';
import type { Notice } from '../model/notice';
import type { SegmentRow } from '../model/segment';

/** A state that a text gives an endpoint after a segment. */
export interface StatedAfter {
  /** The endpoint's host, as the text calls it. */
  readonly host: string;
  readonly state: string;
  /** 1-based line that says so. */
  readonly line: number;
  /** 0-based segment. */
  readonly segment: number;
}

interface Analysed {
  allSegments(): Iterable<SegmentRow>;
  endpoints(connection: number): { readonly client: { readonly address: string } };
}

/** Says where a text gives an endpoint another state than the analysis does, line by line. */
export function differingStates(stated: readonly StatedAfter[], trace: Analysed): Notice[] {
  if (stated.length === 0) return [];
  const bySegment = new Map<number, StatedAfter[]>();
  for (const one of stated) bySegment.set(one.segment, [...(bySegment.get(one.segment) ?? []), one]);
  const notices: Notice[] = [];
  for (const row of trace.allSegments()) {
    for (const { host, state, line } of bySegment.get(row.segment) ?? []) {
      const side = trace.endpoints(row.connection).client.address === host ? 'client' : 'server';
      const ours = row[side].state;
      if (ours === state) continue;
      notices.push({
        code: 'state-differs',
        severity: 'warning',
        message: message('The text has {0} in {1} here; by RFC 9293 it is in {2}', host, state, ours ?? '?'),
        line,
        packet: row.packet,
      });
    }
  }
  return notices;
}
