import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeAll, eventually, inWorkspace, open, settled } from './captures';

const setLimit = (packets: number | undefined): Thenable<void> =>
  vscode.workspace.getConfiguration('tcpTrace').update('maxPackets', packets, vscode.ConfigurationTarget.Global);

describe('a capture with more packets than are to be loaded', () => {
  const capture = inWorkspace('ftp-textbook.pcap');

  afterEach(async () => {
    await setLimit(undefined);
    await closeAll();
  });

  /** Waits until the packets from one number to another are loaded. */
  const loaded = (first: number, last: number) =>
    eventually(`packets ${first} to ${last}`, async () => {
      const shown = await settled(capture);
      const rows = await shown.query('packetRows', { filter: '', connection: null, start: 0, end: 100 });
      return rows[0]?.packet === first && rows.at(-1)?.packet === last ? shown.summary : null;
    });

  it('says what was left out, and loads a range, what matches, or all instead', async () => {
    await setLimit(10);
    const { summary } = await open(capture);
    assert.equal(summary?.frames, 10);
    assert.equal(summary.notices[0]?.code, 'partly-loaded');
    assert.deepEqual([summary.part?.first, summary.part?.last, summary.part?.stopped], [1, 10, 'limit']);
    const { connectionsTree } = await api();
    await eventually('the list to say so', () => connectionsTree.message === 'Only a part of the packets is loaded.');

    await vscode.commands.executeCommand('tcpTrace.loadRange', '15-18');
    const range = await loaded(15, 18);
    assert.equal(range.frames, 4);
    assert.equal((await settled(capture)).summary?.part?.stopped, 'range');
    assert.equal((await (await settled(capture)).query('place', { packet: 16 }))?.packet, 16);
    assert.equal(await (await settled(capture)).query('place', { packet: 3 }), null);

    await vscode.commands.executeCommand('tcpTrace.loadAll');
    const all = await loaded(1, 20);
    assert.equal(all.part, null);

    // The server's packets (its port is 21), by what is known of the sample: it sends 2, 4, ….
    await vscode.commands.executeCommand('tcpTrace.loadMatching', 'tcp.srcport == 21');
    const matching = await eventually('the packets of the server', async () => {
      const now = await settled(capture);
      return now.summary?.part?.load.only === 'tcp.srcport == 21' ? now : null;
    });
    const rows = await matching.query('packetRows', { filter: '', connection: null, start: 0, end: 100 });
    assert.ok(rows.length > 5 && rows.every(({ info }) => info.startsWith('21 → ')));
  });

  it('loads more when the limit is raised', async () => {
    await setLimit(5);
    assert.equal((await open(capture)).summary?.frames, 5);
    await setLimit(1000);
    assert.equal((await loaded(1, 20)).part, null);
  });
});
