import * as vscode from 'vscode';
import { packetNumber } from '../commands/packet-number';
import { count } from '../../core/format/number';
import { segmentsText } from '../text';
import type { TraceDocument } from '../editor/document';
import { MAX_DIAGRAM_ROWS, type Part, rowsOf } from './make';

/** What stands between the numbers of the first and the last packet. */
const BETWEEN = /-|–|—|…|\.\.\.?/;

/** The rows of a connection whose packets are numbered from `first` to `last`. */
export async function partOfPackets(
  document: TraceDocument,
  connection: number,
  first: number,
  last: number,
): Promise<Part> {
  const [start, end] = await Promise.all([
    rowFrom(document, connection, first),
    rowFrom(document, connection, last + 1),
  ]);
  return { start, end: Math.max(start, end) };
}

/** The first row of a connection whose packet is not before this one; behind the last row, where there is none. */
async function rowFrom(document: TraceDocument, connection: number, packet: number): Promise<number> {
  let low = 0;
  let high = await rowsOf(document, connection);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((await packetOf(document, connection, middle)) < packet) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function packetOf(document: TraceDocument, connection: number, row: number): Promise<number> {
  const [segment] = await document.query('segments', { connection, start: row, end: row + 1 });
  return segment?.packet ?? 0;
}

/**
 * Asks from which packet to which a diagram is to go, `undefined` where the user gives up.
 * @param selected row of the connection that the view has selected, which the offer is around
 */
export async function choosePart(
  document: TraceDocument,
  connection: number,
  segments: number,
  selected: number | null,
): Promise<Part | undefined> {
  const start = Math.max(0, Math.min((selected ?? 0) - MAX_DIAGRAM_ROWS / 2, segments - MAX_DIAGRAM_ROWS));
  const end = Math.min(segments, start + MAX_DIAGRAM_ROWS);
  const [first, last] = await Promise.all([start, end - 1].map((row) => packetOf(document, connection, row)));
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Which part of connection #{0}', connection),
    prompt: vscode.l10n.t('First and last packet, at most {0}', segmentsText(MAX_DIAGRAM_ROWS)),
    value: `${first} - ${last}`,
    validateInput: async (typed) => {
      const found = await partTyped(document, connection, typed).catch(() => null);
      return typeof found === 'string' ? found : undefined;
    },
  });
  if (value === undefined) return undefined;
  const part = await partTyped(document, connection, value);
  return typeof part === 'string' ? undefined : part;
}

/** The part that was typed, or what is wrong with it. */
async function partTyped(document: TraceDocument, connection: number, typed: string): Promise<Part | string> {
  const numbers = typed.split(BETWEEN).map((number) => packetNumber(number.trim()));
  const [first = null, last = first] = numbers;
  if (numbers.length > 2 || first === null || last === null)
    return vscode.l10n.t('Type the numbers of two packets, for instance 120 - 180.');
  const part = await partOfPackets(document, connection, first, last);
  const { start, end } = part;
  if (start === end) return vscode.l10n.t('The connection has no segment in these packets.');
  return end - start > MAX_DIAGRAM_ROWS
    ? vscode.l10n.t('These are {0}; a diagram has at most {1}.', segmentsText(end - start), count(MAX_DIAGRAM_ROWS))
    : part;
}
