import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ACK } from '../../../src/core/model/flags';
import { EXPORT_FORMATS } from '../../../src/extension/export/formats';
import { encodePcapNs } from '../../support/pcap-ns';
import { privateCapture, SECRETS } from '../../support/private-capture';
import { encodeFrame } from '../../support/tcp-frames';
import { closeAll, eventually, inWorkspace, open } from './captures';
import { showText } from './texts';

interface Asked {
  readonly format: string;
  readonly connection?: number;
  readonly anonymise?: boolean;
  readonly payload?: boolean;
  readonly packets?: readonly [number, number];
}

/** Exports of the active trace, and gives what was written; `null` where nothing was. */
async function exported(asked: Asked): Promise<Buffer | null> {
  const target = inWorkspace('exported.out');
  await vscode.workspace.fs.delete(target).then(undefined, () => undefined);
  await vscode.commands.executeCommand('tcpTrace.export', { ...asked, target });
  return vscode.workspace.fs.readFile(target).then(
    (bytes) => Buffer.from(bytes),
    () => null,
  );
}

const exportedText = async (asked: Asked): Promise<string> => (await exported(asked))?.toString('utf8') ?? '';

/** A connection of which only ACKs were captured. */
const acks = (segments: number): Uint8Array =>
  encodePcapNs(
    Array.from({ length: segments }, (_, i) => ({
      timeNs: BigInt(i) * 1_000_000n,
      bytes: encodeFrame({
        source: 1,
        destination: 2,
        sourcePort: 40000,
        destinationPort: 80,
        seq: 1,
        ack: i,
        flags: ACK,
        window: 1000,
      }),
    })),
  );

describe('an export', () => {
  afterEach(closeAll);

  // Connection 3 of the sample is refused (its README): a SYN, and the reset that answers it.
  const REFUSED = 3;

  it('as SVG stands alone', async () => {
    await open(inWorkspace('start-here.pcapng'));
    const svg = await exportedText({ format: 'svg', connection: REFUSED });
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*<\/svg>\n$/);
    assert.doesNotMatch(svg, /<script|<image|href=|url\(|var\(/);
    assert.match(svg, /10\.1\.0\.2:50013/);
    assert.equal(svg.match(/>SYN seq 0 /g)?.length, 1);
    assert.equal(svg.match(/>RST ACK /g)?.length, 1);
  });

  it('as PNG is the same picture, twice as large', async () => {
    await open(inWorkspace('start-here.pcapng'));
    const svg = await exportedText({ format: 'svg', connection: REFUSED });
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
    const png = await exported({ format: 'png', connection: REFUSED });
    assert.ok(png);
    // The PNG specification, §5.2 and §11.2.2: the signature, then IHDR with width and height.
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.equal(png.toString('latin1', 12, 16), 'IHDR');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * Number(width), 2 * Number(height)]);
    // A picture of one colour would be a few hundred bytes.
    assert.ok(png.length > 10_000, `${png.length} bytes`);
  });

  it('as Mermaid, Markdown and text has a line a segment', async () => {
    await open(inWorkspace('start-here.pcapng'));
    const asked = { connection: REFUSED };
    assert.equal((await exportedText({ ...asked, format: 'mermaid' })).match(/^ {2}[CS]-.*#35;26[45] /gm)?.length, 2);
    assert.equal((await exportedText({ ...asked, format: 'markdown' })).match(/^\| 26[45] \|/gm)?.length, 2);
    assert.equal((await exportedText({ ...asked, format: 'text' })).match(/─→|←─/g)?.length, 2);
  });

  it('of segments is a table for programs', async () => {
    const capture = await open(inWorkspace('start-here.pcapng'));
    const rows = await capture.query('segments', { connection: 1, start: 0, end: 2000 });
    const csv = (await exportedText({ format: 'segments-csv', connection: 1 })).trimEnd().split('\n');
    assert.match(csv[0]!, /^packet,time,from,/);
    assert.equal(csv.length, 1 + rows.length);
    const json = JSON.parse(await exportedText({ format: 'segments-json', connection: 1 })) as { packet: number }[];
    assert.deepEqual(
      json.map(({ packet }) => packet),
      rows.map(({ packet }) => packet),
    );
  });

  it('of the table of connections has them all', async () => {
    await open(inWorkspace('start-here.pcapng'));
    const csv = (await exportedText({ format: 'connections-csv' })).trimEnd().split('\n');
    assert.equal(csv.length, 7);
    const json = JSON.parse(await exportedText({ format: 'connections-json' })) as { server: { port: number } }[];
    assert.deepEqual(
      json.map(({ server }) => server.port),
      [80, 80, 80, 8443, 4000, 80],
    );
  });

  it('of packets is a capture of that connection alone', async () => {
    const whole = await open(inWorkspace('start-here.pcapng'));
    const [before] = await whole.query('connections', { start: 1, end: 2 });
    const bytes = await exported({ format: 'pcapng', connection: 1 });
    const uri = inWorkspace('one.pcapng');
    await vscode.workspace.fs.writeFile(uri, bytes!);
    const one = await open(uri);
    assert.equal(one.summary?.connections, 1);
    const [after] = await one.query('connections', { start: 0, end: 1 });
    for (const part of ['client', 'server', 'segments', 'start', 'durationNs', 'state', 'notes'] as const)
      assert.deepEqual(after![part], before![part], part);
  });

  for (const { id } of EXPORT_FORMATS.filter((format) => format.id !== 'png'))
    it(`as ${id} keeps addresses and what was said from its reader, where that is asked for`, async () => {
      const uri = inWorkspace('private.pcapng');
      await vscode.workspace.fs.writeFile(uri, privateCapture());
      await open(uri);
      const bytes = await exported({ format: id, connection: 0, anonymise: true, payload: false });
      assert.ok(bytes && bytes.length > 50);
      assert.doesNotMatch(bytes.toString('latin1'), SECRETS);
      assert.equal(bytes.includes(Buffer.of(10, 0, 0, 1)), false);
    });

  it('of a long connection ends where nobody reads on, and is no picture of pixels', async function () {
    this.timeout(60_000);
    const uri = inWorkspace('long.pcap');
    await vscode.workspace.fs.writeFile(uri, acks(5001));
    await open(uri);
    const text = await exportedText({ format: 'text', connection: 0 });
    assert.equal(text.match(/─→|←─/g)?.length, 5000);
    assert.equal(await exported({ format: 'png', connection: 0 }), null);
    // Any part of it can be had.
    const part = await exportedText({ format: 'markdown', connection: 0, packets: [4000, 4010] });
    assert.deepEqual(
      [...part.matchAll(/^\| (\d+) \|/gm)].map(([, packet]) => Number(packet)),
      Array.from({ length: 11 }, (_, i) => 4000 + i),
    );
    assert.match(part, /segments 4\s000 to 4\s010 of 5\s001/);
    assert.ok(await exported({ format: 'png', connection: 0, packets: [4000, 4010] }));
  });

  it('of a text trace has no packets, and all the rest', async () => {
    await showText('export.tcpdump');
    const svg = await eventually('the diagram', () => exportedText({ format: 'svg', connection: 0 }));
    assert.match(svg, /^<svg /);
    assert.equal(await exported({ format: 'pcapng', connection: 0 }), null);
    await closeAll();
  });
});
