/**
 * npm run fuzz [-- --target ID…] [--inputs N] [--seed S]: N inputs in all over the targets, from seed S on. An input
 * fails when it throws, takes more than a second of CPU, or lets the process grow beyond its bound; each failure is told with
 * the command that repeats it. Each target runs in a thread that can be ended, so that an endless loop is a failure too.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { cpuMs, DONE, FAILURE, type FuzzReport, type FuzzTask, SEED } from './task';
import { TARGETS } from './targets';

/** Nothing that the inputs are made of needs more than a fraction of it. */
const MEMORY_LIMIT_MB = 1024;
const SLOW_MS = 1000;
/** A thread that computes for so long with one input will not end. */
const HANG_MS = 20_000;
const WATCH_EVERY_MS = 250;
/** After so many failures of a target its run tells nothing new. */
const MOST_FAILURES = 20;

interface Found {
  readonly seed: number;
  readonly what: string;
}

interface Result {
  readonly inputs: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly megabytes: number;
  readonly failures: readonly Found[];
}

/** Runs the inputs of seeds `[from, end)` in a thread until one fails; says how far it came. */
function runThread(task: FuzzTask, failures: Found[]): Promise<{ next: number; slowestMs: number; megabytes: number }> {
  return new Promise((resolve) => {
    const progress = new Float64Array(new SharedArrayBuffer(16));
    progress[SEED] = task.from;
    const thread = new Worker(path.join(__dirname, 'thread.ts'), {
      workerData: { ...task, progress },
      // Threads take no loaders of the main one over.
      execArgv: ['--require', 'tsx/cjs'],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
    });
    let megabytes = 0;
    let slowestMs = 0;
    let [seed, since] = [task.from, process.cpuUsage()];
    const fail = (what: string): void => {
      failures.push({ seed: progress[SEED]!, what });
    };
    const watch = setInterval(() => {
      megabytes = Math.max(megabytes, process.memoryUsage.rss() / 2 ** 20);
      if (progress[SEED] !== seed) [seed, since] = [progress[SEED]!, process.cpuUsage()];
      else if (cpuMs(since) > HANG_MS && progress[DONE] === 0) {
        fail(`does not end within ${HANG_MS / 1000} s of CPU`);
        void thread.terminate();
      } else if (megabytes > MEMORY_LIMIT_MB) {
        fail(`${megabytes.toFixed(0)} MB`);
        void thread.terminate();
      }
    }, WATCH_EVERY_MS);
    thread.on('message', (report: FuzzReport) => {
      slowestMs = report.slowestMs;
      if (report.type === FAILURE) fail(report.what);
    });
    thread.on('error', (error) => fail(error.message));
    thread.on('exit', () => {
      clearInterval(watch);
      resolve({ next: progress[DONE] === 0 ? progress[SEED]! + 1 : task.end, slowestMs, megabytes });
    });
  });
}

async function fuzz(target: string, from: number, end: number): Promise<Result> {
  const failures: Found[] = [];
  const started = performance.now();
  let [next, slowestMs, megabytes] = [from, 0, 0];
  while (next < end && failures.length < MOST_FAILURES) {
    const ran = await runThread({ target, from: next, end, slowMs: SLOW_MS }, failures);
    slowestMs = Math.max(slowestMs, ran.slowestMs);
    megabytes = Math.max(megabytes, ran.megabytes);
    next = ran.next;
  }
  return { inputs: next - from, seconds: (performance.now() - started) / 1000, slowestMs, megabytes, failures };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      inputs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = TARGETS.filter(({ id }) => values.target?.includes(id) ?? true);
  if (values.help || chosen.length === 0) {
    console.log('npm run fuzz -- [--target ID…] [--inputs N] [--seed S]\n\nTargets:');
    for (const { id, about } of TARGETS) console.log(`  ${id.padEnd(10)} ${about}`);
    return;
  }
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  const seed = Number(values.seed);
  for (const { id, share } of chosen) {
    const inputs = Math.max(1, Math.round((Number(values.inputs) * share) / shares));
    const ran = await fuzz(id, seed, seed + inputs);
    console.log(
      `${id.padEnd(10)} ${ran.inputs} inputs from seed ${seed} on in ${ran.seconds.toFixed(0)} s, ` +
        `slowest ${ran.slowestMs.toFixed(0)} ms, at most ${ran.megabytes.toFixed(0)} MB, ${ran.failures.length} failures`,
    );
    for (const failure of ran.failures)
      console.log(`  npm run fuzz -- --target ${id} --seed ${failure.seed} --inputs 1: ${failure.what}`);
    if (ran.failures.length > 0) process.exitCode = 1;
  }
}

void main();
