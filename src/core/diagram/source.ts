import { endpointInFull, endpointText } from '../format/endpoint';
import type { ConnectionRow, Phase } from '../model/connection';
import type { Message } from '../model/message';
import type { Endpoint, SegmentRow } from '../model/segment';
import type { DiagramSource } from './diagram';

export interface DiagramParts {
  readonly connection: ConnectionRow;
  readonly phases: readonly Phase[];
  /** Rows `[start, end)` of the connection. */
  readonly rows: () => Iterable<SegmentRow>;
  readonly start: number;
  readonly end: number;
  /** A message in the reader's language, made inert. */
  readonly text: (message: Message) => string;
  /** What an endpoint is written as; `null` keeps addresses and names. */
  readonly rename: ((endpoint: Endpoint) => Endpoint) | null;
}

/**
 * What a diagram of a connection is drawn from. With `rename`, endpoints are the only place with an address: the rows must
 * have been made without quotations.
 */
export function diagramSource({ connection, phases, rows, start, end, text, rename }: DiagramParts): DiagramSource {
  const said = (endpoint: Endpoint): string =>
    rename === null ? endpointInFull(endpoint) : endpointText(rename(endpoint));
  return {
    client: said(connection.client),
    server: said(connection.server),
    phases: phases
      .map((phase) => ({ ...phase, start: Math.max(phase.start, start), end: Math.min(phase.end, end) }))
      .filter((phase) => phase.start < phase.end),
    rows,
    start,
    left: connection.segments - end,
    text,
  };
}
