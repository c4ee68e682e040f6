import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** What is timed: one line each. The file comes last on its command line. */
export interface Tool {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Kinds that it takes minutes or gigabytes for: left out, unless it is asked for by name. */
  readonly skips?: readonly string[];
}

const CLI = path.resolve('dist/cli.js');
const ours = (entry: string, ...args: string[]): Tool['command'] => [
  process.execPath,
  path.resolve(`out/${entry}.js`),
  ...args,
];

export const TOOLS: readonly Tool[] = [
  { name: 'ours: info', command: [process.execPath, CLI, 'info'] },
  { name: 'ours: connections', command: [process.execPath, CLI, 'connections', '--json'] },
  // What an editor does: another thread that answers messages while it reads.
  { name: 'ours: worker', command: ours('bench-worker') },
  { name: 'ours: checksums', command: ours('bench-analysis', 'checksums') },
  { name: 'ours: no checksums', command: ours('bench-analysis', 'no-checksums') },
  { name: 'cat', command: ['cat'] },
  { name: 'capinfos -c', command: ['capinfos', '-c'] },
  { name: 'pcap-parser', command: ours('bench-pcap-parser') },
  { name: 'tcptrace', command: ['tcptrace', '-n'], skips: ['synflood', 'colliding', 'scan'] },
  {
    name: 'tcpdump -nn -r',
    command: ['tcpdump', '-nn', '-r'],
    skips: ['small', 'synflood', 'colliding', 'scan'],
  },
  {
    name: 'tshark analysis',
    command: ['tshark', '-T', 'fields', '-e', 'frame.number', '-e', 'tcp.stream', '-e', 'tcp.analysis.flags', '-r'],
    skips: ['one', 'colliding', 'scan'],
  },
];

export const isInstalled = ({ command: [program] }: Tool): boolean =>
  existsSync(program) || spawnSync('which', [program]).status === 0;
