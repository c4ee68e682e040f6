import * as vscode from 'vscode';
import { byteSize } from '../../core/format/number';
import { HEXADECIMAL, type StreamSides } from '../../core/model/stream';
import type { TraceDocument } from '../editor/document';
import type { TraceView } from '../editor/view';
import { fileName } from '../text';

/** VS Code shows no larger documents well, and keeps them in memory. */
const MAX_DOCUMENT = 32 << 20;
/** A file is written at once: this is the most that is held in memory for it. */
const MAX_FILE = 1 << 30;
const PIECE = 1 << 20;

export type StreamAction = 'save' | 'open';

/** Saves what a connection carried to a file, or opens it as a document. */
export async function takeStream(
  document: TraceDocument,
  action: StreamAction,
  connection: number,
  sides: StreamSides,
): Promise<void> {
  if (action === 'save') {
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Save the Stream of Connection #{0}', connection),
      defaultUri: vscode.Uri.joinPath(document.uri, '..', streamName(document, connection, sides)),
    });
    if (target === undefined) return;
    const bytes = await read(document, connection, sides, MAX_FILE);
    if (bytes !== null) await vscode.workspace.fs.writeFile(target, bytes);
    return;
  }
  const bytes = await read(document, connection, sides, MAX_DOCUMENT);
  if (bytes === null) return;
  const opened = await vscode.workspace.openTextDocument({ content: new TextDecoder().decode(bytes) });
  await vscode.window.showTextDocument(opened, { preview: false });
}

/** The same by a command, for the connection that a view shows. */
export const takeStreamOf =
  (action: StreamAction) =>
  async (view: TraceView): Promise<void> => {
    const { connection } = view.state;
    if (connection === null) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Choose a connection first.'));
      return;
    }
    const choices: { label: string; sides: StreamSides }[] = [
      { label: vscode.l10n.t('Both sides'), sides: 'both' },
      { label: vscode.l10n.t('Client → server'), sides: 'client' },
      { label: vscode.l10n.t('Server → client'), sides: 'server' },
    ];
    const chosen = await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Whose bytes') });
    if (chosen !== undefined) await takeStream(view.document, action, connection, chosen.sides);
  };

/** `capture.pcap` gives `capture-0-client.bin`. */
const streamName = (document: TraceDocument, connection: number, sides: StreamSides): string =>
  `${fileName(document.uri).replace(/\.[^.]*$/, '')}-${connection}-${sides}.bin`;

/** All bytes of a stream, read piece by piece; `null` where there are too many or the user had enough. */
async function read(
  document: TraceDocument,
  connection: number,
  sides: StreamSides,
  limit: number,
): Promise<Uint8Array | null> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Reading the stream of connection #{0}', connection),
      cancellable: true,
    },
    async (progress, token) => {
      let made = await document.query('stream', { connection, sides, lineBytes: HEXADECIMAL });
      while (made !== null && !made.done) {
        if (token.isCancellationRequested) return null;
        made = await document.query('stream', { connection, sides, lineBytes: HEXADECIMAL });
      }
      if (made === null) return null;
      if (made.bytes > limit) {
        void vscode.window.showErrorMessage(
          vscode.l10n.t(
            'The stream has {0}, more than the {1} that can be taken at once.',
            byteSize(made.bytes),
            byteSize(limit),
          ),
        );
        return null;
      }
      const all = new Uint8Array(made.bytes);
      let length = 0;
      for (let from = 0; from < made.bytes; from += PIECE) {
        if (token.isCancellationRequested) return null;
        const piece = await document.query('streamBytes', { connection, sides, from, to: from + PIECE });
        all.set(piece, length);
        length += piece.length;
        progress.report({ increment: (100 * PIECE) / made.bytes });
      }
      if (made.missing > 0)
        void vscode.window.showWarningMessage(
          vscode.l10n.t('{0} are missing in the capture and were left out.', byteSize(made.missing)),
        );
      // Cut by the snap length, or the file is not what it was.
      if (length < made.bytes)
        void vscode.window.showWarningMessage(
          vscode.l10n.t('{0} cannot be read from the capture and were left out.', byteSize(made.bytes - length)),
        );
      return all.subarray(0, length);
    },
  );
}
