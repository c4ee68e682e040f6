import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeAll, EXTENSION, eventually, inWorkspace, open, VIEW_TYPE } from './captures';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly customEditors: readonly { readonly selector: readonly { readonly filenamePattern: string }[] }[];
    readonly configuration?: { readonly properties?: Readonly<Record<string, { readonly default?: unknown }>> };
  };
}

const manifest = (): Manifest => vscode.extensions.getExtension(EXTENSION)!.packageJSON as Manifest;

describe('the extension', () => {
  afterEach(closeAll);

  it('activates', async () => {
    await api();
    assert.equal(vscode.extensions.getExtension(EXTENSION)!.isActive, true);
  });

  it('registers every command that it contributes', async () => {
    await api();
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest().contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('has every command under one category, with a title', () => {
    for (const { command, title, category } of manifest().contributes.commands) {
      assert.equal(category, 'TCP Trace', command);
      assert.match(title, /^\p{Lu}/u, command);
    }
  });

  it('knows its settings and their defaults', () => {
    for (const [name, { default: expected }] of Object.entries(manifest().contributes.configuration?.properties ?? {}))
      assert.deepEqual(vscode.workspace.getConfiguration().get(name), expected, name);
  });

  const endings = ['.pcap', '.cap', '.dmp', '.pcapng', '.ntar'].flatMap((ending) => [ending, `${ending}.gz`]);

  it('claims captures by their names', () => {
    const patterns = manifest().contributes.customEditors.flatMap(({ selector }) =>
      selector.map(({ filenamePattern }) => filenamePattern),
    );
    for (const ending of endings) assert.ok(patterns.includes(`*${ending}`), ending);
  });

  for (const ending of ['.pcap', '.cap', '.dmp'])
    it(`is the editor that opens a ${ending} file`, async () => {
      const uri = inWorkspace(`named${ending}`);
      await vscode.workspace.fs.copy(inWorkspace('ftp-textbook.pcap'), uri, { overwrite: true });
      const capture = await open(uri);
      assert.equal(capture.failure, null);
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(input instanceof vscode.TabInputCustom, 'the tab is a custom editor');
      assert.equal(input.viewType, VIEW_TYPE);
      assert.equal(input.uri.toString(), uri.toString());
    });

  it('lets go of a capture when its tab is closed', async () => {
    const { openCaptures } = await api();
    assert.equal(openCaptures, 0, 'nothing is open at first');
    await open(inWorkspace('ftp-textbook.pcap'));
    assert.equal((await api()).openCaptures, 1);
    await closeAll();
    const extension = await api();
    await eventually('the worker to end', () => extension.openCaptures === 0);
    assert.equal(extension.active(), null);
  });
});
