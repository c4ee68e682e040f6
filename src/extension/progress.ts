import * as vscode from 'vscode';
import type { TraceDocument } from './editor/document';
import { fileName, packetsText } from './text';

/** Analyses that are over sooner do not ask for attention. */
const LONG_MS = 1000;

/** Shows a document's analysis in the notification area, with a way to stop it, each time that it takes long. */
export function showLongProgress(document: TraceDocument): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    if (document.busy) timer = setTimeout(() => void show(document), LONG_MS);
  };
  document.onDidChange((change) => {
    if (change === 'reloaded') wait();
  });
  document.onDidDispose(() => clearTimeout(timer));
  wait();
}

async function show(document: TraceDocument): Promise<void> {
  if (!document.busy) return;
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Reading {0}', fileName(document.uri)),
      cancellable: true,
    },
    (progress, token) => {
      token.onCancellationRequested(() => document.cancel());
      let shown = 0;
      return new Promise<void>((resolve) => {
        const tell = (): void => {
          const { summary } = document;
          if (summary !== null) {
            const percent = summary.bytesTotal === 0 ? 100 : (100 * summary.bytesRead) / summary.bytesTotal;
            progress.report({ message: packetsText(summary.frames), increment: Math.max(0, percent - shown) });
            shown = Math.max(shown, percent);
          }
          if (!document.busy) resolve();
        };
        document.onDidChange(tell);
        document.onDidDispose(resolve);
        tell();
      });
    },
  );
}
