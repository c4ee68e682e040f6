/** One thread of `npm run fuzz`: runs inputs until one fails. */
import { parentPort, workerData } from 'node:worker_threads';
import { cpuMs, DONE, END, FAILURE, type FuzzReport, type FuzzTask, SEED } from './task';
import { TARGETS } from './targets';

/** The failure and what it came from, in one line each. */
const described = (error: unknown): string =>
  error instanceof Error
    ? [error.stack ?? error.message, ...(error.cause === undefined ? [] : [described(error.cause)])].join('\n')
    : String(error);

function run({ target, from, end, slowMs, progress }: FuzzTask & { readonly progress: Float64Array }): FuzzReport {
  const input = TARGETS.find(({ id }) => id === target)!.prepare();
  let slowestMs = 0;
  for (let seed = from; seed < end; seed++) {
    progress[SEED] = seed;
    const before = process.cpuUsage();
    try {
      input(seed);
    } catch (error) {
      return { type: FAILURE, what: described(error), slowestMs };
    }
    const ms = cpuMs(before);
    slowestMs = Math.max(slowestMs, ms);
    if (ms > slowMs) return { type: FAILURE, what: `takes ${ms.toFixed(0)} ms of CPU`, slowestMs };
  }
  progress[DONE] = 1;
  return { type: END, what: '', slowestMs };
}

parentPort!.postMessage(run(workerData as FuzzTask & { readonly progress: Float64Array }));
