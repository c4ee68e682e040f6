import { spawn } from 'node:child_process';
import path from 'node:path';

/** The project's folder. */
export const ROOT = path.resolve(__dirname, '../..');

/** A file or folder of the project. */
export const inProject = (...parts: string[]): string => path.join(ROOT, ...parts);

/** How a command ended. */
export interface Outcome {
  /** Exit code; 1 where a signal or the time limit ended it or it could not be started. */
  readonly code: number;
  /** Standard output and error as they came, where they were not shown at once. */
  readonly output: string;
  readonly timedOut: boolean;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Show the output as it comes instead of collecting it. */
  readonly show?: boolean;
  /** Milliseconds until the command and its children are ended. */
  readonly limitMs?: number;
}

/** Runs a command to its end. Never rejects: a command that cannot be started is an outcome too. */
export function run(file: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env ?? process.env,
      stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
      // A group of its own, so that the time limit ends its children too.
      detached: process.platform !== 'win32',
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const stop = endWithUs(() => endGroup(child.pid));
    let timedOut = false;
    const limit =
      options.limitMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            endGroup(child.pid);
          }, options.limitMs);
    const finish = (code: number, extra = ''): void => {
      clearTimeout(limit);
      stop();
      resolve({ code, output: Buffer.concat(chunks).toString() + extra, timedOut });
    };
    child.on('error', (error) => finish(1, error.message));
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** Kills a detached child and everything that it started. */
export function endGroup(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended already.
  }
}

const atEnd = new Set<() => void>();

/**
 * Calls `end` when this process ends, by itself or by a signal, unless the returned function was called before.
 * `end` must not wait for anything.
 */
export function endWithUs(end: () => void): () => void {
  if (atEnd.size === 0 && !listening) listen();
  atEnd.add(end);
  return () => atEnd.delete(end);
}

let listening = false;

function listen(): void {
  listening = true;
  process.on('exit', () => {
    for (const end of atEnd) end();
  });
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.on(signal, () => process.exit(128 + number));
}

const PARENT_CHECK_MS = 1000;

/** Ends this process when the one that started it is gone: npm does not pass on every signal, a killed one none. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, PARENT_CHECK_MS).unref();
}

/** Seconds since `start` (of `performance.now()`), for people: "2.1 s". */
export const since = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
