import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { readText } from '../../support/text-traces';
import { closeAll } from './captures';
import { ask, longTrace, resetSettings, showText } from './texts';

/** Size of the text: `TEXT_MIB=40 npm test -- editor --grep typing` for a longer one. */
const MIB = Number(process.env.TEXT_MIB ?? 10);
/** All that is sent to the worker while somebody types: the lines that have changed, and questions. */
const MOST_BYTES = 20_000;
/** Bounds that hold on a busy machine, too; the figures are in the title. */
const LONGEST_BLOCK_MS = 1500;
const KEYS = 8;

/** Bytes that the host hands to its workers while it runs: what the messages hold in buffers and texts. */
async function sentWhile(work: () => Promise<void>): Promise<{ readonly opened: number; readonly bytes: number }> {
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { postMessage } = Worker.prototype;
  let opened = 0;
  let bytes = 0;
  Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof postMessage>) {
    const sent = args[0] as { readonly type: string };
    if (sent.type === 'open') opened++;
    bytes += JSON.stringify(sent, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value)).length;
    return postMessage.apply(this, args);
  };
  try {
    await work();
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
  return { opened, bytes };
}

describe('typing in a long text trace', () => {
  afterEach(async () => {
    await resetSettings();
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it(`does not block the extension host, and what is asked is answered (${MIB} MiB)`, async function () {
    this.timeout(300_000);
    const editor = await showText('long.tcpdump', longTrace(MIB));
    const { document } = editor;
    const lenses = async (): Promise<string[]> =>
      (await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10)).map(
        ({ command }) => command?.title ?? '',
      );
    const opened = performance.now();
    const [before] = await lenses();
    const first = performance.now() - opened;
    const packets = document.lineCount - 1;
    assert.match(before!, /segments/);
    const line = Math.floor(document.lineCount / 2);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const typed: number[] = [];
    let hover: vscode.Hover[] = [];
    let settled = 0;
    const sent = await sentWhile(async () => {
      for (let key = 0; key < KEYS; key++) {
        const asked = performance.now();
        // A line of a log among the packets, letter by letter.
        await editor.edit((edit) => edit.insert(new vscode.Position(line, key), key === 0 ? 'x\n' : 'x'));
        typed.push(performance.now() - asked);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      const last = performance.now();
      hover = await ask('vscode.executeHoverProvider', document.uri, new vscode.Position(line + 1, 3));
      settled = performance.now() - last;
    });
    delay.disable();
    assert.equal(sent.opened, 0, 'no worker gets the text again');
    assert.ok(sent.bytes < MOST_BYTES, `${sent.bytes} bytes were sent to the worker`);
    assert.equal(hover.length, 1, 'a hover is answered once the text was read');
    // Also when what goes on in the background, once all is read, has been told of.
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await lenses(), [before], 'a line of a log is no packet');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await editor.edit((edit) => edit.delete(new vscode.Range(line + 4, 0, line + 7, 0)));
    const [after] = await lenses();
    // What it is now, read from the start.
    const [fresh] = readText(document.getText()).connections(0, 1);
    assert.equal(fresh!.segments, packets - 3);
    const said = after!.replaceAll(/(?<=\d)\s(?=\d)/g, '');
    assert.ok(said.includes(`${fresh!.segments} segments · ${fresh!.problems} problem`), after);
    const longest = delay.max / 1e6;
    this.test!.title +=
      `: ${packets} lines, first read in ${first.toFixed(0)} ms; a keystroke took ${Math.max(...typed).toFixed(0)} ms at most, ` +
      `the event loop was blocked for ${longest.toFixed(0)} ms at most (p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms), ` +
      `a hover came ${settled.toFixed(0)} ms after the last key, ${sent.bytes} bytes were sent to the worker`;
    assert.ok(longest < LONGEST_BLOCK_MS, `the event loop was blocked for ${longest.toFixed(1)} ms`);
  });
});
