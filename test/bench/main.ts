/**
 * npm run bench [-- KIND…] [--scale 0.1] [--rounds 5] [--json FILE]: ours beside the usual tools, on made captures, in one
 * run, in turns, with a warm cache; medians. Tools that are not installed are left out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Kind, KINDS, makeCapture } from './traffic';

interface Tool {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Kinds that it takes minutes or gigabytes for. */
  readonly skips?: readonly string[];
}

interface Result {
  readonly tool: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

const CLI = path.resolve('dist/cli.js');
const READER = path.resolve('out/bench-pcap-parser.js');

const TOOLS: readonly Tool[] = [
  { name: 'ours: info', command: [process.execPath, CLI, 'info'] },
  { name: 'ours: connections', command: [process.execPath, CLI, 'connections', '--json'] },
  { name: 'cat', command: ['cat'] },
  { name: 'capinfos -c', command: ['capinfos', '-c'] },
  { name: 'pcap-parser', command: [process.execPath, READER] },
  { name: 'tcptrace', command: ['tcptrace', '-n'], skips: ['synflood'] },
  { name: 'tcpdump -nn -r', command: ['tcpdump', '-nn', '-r'], skips: ['small', 'synflood'] },
  {
    name: 'tshark analysis',
    command: ['tshark', '-T', 'fields', '-e', 'frame.number', '-e', 'tcp.stream', '-e', 'tcp.analysis.flags', '-r'],
    skips: ['one'],
  },
];

const isInstalled = ({ command: [program] }: Tool): boolean =>
  existsSync(program) || spawnSync('which', [program]).status === 0;

/** Runs a program on a file under GNU time. Output goes nowhere. */
function run({ name, command }: Tool, file: string, report: string): Result {
  const [program, ...args] = command;
  const started = performance.now();
  const { status, error } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', report, program, ...args, file], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const seconds = (performance.now() - started) / 1000;
  if (error !== undefined || status !== 0) throw new Error(`${name} failed on ${file}: ${error?.message ?? status}`);
  const [user, system, kilobytes] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  return { tool: name, seconds, cpuSeconds: user! + system!, megabytes: kilobytes! / 1024 };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function bench(kind: Kind, folder: string, scale: number, rounds: number): unknown {
  const file = path.join(folder, `${kind.name}.pcap`);
  const { packets, bytes } = makeCapture(file, kind, scale);
  console.log(`\n${kind.name}: ${kind.about}; ${packets} packets, ${(bytes / 1e6).toFixed(0)} MB`);
  const tools = TOOLS.filter((tool) => !tool.skips?.includes(kind.name) && isInstalled(tool));
  const results = new Map<string, Result[]>(tools.map(({ name }) => [name, []]));
  const report = path.join(folder, 'time');
  for (let round = 0; round < rounds; round++)
    for (const tool of tools) results.get(tool.name)!.push(run(tool, file, report));
  const medians = [...results].map(([tool, all]) => ({
    tool,
    seconds: median(all.map(({ seconds }) => seconds)),
    cpuSeconds: median(all.map(({ cpuSeconds }) => cpuSeconds)),
    megabytes: median(all.map(({ megabytes }) => megabytes)),
  }));
  const ours = medians[0]!.seconds;
  for (const { tool, seconds, cpuSeconds, megabytes } of medians)
    console.log(
      `  ${tool.padEnd(20)} ${seconds.toFixed(2).padStart(8)} s  ${cpuSeconds.toFixed(2).padStart(8)} s CPU  ${megabytes.toFixed(0).padStart(6)} MB  ${(seconds / ours).toFixed(2).padStart(7)} × ours`,
    );
  rmSync(file);
  return { kind: kind.name, packets, bytes, results: medians };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scale: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
    },
  });
  const wanted = positionals.length === 0 ? KINDS : KINDS.filter(({ name }) => positionals.includes(name));
  if (wanted.length === 0) throw new Error(`kinds are ${KINDS.map(({ name }) => name).join(', ')}`);
  const machine = `${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, Node.js ${process.version}`;
  console.log(`${machine}; medians of ${values.rounds}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tcp-trace-bench-'));
  try {
    const kinds = wanted.map((kind) => bench(kind, folder, Number(values.scale), Number(values.rounds)));
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine, kinds }, null, 2));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main();
