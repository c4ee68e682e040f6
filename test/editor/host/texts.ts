import * as vscode from 'vscode';
import { LOSSY } from '../../support/text-traces';
import { inWorkspace } from './captures';

/** Writes a text into the folder that the suite runs in, and shows it in a text editor. */
export async function showText(name: string, text = LOSSY): Promise<vscode.TextEditor> {
  const uri = inWorkspace(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** One connection that transfers data, as tcpdump prints it, of about so many MiB. */
export function longTrace(mib: number): string {
  const lines = [
    '10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, options [mss 1460], length 0',
    '10:00:00.000100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 5000, ack 1001, win 65160, options [mss 1460], length 0',
  ];
  const most = (mib * 2 ** 20) / 100;
  const two = (value: number): string => String(value).padStart(2, '0');
  for (let i = 0; i < most; i++) {
    const time = `10:${two(Math.floor(i / 6000) % 60)}:${two(Math.floor(i / 100) % 60)}.${two(i % 100)}0000`;
    lines.push(
      i % 2 === 0
        ? `${time} IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq ${1 + i * 500}:${1001 + i * 500}, ack 1, win 502, length 1000`
        : `${time} IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack ${1001 + (i - 1) * 500}, win 502, length 0`,
    );
  }
  return `${lines.join('\n')}\n`;
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
