import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import { SYN } from '../../../src/core/model/flags';
import { encodePcapNs } from '../../support/pcap-ns';
import { encodeFrame } from '../../support/tcp-frames';
import { api, closeAll, eventually, inWorkspace, open } from './captures';

const CAPTURES = 50;
/** Opened before the first measurement: code is compiled and pools are filled only once. */
const WARM_UP = 10;
const MIB = 2 ** 20;

/** Bytes on the heap of the extension host when all garbage is gone, and of its whole process, workers included. */
async function memory(): Promise<{ heap: number; process: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, process: rss };
}

describe('memory', () => {
  afterEach(closeAll);

  it(`is free again when ${CAPTURES} captures were opened and closed`, async function () {
    this.timeout(150_000);
    const uri = inWorkspace('memory.pcap');
    // 20 000 connections: a worker that were not ended would keep more than 10 MiB.
    const frame = (i: number): Uint8Array =>
      encodeFrame({
        source: 0x0a00_0000 + i,
        destination: 0xc000_0201,
        sourcePort: 40_000,
        destinationPort: 80,
        seq: i,
        ack: 0,
        flags: SYN,
        window: 1024,
      });
    const packets = Array.from({ length: 20_000 }, (_, i) => ({ timeNs: BigInt(i) * 1000n, bytes: frame(i) }));
    await vscode.workspace.fs.writeFile(uri, encodePcapNs(packets));
    const extension = await api();
    let before = { heap: 0, process: 0 };
    for (let opened = 0; opened < CAPTURES; opened++) {
      const capture = await open(uri);
      // As much as a view asks, and the rows of a connection.
      await capture.query('connections', { start: 0, end: 1000 });
      await capture.query('segments', { connection: 0, start: 0, end: 10 });
      await closeAll();
      await eventually('the worker to end', () => extension.openCaptures === 0);
      if (opened + 1 === WARM_UP) before = await memory();
    }
    const after = await memory();
    const grown = (after.heap - before.heap) / MIB;
    assert.ok(grown < 4, `the heap has grown by ${grown.toFixed(1)} MiB`);
    const all = (after.process - before.process) / MIB;
    assert.ok(all < 100, `the process has grown by ${all.toFixed(1)} MiB`);
  });
});
