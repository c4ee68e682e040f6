// npm run bench: our analysis beside pcap-parser, which only counts, on one made capture, in one run.
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'pcap-parser';
import { Trace } from '../../src/core/analyze';
import { fileSource } from '../../src/worker/file-source';
import { pcapHeader, pcapRecord } from '../support/capture-builders';
import { encodeFrame } from '../support/tcp-frames';

const PACKETS = 300_000;
const CONNECTIONS = 1000;
const PAYLOAD_BYTES = 1000;
const ROUNDS = 5;
const ACK_PSH = 0x18;
const LINKTYPE_RAW = 101;
const CLIENT = 0x0a000001;
const SERVER = 0x0a000002;

/** A capture of connections that take turns, two segments with data each way and no end. Returns its bytes. */
function makeCapture(file: string): number {
  const output = openSync(file, 'w');
  let bytes = writeSync(output, pcapHeader({ link: LINKTYPE_RAW }));
  let pending: Uint8Array[] = [];
  for (let packet = 0; packet < PACKETS; packet++) {
    const connection = packet % CONNECTIONS;
    const turn = Math.floor(packet / CONNECTIONS);
    const seq = 1000 + (turn >> 1) * PAYLOAD_BYTES;
    const fromClient = turn % 2 === 0;
    const frame = encodeFrame({
      source: fromClient ? CLIENT : SERVER,
      destination: fromClient ? SERVER : CLIENT,
      sourcePort: fromClient ? 10_000 + connection : 80,
      destinationPort: fromClient ? 80 : 10_000 + connection,
      seq,
      ack: seq + (fromClient ? 0 : PAYLOAD_BYTES),
      flags: ACK_PSH,
      window: 60_000,
      payloadBytes: PAYLOAD_BYTES,
    });
    pending.push(
      pcapRecord(frame, { seconds: 1_700_000_000 + Math.floor(packet / 1000), fraction: (packet % 1000) * 1000 }),
    );
    if (pending.length === 1000) {
      bytes += writeSync(output, Buffer.concat(pending));
      pending = [];
    }
  }
  return bytes;
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!;

function analyse(file: string): void {
  const trace = Trace.open(fileSource(file), { decompressionLimit: 0 });
  while (trace.step());
  const { frames } = trace.summary();
  if (frames !== PACKETS) throw new Error(`ours read ${frames} of ${PACKETS} packets`);
}

const count = (file: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let packets = 0;
    parse(file)
      .on('packet', () => packets++)
      .on('error', reject)
      .on('end', () =>
        packets === PACKETS ? resolve() : reject(new Error(`pcap-parser read ${packets} of ${PACKETS} packets`)),
      );
  });

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tcp-trace-bench-'));
  try {
    const file = path.join(folder, 'bench.pcap');
    const megabytes = makeCapture(file) / 1e6;
    const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] };
    for (let round = 0; round < ROUNDS; round++) {
      let start = performance.now();
      analyse(file);
      times.ours.push(performance.now() - start);
      start = performance.now();
      await count(file);
      times.theirs.push(performance.now() - start);
    }
    const [ours, theirs] = [median(times.ours), median(times.theirs)];
    console.log(
      `${PACKETS} packets, ${megabytes.toFixed(0)} MB, medians of ${ROUNDS} (${os.cpus()[0]?.model ?? 'unknown'})`,
    );
    console.log(`TCP Trace Explorer, whole analysis   ${ours.toFixed(0)} ms`);
    console.log(`pcap-parser, counting only           ${theirs.toFixed(0)} ms   ${(theirs / ours).toFixed(2)} ×`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
