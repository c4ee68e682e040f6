import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TreeElement } from '../../../src/extension/views/connections';
import { encodePcapNs } from '../../support/pcap-ns';
import { encodeFrame } from '../../support/tcp-frames';
import { api, closeAll, eventually, inWorkspace, open } from './captures';
import { showText } from './texts';

const children = async (element?: TreeElement): Promise<TreeElement[]> =>
  (await (await api()).connectionsTree.getChildren(element)) ?? [];

const itemOf = async (element: TreeElement): Promise<vscode.TreeItem> =>
  (await api()).connectionsTree.getTreeItem(element);

const labelOf = async (element: TreeElement | undefined): Promise<string> =>
  element === undefined ? '' : ((await itemOf(element)).label as string);

/** Waits until the list is about a trace, known by its first line. */
const list = (first: RegExp): Promise<TreeElement[]> =>
  eventually(`a list that begins with ${first}`, async () => {
    const found = await children();
    return first.test(await labelOf(found[0])) ? found : null;
  });

const SYN = 2;

/** A capture in which each packet is a SYN of its own: that many connections. */
const flood = (connections: number): Uint8Array =>
  encodePcapNs(
    Array.from({ length: connections }, (_, i) => ({
      timeNs: BigInt(i) * 1_000_000n,
      bytes: encodeFrame({
        source: 0x0a00_0000 + (i >> 15),
        destination: 0xc000_0201,
        sourcePort: 1024 + (i & 0x7fff),
        destinationPort: 80,
        seq: i,
        ack: 0,
        flags: SYN,
        window: 1024,
      }),
    })),
  );

describe('the tree of connections', () => {
  afterEach(closeAll);

  it('lists the connections of the active capture as the table does', async () => {
    const capture = await open(inWorkspace('start-here.pcapng'));
    const rows = await capture.query('connections', { start: 0, end: 100 });
    const elements = await list(/^#0 /);
    assert.equal(elements.length, rows.length);
    for (const [index, row] of rows.entries()) {
      const item = await itemOf(elements[index]!);
      const label = await labelOf(elements[index]);
      assert.ok(label.includes(`:${row.server.port}`), label);
      assert.ok(
        String(item.description).includes(`${row.state.client} / ${row.state.server}`),
        String(item.description),
      );
      assert.equal(/problem/.test(String(item.description)), row.problems > 0, String(item.description));
      assert.equal(item.contextValue, 'connection');
    }
  });

  it('follows the active editor, from a capture to a text and back', async () => {
    const uri = inWorkspace('ftp-textbook.pcap');
    await open(uri);
    assert.equal((await list(/:21$/)).length, 1);
    await showText('tree.tcpdump');
    await list(/^#0 (?!.*:21$)/);
    await vscode.commands.executeCommand('vscode.open', uri);
    await list(/:21$/);
  });

  it('is empty where no trace is open', async () => {
    await open(inWorkspace('ftp-textbook.pcap'));
    await list(/:21$/);
    await closeAll();
    const { connectionsTree } = await api();
    await eventually('the list to follow', () => connectionsTree.message === '');
    await eventually('the list to be empty', async () => (await children()).length === 0);
  });

  it('says why it is empty', async () => {
    const header = (await vscode.workspace.fs.readFile(inWorkspace('ftp-textbook.pcap'))).slice(0, 24);
    const uri = inWorkspace('nothing.pcap');
    await vscode.workspace.fs.writeFile(uri, header);
    await open(uri);
    const { connectionsTree } = await api();
    await eventually('the reason', () => /no TCP connection/.test(connectionsTree.message));
    assert.deepEqual(await children(), []);
    const diary = inWorkspace('diary.pcap');
    await vscode.workspace.fs.writeFile(diary, new TextEncoder().encode('Dear diary'));
    await open(diary);
    await eventually('the other reason', () => /not a capture/i.test(connectionsTree.message));
  });

  it('shows a connection that is clicked', async () => {
    const uri = inWorkspace('start-here.pcapng');
    await open(uri);
    const elements = await list(/^#0 /);
    const { command } = await itemOf(elements[2]!);
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
    const extension = await api();
    await eventually('the connection to be shown', () => {
      const state = extension.shown(uri);
      return state?.connection === 2 && state.tab === 'sequence';
    });
  });

  it('copies a filter that finds the connection and nothing else', async () => {
    const capture = await open(inWorkspace('start-here.pcapng'));
    const elements = await list(/^#0 /);
    await vscode.commands.executeCommand('tcpTrace.copyConnectionFilter', elements[1]);
    const text = await vscode.env.clipboard.readText();
    for (let done = false; !done;)
      ({ done } = await capture.query('filter', { text, packets: capture.summary!.frames }));
    const found = await capture.query('connectionsWith', { filter: text, start: 0, end: 10 });
    assert.deepEqual(
      found.map(({ connection }) => connection),
      [1],
    );
  });

  it('opens 300 000 connections page by page', async function () {
    this.timeout(60_000);
    const connections = 300_000;
    const uri = inWorkspace('flood.pcap');
    await vscode.workspace.fs.writeFile(uri, flood(connections));
    const capture = await open(uri);
    assert.equal(capture.summary?.connections, connections);
    const pages = await list(/^#0 – #999$/);
    assert.equal(pages.length, 300);
    const start = performance.now();
    const last = await children(pages.at(-1));
    const took = performance.now() - start;
    assert.equal(last.length, 1000);
    assert.match(await labelOf(last.at(-1)), /^#299999 /);
    assert.ok(took < 1000, `a page took ${Math.round(took)} ms`);
    const { connectionsTree } = await api();
    assert.deepEqual(await connectionsTree.getParent(last[0]!), pages.at(-1));
  });
});
