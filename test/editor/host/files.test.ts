import assert from 'node:assert/strict';
import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import * as vscode from 'vscode';
import { render } from '../../../src/core/format/message';
import { closeAll, inWorkspace, open } from './captures';

const SAMPLE = 'ftp-textbook.pcap';
const PACKETS = 20;

/** One file of a file system that only VS Code knows: nothing of it has a path on this machine. */
class OneFile implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  constructor(private readonly content: () => Uint8Array) {}

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }
  stat({ path }: vscode.Uri): vscode.FileStat {
    if (path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: vscode.FileType.File, ctime: 0, mtime: 1, size: 1800 };
  }
  readDirectory(): [string, vscode.FileType][] {
    return [[SAMPLE, vscode.FileType.File]];
  }
  readFile(): Uint8Array {
    return this.content();
  }
  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
}

describe('a capture', () => {
  afterEach(closeAll);

  for (const name of [
    '抓包 №1 — São Paulo.pcap',
    '🌊 a#b%41?c&d.pcap',
    "it's [1] {2} $HOME `x`.pcap",
    'e\u0301.pcap',
    '\u202epacp.gnp.pcap',
    'two\nlines.pcap',
  ])
    it(`may be called ${JSON.stringify(name)}`, async () => {
      const uri = inWorkspace(name);
      await vscode.workspace.fs.copy(inWorkspace(SAMPLE), uri, { overwrite: true });
      const capture = await open(uri);
      assert.equal(capture.failure, null);
      assert.equal(capture.summary?.frames, PACKETS);
    });

  it('may be a symbolic link, and may be read-only', async () => {
    const [target, link] = [inWorkspace('read-only.pcap'), inWorkspace('link.pcap')];
    await vscode.workspace.fs.copy(inWorkspace(SAMPLE), target, { overwrite: true });
    chmodSync(target.fsPath, 0o444);
    if (!existsSync(link.fsPath)) symlinkSync(target.fsPath, link.fsPath);
    for (const uri of [target, link]) assert.equal((await open(uri)).summary?.frames, PACKETS, uri.path);
  });

  it('may be in a file system that only VS Code knows', async () => {
    const bytes = await vscode.workspace.fs.readFile(inWorkspace(SAMPLE));
    const provider = vscode.workspace.registerFileSystemProvider('one-file', new OneFile(() => bytes), {
      isReadonly: true,
    });
    try {
      const capture = await open(vscode.Uri.parse(`one-file:/${SAMPLE}`));
      assert.equal(capture.summary?.frames, PACKETS);
      assert.equal((await capture.query('packet', { packet: 1 }))?.layers[0]?.id, 'eth');
    } finally {
      await closeAll();
      provider.dispose();
    }
  });

  it('that its file system cannot read is a failure with its reason', async () => {
    const gone = new OneFile(() => {
      throw vscode.FileSystemError.Unavailable('the network drive is gone');
    });
    const provider = vscode.workspace.registerFileSystemProvider('gone-file', gone);
    try {
      const { failure } = await open(vscode.Uri.parse(`gone-file:/${SAMPLE}`));
      assert.ok(failure, 'it cannot be opened');
      assert.match(render(failure), /the network drive is gone/);
    } finally {
      await closeAll();
      provider.dispose();
    }
  });
});
