/** Reads a capture as the extension does: in its worker, with a page of rows asked for now and then. `FILE`. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../../src/protocol';

const ASK_EVERY_MS = 100;
const ROWS = 60;

const worker = new Worker(path.resolve('dist/worker.js'));
const post = (message: ToWorker): void => worker.postMessage(message);
post({
  type: 'open',
  input: { kind: 'file', path: path.resolve(process.argv[2]!) },
  options: { decompressionLimit: Infinity },
});
let id = 0;
const asking = setInterval(
  () => post({ type: 'query', id: id++, query: 'connections', params: { start: 0, end: ROWS } }),
  ASK_EVERY_MS,
);
worker.on('message', (message: FromWorker) => {
  if (message.type === 'failed') throw new Error(message.message.text);
  if (message.type !== 'progress' || !message.summary.done) return;
  clearInterval(asking);
  void worker.terminate();
});
