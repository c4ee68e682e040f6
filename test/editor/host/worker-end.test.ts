import assert from 'node:assert/strict';
import workerThreads, { type WorkerOptions } from 'node:worker_threads';
import * as vscode from 'vscode';
import { api, closeAll, eventually, inWorkspace, open, settled, shownNow } from './captures';

/** Not enough for any analysis: V8 ends the thread, and nothing else. */
const TOO_SMALL: WorkerOptions = { resourceLimits: { maxOldGenerationSizeMb: 2 } };

/** Reads every open trace again, as the view's button "Retry" does: a setting of the analysis was changed. */
const retry = (mebibytes: number | undefined): Thenable<void> =>
  vscode.workspace
    .getConfiguration('tcpTrace')
    .update('decompressionLimit', mebibytes, vscode.ConfigurationTarget.Global);

describe('a worker that ends by itself', () => {
  const { Worker } = workerThreads;
  const started: workerThreads.Worker[] = [];
  let options: WorkerOptions = {};

  before(async () => {
    await api();
    // The extension asks for the class of the same module when it starts a worker.
    workerThreads.Worker = class extends Worker {
      constructor(file: string | URL, given?: WorkerOptions) {
        super(file, { ...given, ...options });
        started.push(this);
      }
    };
  });
  after(() => {
    workerThreads.Worker = Worker;
  });
  afterEach(async () => {
    options = {};
    await closeAll();
    await retry(undefined);
    started.length = 0;
  });

  it('for want of memory is told of, does no harm to others, and can be tried again', async () => {
    const other = inWorkspace('handshake.pcap');
    await open(other);
    options = TOO_SMALL;
    const uri = inWorkspace('start-here.pcapng');
    await vscode.commands.executeCommand('vscode.open', uri, vscode.ViewColumn.Two);
    const failed = await settled(uri);
    assert.equal(failed.failure?.text, 'The analysis ended unexpectedly: {0}');
    assert.match(JSON.stringify(failed.failure.args), /memory/i);
    await assert.rejects(failed.query('summary', {}));
    await assert.rejects(failed.query('segments', { connection: 0, start: 0, end: 10 }), /the worker ended/);

    // The other capture is still there, in this same window.
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    const unharmed = await settled(other);
    assert.equal((await unharmed.query('segments', { connection: 0, start: 0, end: 10 })).length, 3);

    options = {};
    await retry(64);
    const again = await eventually('the capture after another try', async () => {
      // More than once: the view of the other capture takes the focus when its document has loaded.
      await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
      const now = shownNow(await api(), uri);
      return now?.summary?.done === true && now.failure === null ? now : null;
    });
    // The sample's README: six connections.
    assert.equal(again.summary?.connections, 6);
  });

  it('while its trace is on screen is told of, and answers end', async () => {
    const uri = inWorkspace('ftp-textbook.pcap');
    started.length = 0;
    const shown = await open(uri);
    assert.ok(started.length > 0);
    assert.equal((await shown.query('segments', { connection: 0, start: 0, end: 100 })).length, 20);
    // Among them may be those of texts that earlier tests have left open.
    await Promise.all(started.map((worker) => worker.terminate()));
    const extension = await api();
    await eventually('the failure', () => extension.active()?.failure);
    await assert.rejects(shown.query('segments', { connection: 0, start: 0, end: 10 }), /the worker ended/);
    assert.equal(extension.openCaptures, 1);
    await retry(65);
    await eventually('the capture after another try', async () => (await settled(uri)).summary?.frames === 20);
  });
});
