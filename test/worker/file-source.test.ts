import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadError } from '../../src/core/bytes/source';
import { fileSource } from '../../src/worker/file-source';

describe('file source', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'file-source-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('reads ranges, and fewer bytes at the end', () => {
    const path = join(folder, 'a 捕获 [x].pcap');
    writeFileSync(path, 'abcdef');
    const source = fileSource(path);
    const target = Buffer.alloc(8, '.');
    assert.equal(source.read(2, target, 1, 3), 3);
    assert.equal(target.toString(), '.cde....');
    assert.equal(source.read(4, target, 0, 8), 2);
    assert.equal(source.read(6, target, 0, 8), 0);
    assert.equal(source.size, 6);
    source.close();
  });

  it('sees a file grow', () => {
    const path = join(folder, 'grows');
    writeFileSync(path, 'ab');
    const source = fileSource(path);
    appendFileSync(path, 'cd');
    assert.equal(source.size, 4);
    assert.equal(source.read(2, Buffer.alloc(4), 0, 4), 2);
    source.close();
  });

  it('tells a failed read with its position', () => {
    const path = join(folder, 'fails');
    writeFileSync(path, 'ab');
    const source = fileSource(path);
    assert.equal(source.size, 2);
    source.close(); // everything now fails with EBADF, as it does with EIO on a broken disk, or ESTALE without the network
    assert.equal(source.size, 2, 'as long as it was');
    assert.throws(
      () => source.read(1, Buffer.alloc(1), 0, 1),
      (error) => error instanceof ReadError && error.position === 1 && error.message.includes('EBADF'),
    );
  });

  it('refuses folders and what does not exist', () => {
    assert.throws(() => fileSource(folder), /not a plain file|EISDIR/);
    assert.throws(() => fileSource(join(folder, 'none')), /ENOENT/);
  });

  // Windows has no named pipes in the file system.
  if (process.platform !== 'win32')
    it('does not wait for a pipe', () => {
      const path = join(folder, 'pipe');
      execFileSync('mkfifo', [path]);
      assert.throws(() => fileSource(path), /not a plain file/);
    });
});
