import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { placeLinks } from '../../../src/extension/links/link';
import { terminalLinks } from '../../../src/extension/links/providers';
import { api, closeAll, eventually, inWorkspace, open } from './captures';
import { ask, showText } from './texts';
import { LOSSY } from '../../support/text-traces';

async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = inWorkspace(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** What the links of a document show when they are clicked. */
async function linksOf(uri: vscode.Uri): Promise<{ text: string; click: () => Thenable<unknown> }[]> {
  await api();
  const document = await vscode.workspace.openTextDocument(uri);
  const links = await ask<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
  return links
    .filter(({ target }) => target?.scheme === 'command' && target.path === 'tcpTrace.openLink')
    .map(({ range, target }) => ({
      text: document.getText(range),
      click: () =>
        vscode.commands.executeCommand(target!.path, ...(JSON.parse(decodeURIComponent(target!.query)) as unknown[])),
    }));
}

describe('a link to a place in a capture', () => {
  afterEach(closeAll);
  const capture = inWorkspace('start-here.pcapng');

  /** Waits until the capture shows a connection and the row of a packet. */
  const shows = async (connection: number, packet: number | null): Promise<void> => {
    const extension = await api();
    await eventually(`connection ${connection}, packet ${packet}`, async () => {
      const state = extension.shown(capture);
      if (state?.connection !== connection || state.tab !== 'sequence') return false;
      if (packet === null) return true;
      const active = extension.active();
      if (state.row === null || active === null) return false;
      const [row] = await active.query('segments', { connection, start: state.row, end: state.row + 1 });
      return row?.packet === packet;
    });
  };

  it('in Markdown opens the packet', async () => {
    const [link] = await linksOf(await write('notes.md', 'The refusal: [the reset](start-here.pcapng#packet=265).\n'));
    assert.equal(link?.text, 'start-here.pcapng#packet=265');
    await link.click();
    await shows(3, 265);
  });

  it('in a comment opens the connection, also from another folder', async () => {
    await vscode.workspace.fs.createDirectory(inWorkspace('src'));
    const uri = await write('src/retry.ts', '// Seen in start-here.pcapng#connection=4\nexport {};\n');
    const [link] = await linksOf(uri);
    await link!.click();
    await shows(4, null);
  });

  it('moves an editor that is open already', async () => {
    await open(capture);
    const [first, second] = await linksOf(
      await write('two.md', '`start-here.pcapng#packet=264` and `start-here.pcapng#packet=1`\n'),
    );
    await first!.click();
    await shows(3, 264);
    await second!.click();
    await shows(0, 1);
    assert.equal((await api()).openCaptures, 1);
  });

  it('to what is not there moves nothing', async () => {
    await open(capture);
    const links = await linksOf(
      await write('wrong.md', 'gone.pcap#packet=1 start-here.pcapng#packet=99999 start-here.pcapng#connection=77\n'),
    );
    assert.equal(links.length, 3);
    const before = (await api()).shown(capture);
    for (const { click } of links) await click();
    assert.deepEqual((await api()).shown(capture), before);
  });

  it('as an address with a fragment opens the place', async () => {
    await vscode.commands.executeCommand(
      'vscode.openWith',
      capture.with({ fragment: 'packet=265' }),
      'tcpTrace.capture',
    );
    await shows(3, 265);
  });

  it('into a text trace goes to its lines', async () => {
    const uri = await write('linked.tcpdump', LOSSY);
    const [link] = await linksOf(await write('text.md', 'see linked.tcpdump#packet=3\n'));
    await link!.click();
    const extension = await api();
    await eventually('the diagram', () => extension.shown(uri)?.row === 2);
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
    assert.equal(editor?.selection.active.line, 3, 'behind tcpdump’s own line');
  });

  it('is copied from the view and from the list, and leads back', async () => {
    await vscode.commands.executeCommand(
      'vscode.openWith',
      capture.with({ fragment: 'packet=265' }),
      'tcpTrace.capture',
    );
    await shows(3, 265);
    await vscode.commands.executeCommand('tcpTrace.copyPacketLink');
    assert.equal(await vscode.env.clipboard.readText(), 'start-here.pcapng#packet=265');
    await vscode.commands.executeCommand('tcpTrace.copyPacketLink', { packet: 264 });
    assert.equal(await vscode.env.clipboard.readText(), 'start-here.pcapng#packet=264');
    await vscode.commands.executeCommand('tcpTrace.copyConnectionLink');
    const text = await vscode.env.clipboard.readText();
    assert.equal(text, 'start-here.pcapng#connection=3');
    assert.equal(placeLinks(text, 1).length, 1);
  });

  it('in a terminal opens the place, from the folder of the terminal', async () => {
    await vscode.workspace.fs.createDirectory(inWorkspace('deep'));
    await vscode.workspace.fs.copy(capture, inWorkspace('deep/copied.pcapng'), { overwrite: true });
    const provider = terminalLinks((linked) => vscode.commands.executeCommand('tcpTrace.openLink', linked));
    const token = new vscode.CancellationTokenSource().token;
    const printed = async (line: string, cwd: vscode.Uri): Promise<vscode.TerminalLink[]> => {
      const terminal = { creationOptions: { cwd } } as unknown as vscode.Terminal;
      return (await provider.provideTerminalLinks({ line, terminal }, token)) ?? [];
    };
    const line = 'FAIL copied.pcapng#packet=265: reset by peer, see copied.pcapng#connection=4';
    const links = await printed(line, inWorkspace('deep'));
    assert.deepEqual(
      links.map(({ startIndex, length }) => line.slice(startIndex, startIndex + length)),
      ['copied.pcapng#packet=265', 'copied.pcapng#connection=4'],
    );
    assert.equal(links[0]!.tooltip, 'Show packet 265 in the diagram');
    const extension = await api();
    for (const [link, connection] of [
      [links[0]!, 3],
      [links[1]!, 4],
    ] as const) {
      await provider.handleTerminalLink(link as Parameters<typeof provider.handleTerminalLink>[0]);
      await eventually(
        `connection ${connection}`,
        () => extension.shown(inWorkspace('deep/copied.pcapng'))?.connection === connection,
      );
    }
    assert.deepEqual(await printed('make: *** [all] Error 2', inWorkspace('.')), []);
  });

  it('is nothing in a text without any', async () => {
    const { document } = await showText('plain.md', 'trace.pcap and #packet=3\n');
    assert.deepEqual(await linksOf(document.uri), []);
  });
});
