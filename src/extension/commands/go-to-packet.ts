import * as vscode from 'vscode';
import { count } from '../../core/format/number';
import { loadedPackets } from '../../core/model/load';
import type { TraceDocument } from '../editor/document';
import { lineNumber, packetNumber } from './packet-number';

/** A row of a connection. */
export interface RowPlace {
  readonly connection: number;
  readonly row: number;
}

/**
 * Asks for a packet by its number, in a text trace also by its line (`:12`), and shows it, in whichever connection it
 * is.
 */
export async function goToPacket(
  document: TraceDocument,
  show: (place: RowPlace) => void | Promise<void>,
): Promise<void> {
  const { first, last } = loadedPackets(document.summary);
  const isText = (document.summary?.textFormat ?? null) !== null;
  const prompt = isText
    ? vscode.l10n.t('Packet number, from {0} to {1}, or a line behind a colon', count(first), count(last))
    : vscode.l10n.t('Packet number, from {0} to {1}', count(first), count(last));
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to Packet'),
    prompt,
    async validateInput(value) {
      if (value.trim() === '') return undefined;
      const found = await placeOf(document, value, isText);
      return typeof found === 'string' ? found : undefined;
    },
  });
  if (text === undefined || text.trim() === '') return;
  const found = await placeOf(document, text, isText);
  if (typeof found !== 'string') await show(found);
}

/** The place that was typed, or what is wrong with it. */
async function placeOf(document: TraceDocument, text: string, isText: boolean): Promise<RowPlace | string> {
  const { first, last } = loadedPackets(document.summary);
  if (last === 0) return vscode.l10n.t('This capture has no packets.');
  const line = isText ? lineNumber(text) : null;
  if (line !== null) return placeOfLine(document, line);
  const packet = packetNumber(text);
  if (packet === null)
    return vscode.l10n.t('Type a whole number: packets count from {0} to {1}.', count(first), count(last));
  if (packet < first || packet > last)
    return vscode.l10n.t('There is no packet {0}: packets count from {1} to {2}.', packet, count(first), count(last));
  const found = await document.query('place', { packet });
  if (found === null) return vscode.l10n.t('Packet {0} is not loaded.', packet);
  if (found.connection === null || found.row === null) return vscode.l10n.t('Packet {0} has no TCP segment.', packet);
  return { connection: found.connection, row: found.row };
}

/** @param line 1-based, in the document that the trace is in */
async function placeOfLine(document: TraceDocument, line: number): Promise<RowPlace | string> {
  const at = document.traceLine(line - 1);
  const [packet] = at === null || at < 1 ? [] : await document.query('textPackets', { start: at, end: at + 1 });
  return packet?.segment ?? vscode.l10n.t('Line {0} belongs to no TCP segment.', line);
}
