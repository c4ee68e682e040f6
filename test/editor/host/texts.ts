import * as vscode from 'vscode';
import { LOSSY } from '../../support/text-traces';
import { inWorkspace } from './captures';

/** Writes a text into the folder that the suite runs in, and shows it in a text editor. */
export async function showText(name: string, text = LOSSY): Promise<vscode.TextEditor> {
  const uri = inWorkspace(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** Column of a piece of a line. */
export function columnOf(document: vscode.TextDocument, line: number, piece: string): vscode.Position {
  const column = document.lineAt(line - 1).text.indexOf(piece);
  if (column < 0) throw new Error(`line ${line} has no “${piece}”`);
  return new vscode.Position(line - 1, column + 1);
}

/** Asks VS Code what a provider gives, as the editor itself does. */
export const ask = <T>(command: string, ...args: readonly unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(command, ...args);

/** 1-based first and last line of a range. */
export const linesOf = ({ start, end }: vscode.Range): [number, number] => [start.line + 1, end.line + 1];

/** Sets one of the settings `tcpTrace.text.*`, until {@link resetSettings}. */
export async function set(name: string, value: unknown): Promise<void> {
  changed.add(name);
  await vscode.workspace.getConfiguration('tcpTrace.text').update(name, value, vscode.ConfigurationTarget.Global);
}

const changed = new Set<string>();

export async function resetSettings(): Promise<void> {
  for (const name of changed)
    await vscode.workspace.getConfiguration('tcpTrace.text').update(name, undefined, vscode.ConfigurationTarget.Global);
  changed.clear();
}
