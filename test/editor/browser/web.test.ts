import assert from 'node:assert/strict';
import type { Worker } from 'playwright-core';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

const EXTENSION = 'tcp-trace-explorer.tcp-trace-explorer';

describe('as a web extension, where there is no Node', () => {
  // Run in the browser's own extension host, a worker, as on vscode.dev; files come through `workspace.fs`.
  const editor = useEditor({ settings: { 'remote.extensionKind': { [EXTENSION]: ['web'] } } });
  it('opens a capture and shows a connection', async () => {
    const view = new TraceView(editor());
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view.connectionRow(0).dblclick();
    await view.segment(1).waitFor();
    assert.deepEqual(await view.statesAt(1), ['SYN-SENT', 'SYN-RECEIVED']);
    assert.deepEqual(await view.statesAt(3), ['ESTABLISHED', 'ESTABLISHED']);
    await editor().screenshot('web');
    // The extension host is a worker of the browser, and so is the analysis.
    const workers = editor().page.workers();
    const loaded = (await Promise.all(workers.map(loadedBy))).flat();
    assert.ok(
      loaded.some((url) => decodeURIComponent(url).includes('/dist/web/extension.js')),
      loaded.join(' '),
    );
    assert.equal(workers.length, 2);
  });

  it('runs its commands there', async () => {
    const view = new TraceView(editor());
    await editor().runCommand('TCP Trace: Go to Packet…');
    await editor().quickInputField.fill('17');
    await editor().quickInputField.press('Enter');
    await view.segment(17).waitFor();
    assert.deepEqual(await view.statesAt(17), ['CLOSE-WAIT', 'FIN-WAIT-1']);
  });
});

/** What a worker has loaded. */
const loadedBy = (worker: Worker): Promise<string[]> =>
  worker.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name)).catch(() => []);
