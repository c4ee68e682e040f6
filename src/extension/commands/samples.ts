import * as vscode from 'vscode';
import { translate } from '../text';
import { openAsTrace } from './open';
import { samplesOf } from './samples-list';

/** Opens one of the captures that come with the extension: by its name, else the one that the user chooses. */
export async function openSample(extensionUri: vscode.Uri, name: unknown): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'media', 'samples');
  const readme = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'README.md')));
  const groups = samplesOf(readme);
  const named = groups.flatMap(({ samples }) => samples).find(({ file }) => file === name);
  if (named !== undefined) {
    await openAsTrace(vscode.Uri.joinPath(folder, named.file));
    return;
  }
  const items = groups.flatMap(({ title, samples }): vscode.QuickPickItem[] => [
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
