import { Session, type Profiler } from 'node:inspector/promises';
import path from 'node:path';
import { ours } from './captures';

/**
 * Runs something, and returns the longest time that code of ours kept the extension host to itself meanwhile, in
 * milliseconds, 0 where none has run: VS Code's own extensions run in there, too, and block it for longer than ours does.
 */
export async function longestOwnTime(work: () => Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLED_US });
    await session.post('Profiler.start');
    await work();
    const { profile } = await session.post('Profiler.stop');
    return longestOf(profile, path.join(ours().extensionPath, 'dist', 'extension.js'));
  } finally {
    session.disconnect();
  }
}

const SAMPLED_US = 500;

function longestOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, file: string): number {
  const own = new Set<number>();
  // A node stands behind the one that called it.
  for (const { id, callFrame, children = [] } of nodes) {
    if (callFrame.url.endsWith(file)) own.add(id);
    if (own.has(id)) for (const child of children) own.add(child);
  }
  let longest = 0;
  let current = 0;
  samples.forEach((node, i) => {
    current = own.has(node) ? current + timeDeltas[i]! : 0;
    longest = Math.max(longest, current);
  });
  return longest / 1000;
}
