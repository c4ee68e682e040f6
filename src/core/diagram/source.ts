import { endpointInFull, endpointText } from '../format/endpoint';
import type { ConnectionRow, Phase } from '../model/connection';
import type { Message } from '../model/message';
import type { Endpoint, SegmentRow } from '../model/segment';
import type { DiagramSource } from './diagram';

export interface DiagramParts {
  readonly connection: ConnectionRow;
  readonly phases: readonly Phase[];
  readonly rows: () => Iterable<SegmentRow>;
  /** Segments behind these rows that are not drawn. */
  readonly left: number;
  /** A message in the reader's language, made inert. */
  readonly text: (message: Message) => string;
  /** What an endpoint is written as; `null` keeps addresses and names. */
  readonly rename: ((endpoint: Endpoint) => Endpoint) | null;
}

/**
 * What a diagram of a connection is drawn from. With `rename`, endpoints are the only place with an address: the rows must
 * have been made without quotations.
 */
export function diagramSource({ connection, phases, rows, left, text, rename }: DiagramParts): DiagramSource {
  const said = (endpoint: Endpoint): string =>
    rename === null ? endpointInFull(endpoint) : endpointText(rename(endpoint));
  return { client: said(connection.client), server: said(connection.server), phases, rows, left, text };
}
