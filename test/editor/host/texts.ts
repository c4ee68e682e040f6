import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { LOSSY } from '../../support/text-traces';
import { inWorkspace } from './captures';

/** Writes a text into the folder that the suite runs in, and shows it in a text editor. */
export async function showText(name: string, text = LOSSY): Promise<vscode.TextEditor> {
  const uri = inWorkspace(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** Connections that are refused, each two lines: a SYN, and the RST that answers it. */
export const refusedTrace = (connections: number): string =>
  Array.from({ length: connections }, (_, i) => {
    const port = 10_000 + i;
    const time = `10:00:${String(Math.floor(i / 100)).padStart(2, '0')}.${String(i % 100).padStart(2, '0')}`;
    return (
      `${time}0000 IP 10.0.0.1.${port} > 10.0.0.2.81: Flags [S], seq 1000, win 64240, options [mss 1460], length 0\n` +
      `${time}0500 IP 10.0.0.2.81 > 10.0.0.1.${port}: Flags [R.], seq 0, ack 1001, win 0, length 0\n`
    );
  }).join('');

interface Sent {
  /** Inputs that were opened, each in a worker of its own. */
  readonly opened: number;
  /** What the messages hold in buffers and texts. */
  readonly bytes: number;
}

/** What the host hands to its workers while something runs. */
export async function sentWhile(work: () => Promise<void>): Promise<Sent> {
  let opened = 0;
  let bytes = 0;
  await withMessages((message, deliver) => {
    if (message.type === 'open') opened++;
    bytes += JSON.stringify(message, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value)).length;
    deliver();
  }, work);
  return { opened, bytes };
}

/** Keeps what was edited from the workers while something runs, so that they answer about the text before. */
export async function unreadWhile(work: () => Promise<void>): Promise<void> {
  const held: (() => void)[] = [];
  await withMessages(({ type }, deliver) => (type === 'edit' ? held.push(deliver) : deliver()), work);
  for (const deliver of held) deliver();
}

/** Runs something while each message from the host to its workers goes through `handle`. */
async function withMessages(
  handle: (message: { readonly type: string }, deliver: () => void) => void,
  work: () => Promise<void>,
): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof postMessage>) {
    handle(args[0] as { readonly type: string }, () => postMessage.apply(this, args));
  };
  try {
    await work();
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
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
