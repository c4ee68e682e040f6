import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { CaptureSummary } from '../../src/core/model/summary';
import type { FromWorker, ToWorker, TraceInput } from '../../src/protocol';

const SAMPLE = resolve(__dirname, '../../media/samples/ftp-textbook.pcap');
const FILE_HEADER_BYTES = 24;

describe('worker under worker_threads', () => {
  let folder: string;
  let bundle: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'worker-'));
    bundle = join(folder, 'worker.cjs');
    await build({
      entryPoints: [resolve(__dirname, '../../src/worker/node.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  let worker: Worker | undefined;
  afterEach(() => worker?.terminate());

  /** Opens `input` in a worker and gives what it says to `use`, one message at a time. */
  async function withWorker(
    input: TraceInput,
    use: (next: () => Promise<FromWorker>, post: (message: ToWorker) => void) => Promise<void>,
  ): Promise<void> {
    const started = new Worker(bundle);
    worker = started;
    const messages: FromWorker[] = [];
    let wake = (): void => undefined;
    started.on('message', (message: FromWorker) => {
      messages.push(message);
      wake();
    });
    const next = async (): Promise<FromWorker> => {
      while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return messages.shift()!;
    };
    const post = (message: ToWorker): void => started.postMessage(message);
    post({ type: 'open', input, options: { decompressionLimit: 2 ** 20 } });
    await use(next, post);
  }

  async function end(next: () => Promise<FromWorker>): Promise<CaptureSummary> {
    for (;;) {
      const message = await next();
      assert.equal(message.type, 'progress');
      if (message.type === 'progress' && message.summary.done) return message.summary;
    }
  }

  for (const kind of ['file', 'bytes'] as const)
    it(`reads a capture given as ${kind} and answers`, () =>
      withWorker(
        kind === 'file' ? { kind, path: SAMPLE } : { kind, bytes: readFileSync(SAMPLE) },
        async (next, post) => {
          const summary = await end(next);
          assert.deepEqual([summary.connections, summary.bytesRead], [1, summary.bytesTotal]);
          post({ type: 'query', id: 3, query: 'place', params: { packet: 2 } });
          assert.deepEqual(await next(), {
            type: 'answer',
            id: 3,
            ok: true,
            result: { packet: 2, connection: 0, row: 1 },
          });
        },
      ));

  it('says why a file cannot be opened', () =>
    withWorker({ kind: 'file', path: join(folder, 'none.pcap') }, async (next) => {
      const message = await next();
      assert.equal(message.type, 'failed');
      assert.match(JSON.stringify(message), /ENOENT/);
    }));

  it('stops a long analysis when it is told to, and keeps what was read', async () => {
    const path = join(folder, 'long.pcap');
    const sample = readFileSync(SAMPLE);
    const records = Buffer.concat(Array<Buffer>(5000).fill(sample.subarray(FILE_HEADER_BYTES)));
    const file = openSync(path, 'w');
    writeSync(file, sample.subarray(0, FILE_HEADER_BYTES));
    for (let i = 0; i < 8; i++) writeSync(file, records);
    closeSync(file);
    await withWorker({ kind: 'file', path }, async (next, post) => {
      const first = await next();
      assert.equal(first.type === 'progress' && first.summary.done, false);
      post({ type: 'cancel' });
      const summary = await end(next);
      assert.ok(summary.frames > 0 && summary.bytesRead < summary.bytesTotal);
      assert.equal(summary.notices.at(-1)?.code, 'cancelled');
    });
  });
});
