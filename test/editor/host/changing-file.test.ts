import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { api, closeAll, eventually, EXTENSION, inWorkspace, open } from './captures';

const FILE_HEADER_BYTES = 24;

/** How many packets another process finds in a file; it has no part in this editor. */
function packetsOf(uri: vscode.Uri): Promise<number> {
  const cli = path.join(vscode.extensions.getExtension(EXTENSION)!.extensionPath, 'dist/cli.js');
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, 'info', uri.fsPath, '--json'], { env }, (error, said) => {
      // 2: the last packet is not there as a whole yet.
      if (error !== null && error.code !== 2) reject(new Error(error.message));
      else resolve((JSON.parse(said) as { frames: number }).frames);
    });
  });
}

describe('a file that changes while it is open', () => {
  const uri = (): vscode.Uri => inWorkspace('changing.pcap');
  const sample = async (name: string): Promise<Uint8Array> => vscode.workspace.fs.readFile(inWorkspace(name));

  /** Waits until the file is read to its end and has that many packets. */
  const hasPackets = async (expected: number): Promise<void> => {
    const extension = await api();
    await eventually(`${expected} packets`, () => {
      const summary = extension.active()?.summary;
      return summary?.done && summary.frames === expected;
    });
  };
  /** Waits for a notice. */
  const hasNotice = async (code: string): Promise<void> => {
    const extension = await api();
    await eventually(`the notice ${code}`, () =>
      extension.active()?.summary?.notices.some((notice) => notice.code === code),
    );
  };

  afterEach(closeAll);

  it('is read on where it grows', async () => {
    const whole = await sample('ftp-textbook.pcap');
    await vscode.workspace.fs.writeFile(uri(), whole.slice(0, FILE_HEADER_BYTES));
    const capture = await open(uri());
    assert.equal(capture.summary?.frames, 0);
    await vscode.workspace.fs.writeFile(uri(), whole);
    await hasPackets(20);
  });

  it('is read on where it grows behind a symbolic link, and where that leads to another one', async () => {
    const whole = await sample('ftp-textbook.pcap');
    const folder = mkdtempSync(path.join(tmpdir(), 'elsewhere-'));
    const [first, second] = ['first.pcap', 'second.pcap'].map((name) => path.join(folder, name)) as [string, string];
    const link = inWorkspace('latest.pcap');
    try {
      for (const file of [first, second]) writeFileSync(file, whole.subarray(0, FILE_HEADER_BYTES));
      symlinkSync(first, link.fsPath);
      const capture = await open(link);
      assert.equal(capture.summary?.frames, 0);
      writeFileSync(first, await sample('handshake.pcap'));
      await hasPackets(3);
      // As programs do that begin a new file every hour.
      symlinkSync(second, `${link.fsPath}.new`);
      renameSync(`${link.fsPath}.new`, link.fsPath);
      await hasPackets(0);
      writeFileSync(second, whole);
      await hasPackets(20);
      rmSync(second);
      await hasNotice('file-deleted');
    } finally {
      rmSync(link.fsPath, { force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is read by several at once while it grows', async () => {
    const whole = await sample('ftp-textbook.pcap');
    await vscode.workspace.fs.writeFile(uri(), whole.slice(0, FILE_HEADER_BYTES));
    await open(uri());
    const seen: number[] = [];
    // Pieces end in the middle of packets, as those that a capturing program writes do.
    const piece = Math.ceil((whole.length - FILE_HEADER_BYTES) / 4);
    for (let at = FILE_HEADER_BYTES; at < whole.length; at += piece) {
      const read = packetsOf(uri());
      appendFileSync(uri().fsPath, whole.slice(at, at + piece));
      seen.push(await read);
    }
    await hasPackets(20);
    seen.push(await packetsOf(uri()));
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.equal(seen.at(-1), 20);
  });

  it('is read anew where it is replaced', async () => {
    await vscode.workspace.fs.writeFile(uri(), await sample('ftp-textbook.pcap'));
    await open(uri());
    await hasPackets(20);
    await vscode.workspace.fs.writeFile(uri(), await sample('handshake.pcap'));
    await hasPackets(3);
    assert.equal((await api()).openCaptures, 1);
  });

  it('stays as it was read, with a notice, where it turns into something else', async () => {
    await vscode.workspace.fs.writeFile(uri(), await sample('handshake.pcap'));
    await open(uri());
    await vscode.workspace.fs.writeFile(uri(), new TextEncoder().encode('no capture any more, at all'));
    await hasNotice('file-changed');
    await hasPackets(3);
  });

  it('stays as it was read, with a notice, where it is deleted', async () => {
    await vscode.workspace.fs.writeFile(uri(), await sample('handshake.pcap'));
    await open(uri());
    await vscode.workspace.fs.delete(uri());
    await hasNotice('file-deleted');
    await hasPackets(3);
  });
});
