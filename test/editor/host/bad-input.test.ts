import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, inWorkspace, open } from './captures';

const write = async (name: string, bytes: Uint8Array): Promise<vscode.Uri> => {
  const uri = inWorkspace(name);
  await vscode.workspace.fs.writeFile(uri, bytes);
  return uri;
};

const read = async (name: string): Promise<Uint8Array> => vscode.workspace.fs.readFile(inWorkspace(name));

describe('bad input', () => {
  afterEach(closeAll);

  it('that is no capture is named as such', async () => {
    const capture = await open(await write('text.pcap', new TextEncoder().encode('Dear diary, nothing happened.')));
    assert.ok(capture.failure, 'it cannot be opened');
    assert.match(capture.failure.text, /not a capture/i);
  });

  it('that is empty does not throw', async () => {
    const capture = await open(await write('empty.pcap', new Uint8Array(0)));
    assert.ok(capture.failure ?? capture.summary?.frames === 0);
  });

  it('with a header only shows no packets', async () => {
    const capture = await open(await write('header.pcap', (await read('ftp-textbook.pcap')).slice(0, 24)));
    assert.equal(capture.failure, null);
    assert.equal(capture.summary?.frames, 0);
  });

  it('cut in the middle of a packet shows what is before the cut, and says where it is', async () => {
    const whole = await open(inWorkspace('ftp-textbook.pcap'));
    const frames = whole.summary!.frames;
    const bytes = await read('ftp-textbook.pcap');
    const capture = await open(await write('cut.pcap', bytes.slice(0, -1)));
    assert.equal(capture.failure, null);
    assert.equal(capture.summary?.frames, frames - 1);
    const [notice] = capture.summary.notices;
    assert.ok(notice, 'there is a notice');
    assert.equal(notice.packet, frames);
    assert.ok(notice.offset !== undefined && notice.offset > 24 && notice.offset < bytes.length);
  });

  it('with garbage after some packets shows those packets', async () => {
    const bytes = (await read('ftp-textbook.pcap')).slice();
    bytes.fill(0xff, Math.floor(bytes.length / 2));
    const capture = await open(await write('garbage.pcap', bytes));
    assert.equal(capture.failure, null);
    assert.ok(capture.summary!.frames > 0);
    assert.ok(capture.summary!.noticesTotal > 0);
  });

  it('that is gone is a failure, not an exception', async () => {
    const capture = await open(inWorkspace('gone.pcap'));
    assert.ok(capture.failure);
    assert.equal(capture.summary?.frames ?? 0, 0);
  });

  it('leaves the editor able to open a good capture', async () => {
    await open(
      await write(
        'random.pcap',
        Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255),
      ),
    );
    const capture = await open(inWorkspace('ftp-textbook.pcap'));
    assert.equal(capture.summary?.connections, 1);
  });
});
