import type { ActiveTrace } from '../active-trace';
import type { TraceDocument } from '../editor/document';
import { isConnectionElement } from '../views/connections';

/** A connection, and the trace that it is in. */
export interface ConnectionMeant {
  readonly document: TraceDocument;
  readonly connection: number;
}

/** The connection that a command is about: the one whose menu it was chosen from, else the one that is shown. */
export function connectionMeant(active: ActiveTrace, element: unknown): ConnectionMeant | null {
  const { now } = active;
  if (now === null) return null;
  const { document, view } = now;
  if (isConnectionElement(element))
    return element.source === document.uri.toString() ? { document, connection: element.row.connection } : null;
  const connection = view?.state.connection ?? null;
  return connection === null ? null : { document, connection };
}
