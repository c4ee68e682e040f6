import * as vscode from 'vscode';
import { diagramSource } from '../../core/diagram/source';
import { type DiagramFormat, DIAGRAMS } from '../../core/diagram/registry';
import { Anonymiser } from '../../core/export/anonymise';
import { joined } from '../../core/bytes/joined';
import { connectionsHead, segmentsHead } from '../../core/export/tables';
import { inert } from '../../core/format/text';
import type { AnonymiseKey, TableFormat } from '../../core/model/export';
import type { SegmentRow } from '../../core/model/segment';
import type { TraceDocument } from '../editor/document';
import { sentence } from '../text';

/** Rows of a diagram: nobody reads on, and no other program takes in more. */
export const MAX_DIAGRAM_ROWS = 5000;
const PAGE = 1000;
/** How long to wait until a long connection has been looked at some more. */
const LOOK_MS = 50;

/** What is kept from the reader of a file. */
export interface Secrecy {
  /** Replaces addresses; names, comments and quotations, which may name some, are left out. `null` keeps all. */
  readonly key: AnonymiseKey | null;
  /** Whether what TCP carried is kept. */
  readonly payload: boolean;
}

/** Told how much is done, 0 to 1. Returns whether to go on. */
export type Progress = (share: number) => boolean;

/** Nobody can find out afterwards what stood in the file before. */
export function newKey(): AnonymiseKey {
  const [low, high] = crypto.getRandomValues(new Int32Array(2));
  return [low!, high!];
}

/** Rows `[start, end)` of a connection. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The diagram of a part of a connection in the display language; `null` where it was cancelled. */
export async function makeDiagram(
  document: TraceDocument,
  connection: number,
  { start: first, end }: Part,
  format: DiagramFormat,
  { key, payload }: Secrecy,
  progress: Progress,
): Promise<string | null> {
  const [info] = await document.query('connections', { start: connection, end: connection + 1 });
  if (info === undefined) return null;
  const query = key === null && payload ? 'segments' : 'unquotedSegments';
  const rows: SegmentRow[] = [];
  for (let start = first; start < end; start += PAGE) {
    if (!progress((start - first) / (end - first))) return null;
    rows.push(...(await document.query(query, { connection, start, end: Math.min(start + PAGE, end) })));
  }
  const anonymiser = key && new Anonymiser(key);
  const source = diagramSource({
    connection: info,
    phases: await document.query('phases', { connection }),
    rows: () => rows,
    start: first,
    end,
    text: (message) => inert(sentence(message)),
    rename: anonymiser && ((endpoint) => anonymiser.endpoint(endpoint)),
  });
  return `${[...DIAGRAMS[format].lines(source)].join('\n')}\n`;
}

/** The segments of a connection, or the table of connections (`connection` null); `null` where it was cancelled. */
export async function makeTable(
  document: TraceDocument,
  connection: number | null,
  format: TableFormat,
  { key }: Secrecy,
  progress: Progress,
): Promise<string | null> {
  const rows = await rowsOf(document, connection);
  const lines = connection === null ? connectionsHead(format) : segmentsHead(format);
  for (let start = 0; start < rows; start += PAGE) {
    let page: string[] | null = null;
    while (page === null) {
      if (!progress(start / rows)) return null;
      page = await document.query('exportedRows', { connection, format, start, end: start + PAGE, key });
      if (page === null) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    lines.push(...page);
  }
  // RFC 4180 §2 ends records with CRLF; every program takes LF as well, and every tool for lines wants that.
  return format === 'csv' ? `${lines.join('\n')}\n` : `[${lines.map((line) => `\n${line}`).join(',')}\n]\n`;
}

/** The packets of a connection as a pcapng file; `null` where it was cancelled or the trace is made of words. */
export async function makePackets(
  document: TraceDocument,
  connection: number,
  { key, payload }: Secrecy,
  progress: Progress,
): Promise<Uint8Array | null> {
  const rows = await rowsOf(document, connection);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < rows; start += PAGE) {
    if (!progress(start / rows)) return null;
    const piece = await document.query('exportedPackets', { connection, start, end: start + PAGE, key, payload });
    if (piece === null) return null;
    pieces.push(piece);
  }
  return joined(pieces);
}

/** Whether a trace has packets, and not only words about them. */
export const hasPackets = async (document: TraceDocument, connection: number): Promise<boolean> =>
  (await document.query('exportedPackets', { connection, start: 0, end: 1, key: null, payload: false })) !== null;

/** Segments of a connection; of all connections (`null`) how many those are. */
export async function rowsOf(document: TraceDocument, connection: number | null): Promise<number> {
  if (connection === null) return document.summary?.connections ?? 0;
  const [info] = await document.query('connections', { start: connection, end: connection + 1 });
  return info?.segments ?? 0;
}

/** Waits until a trace is read to its end. Returns false where it was cancelled or cannot be read. */
export async function readWhole(document: TraceDocument, token: vscode.CancellationToken): Promise<boolean> {
  while (document.busy && !token.isCancellationRequested)
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        subscriptions.dispose();
        resolve();
      };
      const subscriptions = vscode.Disposable.from(
        document.onDidChange(settle),
        document.onDidDispose(settle),
        token.onCancellationRequested(settle),
      );
    });
  return !token.isCancellationRequested && document.failure === null;
}
