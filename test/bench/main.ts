/** Ours beside the usual tools, on made captures, in one run, in turns, with a warm cache; medians. See {@link USAGE}. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Cost, medianCost, run } from './run';
import { isInstalled, type Tool, TOOLS } from './tools';
import { type Kind, KINDS, makeCapture } from './traffic';

const USAGE = `npm run bench -- [KIND…] [--scale 1] [--rounds 5] [--tool NAME…] [--linear] [--json FILE]

Times programs on captures that it makes, and prints medians: time, CPU, memory at its most, and for ours the
memory over that of an empty Node.js, by packet. Tools that are not installed are left out, and so are those
that take minutes for a kind, unless --tool names them.
With --linear, ours alone on a tenth of each kind and on all of it: what ten times the input costs.

Kinds:
${KINDS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

Tools: ${TOOLS.map(({ name }) => name).join(', ')}
`;

const NOTHING: Tool = { name: 'node', command: [process.execPath, '-e', '0'] };
const OURS = 'ours';

interface Options {
  readonly folder: string;
  readonly scale: number;
  readonly rounds: number;
  readonly tools: readonly string[];
  /** Memory of an empty Node.js, in MB. */
  readonly base: number;
}

interface Row extends Cost {
  readonly tool: string;
  /** Bytes of memory over an empty Node.js, by packet. */
  readonly bytesPerPacket: number;
}

interface Measured {
  readonly kind: string;
  readonly packets: number;
  readonly bytes: number;
  readonly rows: readonly Row[];
}

/** Runs tools in turns on a capture of a kind. */
function measure(kind: Kind, tools: readonly Tool[], scale: number, { folder, rounds, base }: Options): Measured {
  const file = path.join(folder, `${kind.name}.pcap`);
  const { packets, bytes } = makeCapture(file, kind, scale);
  const costs = new Map<string, Cost[]>(tools.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) for (const tool of tools) costs.get(tool.name)!.push(run(tool, file));
  rmSync(file);
  const rows = [...costs].map(([tool, all]) => {
    const cost = medianCost(all);
    return { tool, ...cost, bytesPerPacket: ((cost.megabytes - base) * 2 ** 20) / packets };
  });
  return { kind: kind.name, packets, bytes, rows };
}

const column = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);

function compare(kind: Kind, options: Options): Measured {
  const named = options.tools;
  const tools = TOOLS.filter(
    (tool) =>
      (named.length > 0 ? named.includes(tool.name) : tool.skips?.includes(kind.name) !== true) && isInstalled(tool),
  );
  const measured = measure(kind, tools, options.scale, options);
  const { packets, bytes, rows } = measured;
  console.log(`\n${kind.name}: ${kind.about}; ${packets} packets, ${(bytes / 1e6).toFixed(0)} MB`);
  for (const { tool, seconds, cpuSeconds, megabytes, bytesPerPacket } of rows)
    console.log(
      `  ${tool.padEnd(20)} ${column(seconds, 2, 8)} s  ${column(cpuSeconds, 2, 8)} s CPU  ${column(megabytes, 0, 6)} MB  ` +
        `${column(seconds / rows[0]!.seconds, 2, 7)} × ${rows[0]!.tool}` +
        (tool.startsWith(OURS) ? `  ${column(bytesPerPacket, 0, 4)} B a packet` : ''),
    );
  return measured;
}

/** What ten times the input costs, as ratios of time, CPU and memory over an empty Node.js. */
function compareSizes(kind: Kind, options: Options): readonly Measured[] {
  const tool = TOOLS.filter(({ name }) => name === 'ours: connections');
  const sizes = [options.scale / 10, options.scale].map((scale) => measure(kind, tool, scale, options));
  const [tenth, whole] = sizes.map(({ rows }) => rows[0]!) as [Row, Row];
  const ratio = (of: (row: Row) => number): string => column(of(whole) / of(tenth), 1, 5);
  console.log(
    `${kind.name.padEnd(10)} ${sizes.map(({ packets }) => packets).join(' → ')} packets: ` +
      `${ratio(({ seconds }) => seconds)} × the time, ${ratio(({ cpuSeconds }) => cpuSeconds)} × the CPU, ` +
      `${ratio(({ megabytes }) => megabytes - options.base)} × the memory`,
  );
  return sizes;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scale: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      tool: { type: 'string', multiple: true, default: [] },
      linear: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const wanted = positionals.length === 0 ? KINDS : KINDS.filter(({ name }) => positionals.includes(name));
  if (values.help || wanted.length === 0) {
    console.log(USAGE);
    return;
  }
  const cpu = `${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}`;
  const machine = `${cpu}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, Node.js ${process.version}`;
  const load = os.loadavg()[0]!.toFixed(1);
  console.log(`${machine}, load ${load}; medians of ${values.rounds}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tcp-trace-bench-'));
  try {
    const options: Options = {
      folder,
      scale: Number(values.scale),
      rounds: Number(values.rounds),
      tools: values.tool,
      base: run(NOTHING, folder).megabytes,
    };
    const kinds = wanted.map((kind) => (values.linear ? compareSizes(kind, options) : compare(kind, options)));
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine, load, kinds }, null, 2));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main();
