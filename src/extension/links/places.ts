import * as vscode from 'vscode';
import { count } from '../../core/format/number';
import { loadedPackets } from '../../core/model/load';
import { isCaptureName, openAsTrace } from '../commands/open';
import type { TraceDocument } from '../editor/document';
import type { TraceViews } from '../editor/views';
import type { TextCommands } from '../language/commands';
import type { LinkedPlace } from './link';

/** Opens a trace at a place: a capture in its editor, a text in a text editor with the diagram beside it. */
export async function openPlace(
  uri: vscode.Uri,
  place: LinkedPlace,
  views: TraceViews,
  texts: TextCommands,
): Promise<void> {
  if (!isCaptureName(uri)) {
    const document = await vscode.workspace.openTextDocument(uri).then(
      (found) => found,
      () => null,
    );
    if (document !== null) {
      await vscode.window.showTextDocument(document);
      await texts.showLinked(document, (analysis) => findPlace(analysis, place));
      return;
    }
  }
  await openAsTrace(uri);
  const view = await views.opened(uri);
  if (view === null) return;
  const found = await findPlace(view.document, place);
  if (found !== null) view.reveal(found.connection, found.row);
}

/**
 * The connection and the row of a place; `null` where there is none, which the user is told. Waits until the trace is read
 * as far as that.
 */
export async function findPlace(
  document: TraceDocument,
  place: LinkedPlace,
): Promise<{ readonly connection: number; readonly row: number | null } | null> {
  const isPacket = 'packet' in place;
  const isThere = (): boolean => {
    const { summary } = document;
    return (
      summary !== null &&
      (isPacket ? loadedPackets(summary).last >= place.packet : summary.connections > place.connection)
    );
  };
  await until(document, () => isThere() || !document.busy);
  if (document.failure !== null) return null;
  const found = isThere() && isPacket ? await document.query('place', { packet: place.packet }) : null;
  if (isThere() && !isPacket) return { connection: place.connection, row: null };
  if (found?.connection != null) return { connection: found.connection, row: found.row };
  void vscode.window.showWarningMessage(absence(document, place, found !== null));
  return null;
}

function absence({ summary }: TraceDocument, place: LinkedPlace, isLoaded: boolean): string {
  if (!('packet' in place))
    return vscode.l10n.t(
      'There is no connection {0}: there are {1}, counted from 0.',
      place.connection,
      count(summary?.connections ?? 0),
    );
  if (isLoaded) return vscode.l10n.t('Packet {0} has no TCP segment.', place.packet);
  const { first, last } = loadedPackets(summary);
  return summary?.part != null && place.packet >= first && place.packet <= last
    ? vscode.l10n.t('Packet {0} is not loaded.', place.packet)
    : vscode.l10n.t('There is no packet {0}: packets count from {1} to {2}.', place.packet, count(first), count(last));
}

/** Waits until something is so of a document, or it is closed. */
function until(document: TraceDocument, isSo: () => boolean): Promise<void> {
  if (isSo()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo()) return;
      subscriptions.dispose();
      resolve();
    };
    const subscriptions = vscode.Disposable.from(
      document.onDidChange(look),
      document.onDidDispose(() => {
        subscriptions.dispose();
        resolve();
      }),
    );
  });
}
