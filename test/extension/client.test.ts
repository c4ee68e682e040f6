import assert from 'node:assert/strict';
import { message, type Message } from '../../src/core/model/message';
import type { CaptureSummary } from '../../src/core/model/summary';
import { WorkerClient } from '../../src/extension/editor/client';
import type { WorkerListener } from '../../src/extension/platform/platform';
import type { ToWorker, TraceInput } from '../../src/protocol';

const CANCEL_WITHIN_MS = 5;

/** A client whose worker is played by the test. */
function harness(input: TraceInput = { kind: 'file', path: '/x.pcap' }) {
  const posted: { message: ToWorker; transfer: readonly ArrayBuffer[] }[] = [];
  const told: (CaptureSummary | Message)[] = [];
  let worker: WorkerListener | undefined;
  let terminated = 0;
  const client = new WorkerClient(
    (listener) => {
      worker = listener;
      return { post: (sent, transfer) => posted.push({ message: sent, transfer }), terminate: () => terminated++ };
    },
    input,
    { decompressionLimit: 5 },
    { progress: (summary) => told.push(summary), failed: (reason) => told.push(reason) },
    CANCEL_WITHIN_MS,
  );
  return { client, posted, told, worker: worker!, terminated: () => terminated };
}

describe('worker client', () => {
  it('opens its input at once', () => {
    const { posted } = harness();
    assert.deepEqual(posted, [
      {
        message: { type: 'open', input: { kind: 'file', path: '/x.pcap' }, options: { decompressionLimit: 5 } },
        transfer: [],
      },
    ]);
  });

  it('moves bytes that own their buffer and copies a part of one', () => {
    const whole = new Uint8Array(8);
    assert.deepEqual(harness({ kind: 'bytes', bytes: whole }).posted[0]?.transfer, [whole.buffer]);
    assert.deepEqual(harness({ kind: 'bytes', bytes: whole.subarray(1) }).posted[0]?.transfer, []);
  });

  it('gives each query its own answer, in whatever order they come', async () => {
    const { client, worker } = harness();
    const first = client.query('place', { packet: 1 });
    const second = client.query('place', { packet: 2 });
    worker.message({ type: 'answer', id: 2, ok: true, result: 'second' });
    worker.message({ type: 'answer', id: 1, ok: false, error: 'no' });
    worker.message({ type: 'answer', id: 99, ok: true, result: 'nobody asked' });
    assert.equal(await second, 'second');
    await assert.rejects(first, /^Error: no$/);
  });

  it('settles everything and says so once when the worker crashes', async () => {
    const { client, worker, told } = harness();
    const waiting = client.query('summary', {});
    worker.crashed('out of memory');
    worker.crashed('exit code 1');
    await assert.rejects(waiting, /out of memory/);
    await assert.rejects(client.query('summary', {}), /out of memory/);
    assert.deepEqual(told, [message('The analysis ended unexpectedly: {0}', 'out of memory')]);
  });

  it('ends the worker of a capture that cannot be opened', async () => {
    const { client, worker, told, terminated } = harness();
    const waiting = client.query('summary', {});
    worker.message({ type: 'failed', message: message('Not a capture file'), revision: 0 });
    await assert.rejects(waiting);
    assert.equal(terminated(), 1);
    assert.deepEqual(told, [message('Not a capture file')]);
  });

  it('ends a worker that does not answer a cancel', async () => {
    const { client, told, terminated } = harness();
    const waiting = client.query('summary', {});
    client.cancel();
    client.cancel();
    await assert.rejects(waiting, /did not answer/);
    assert.deepEqual([told, terminated()], [[message('The analysis did not answer and was ended.')], 1]);
  });

  it('leaves a worker alone that answers a cancel, and one that is done', async () => {
    const { client, worker, posted, terminated } = harness();
    client.cancel();
    worker.message({ type: 'progress', summary: { done: true } as CaptureSummary, revision: 0 });
    client.cancel();
    await new Promise((resolve) => setTimeout(resolve, 5 * CANCEL_WITHIN_MS));
    assert.deepEqual(
      posted.map((sent) => sent.message.type),
      ['open', 'cancel'],
    );
    assert.equal(terminated(), 0);
  });

  it('tells a text of its edits, and goes on where one leaves no trace', async () => {
    const { client, worker, posted, told, terminated } = harness({ kind: 'text', bytes: new Uint8Array(1) });
    const lines = new Uint8Array(3);
    assert.equal(client.edit([{ first: 4, count: 1, lines }]), 1);
    assert.deepEqual(posted.at(-1), {
      message: { type: 'edit', revision: 1, edits: [{ first: 4, count: 1, lines }] },
      transfer: [lines.buffer],
    });
    worker.message({ type: 'failed', message: message('Not a capture file'), revision: 1 });
    assert.deepEqual([told, terminated(), client.isOver], [[message('Not a capture file')], 0, false]);
    assert.equal(client.edit([]), 2);
    // What is done before the edit has been read can still be cancelled.
    worker.message({ type: 'progress', summary: { done: true } as CaptureSummary, revision: 1 });
    client.cancel();
    worker.message({ type: 'progress', summary: { done: true } as CaptureSummary, revision: 2 });
    await new Promise((resolve) => setTimeout(resolve, 5 * CANCEL_WITHIN_MS));
    assert.deepEqual(
      posted.map((sent) => sent.message.type),
      ['open', 'edit', 'edit', 'cancel'],
    );
    assert.equal(terminated(), 0);
  });

  it('settles everything in silence when it is disposed of', async () => {
    const { client, worker, told, posted, terminated } = harness();
    const waiting = client.query('summary', {});
    client.dispose();
    worker.crashed('exit code 1');
    client.cancel();
    await assert.rejects(waiting, /closed/);
    assert.deepEqual([told, terminated(), posted.length], [[], 1, 2]);
  });
});
