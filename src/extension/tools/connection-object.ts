import { endpointText } from '../../core/format/endpoint';
import { render } from '../../core/format/message';
import { capitalised } from '../../core/format/text';
import type { ConnectionRow } from '../../core/model/connection';
import type { ToolTrace } from './tool';

const NS_PER_MS = 1e6;

/** A connection as a model gets it: in English, times in milliseconds. */
export const connectionObject = (row: ConnectionRow): Readonly<Record<string, unknown>> => ({
  connection: row.connection,
  client: endpointText(row.client),
  server: endpointText(row.server),
  rolesGuessed: row.partial,
  firstPacket: row.firstPacket,
  lastPacket: row.lastPacket,
  segments: row.segments,
  payloadBytes: row.payloadBytes,
  durationMs: row.durationNs === null ? null : row.durationNs / NS_PER_MS,
  handshakeMs: row.handshakeRttNs === null ? null : row.handshakeRttNs / NS_PER_MS,
  stateAtEnd: row.state,
  problems: row.problems,
  verdict: capitalised(render(row.verdict.sentence)),
});

/** @throws {Error} for the model, when there is no such connection */
export async function connectionOf({ document }: ToolTrace, connection: number): Promise<ConnectionRow> {
  const [row] = await document.query('connections', { start: connection, end: connection + 1 });
  if (row === undefined)
    throw new Error(
      `There is no connection ${connection}: there are ${document.summary?.connections ?? 0}, counted from 0`,
    );
  return row;
}
