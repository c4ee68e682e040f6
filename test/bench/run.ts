import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tool } from './tools';

/** What a run took: wall time, CPU of all its threads, and memory at its most. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** Runs a program on a file under GNU time. Output goes nowhere. */
export function run({ name, command }: Tool, file: string): Cost {
  const [program, ...args] = command;
  const report = path.join(tmpdir(), `bench-${process.pid}`);
  const started = performance.now();
  const { status, error } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', report, program, ...args, file], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const seconds = (performance.now() - started) / 1000;
  if (error !== undefined || status !== 0) throw new Error(`${name} failed on ${file}: ${error?.message ?? status}`);
  const [user, system, kilobytes] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  rmSync(report);
  return { seconds, cpuSeconds: user! + system!, megabytes: kilobytes! / 1024 };
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

export const medianCost = (costs: readonly Cost[]): Cost => ({
  seconds: median(costs.map(({ seconds }) => seconds)),
  cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
  megabytes: median(costs.map(({ megabytes }) => megabytes)),
});
