import * as vscode from 'vscode';
import { translate } from '../text';
import { openAsTrace } from './open';
import { samplesOf } from './samples-list';

/** Lets the user choose one of the captures that come with the extension, and opens it. */
export async function openSample(extensionUri: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'media', 'samples');
  const readme = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'README.md')));
  const items = samplesOf(readme).flatMap(({ title, samples }): vscode.QuickPickItem[] => [
    { label: translate(title), kind: vscode.QuickPickItemKind.Separator },
    ...samples.map(({ file, lesson }) => ({
      label: file,
      detail: translate(lesson),
      iconPath: new vscode.ThemeIcon('mortar-board'),
    })),
  ]);
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open a Sample Capture'),
    placeHolder: vscode.l10n.t('Each sample shows one lesson'),
    matchOnDetail: true,
  });
  if (chosen !== undefined) await openAsTrace(vscode.Uri.joinPath(folder, chosen.label));
}
