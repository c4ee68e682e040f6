/**
 * npm run bench:typing [-- --mib 10] [--keys 30]: how long a keystroke takes in a long text trace of many connections,
 * with all that the extension shows of a text and with nothing of it, in a real editor in a headless Chromium. Compare
 * the two: how long either takes depends on what else the machine does, which is printed beside.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import manifest from '../../package.json' with { type: 'json' };
import { Editor } from '../support/editor/editor';

/** Between two keys, as a fast typist has it. */
const KEY_EVERY_MS = 150;
/** Until a text that was opened has been read, and the editor has come to rest. */
const REST_MS = 12_000;
/** The Event Timing API rounds to as much, and tells of nothing shorter than 16 ms. */
const GRAIN_MS = 8;

const { values } = parseArgs({
  options: { mib: { type: 'string', default: '10' }, keys: { type: 'string', default: '30' } },
});
const keys = Number(values.keys);

/** Complete connections of ten segments, four at a time, as tcpdump prints them. */
function manyConnections(bytes: number): string {
  const lines: string[] = [];
  for (let client = 0, size = 0; size < bytes; client += 4) {
    const four = [0, 1, 2, 3].map((i) => segmentsOf(client + i));
    for (let row = 0; row < four[0]!.length; row++)
      for (const segments of four) {
        const us = lines.length * 100;
        const clock = new Date(us / 1000).toISOString().slice(11, 19);
        const line = `${clock}.${String(us % 1_000_000).padStart(6, '0')} ${segments[row]!}`;
        lines.push(line);
        size += line.length + 1;
      }
  }
  return `${lines.join('\n')}\n`;
}

function segmentsOf(client: number): string[] {
  const there = `IP 10.1.${(client >> 8) & 255}.${client & 255}.${20_000 + (client % 40_000)} > 10.0.0.2.443: Flags`;
  const back = `IP 10.0.0.2.443 > 10.1.${(client >> 8) & 255}.${client & 255}.${20_000 + (client % 40_000)}: Flags`;
  return [
    `${there} [S], seq ${7 * client}, win 64240, options [mss 1460,sackOK,nop,wscale 7], length 0`,
    `${back} [S.], seq ${3 * client}, ack ${7 * client + 1}, win 65160, options [mss 1460,sackOK,nop,wscale 7], length 0`,
    `${there} [.], ack 1, win 502, length 0`,
    `${there} [P.], seq 1:518, ack 1, win 502, length 517`,
    `${back} [.], ack 518, win 501, length 0`,
    `${back} [P.], seq 1:1401, ack 518, win 501, length 1400`,
    `${there} [.], ack 1401, win 501, length 0`,
    `${there} [F.], seq 518, ack 1401, win 501, length 0`,
    `${back} [F.], seq 1401, ack 519, win 501, length 0`,
    `${there} [.], ack 1402, win 501, length 0`,
  ];
}

/** Settings that leave nothing of a text trace but its colours. */
const OFF = Object.fromEntries(
  Object.entries(manifest.contributes.configuration.properties)
    .filter(([name]) => name.startsWith('tcpTrace.text.'))
    .map(([name, { type }]) => [name, type === 'boolean' ? false : 'off']),
);

/** How long keys took that are pressed now, and the time that the page's main thread spent on each. */
async function type(page: Page, session: CDPSession): Promise<string> {
  const busyMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  const [load] = os.loadavg();
  const before = await busyMs();
  await page.evaluate(observe);
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press('x');
    await page.waitForTimeout(KEY_EVERY_MS);
  }
  await page.waitForTimeout(1000);
  const slow = await page.evaluate(() => (globalThis as unknown as Observing).durations);
  const each = ((await busyMs()) - before) / keys;
  const sorted = [...Array<number>(Math.max(0, keys - slow.length)).fill(GRAIN_MS), ...slow].sort((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(0);
  return `to the next paint ${at(0.5)} ms (median), ${at(0.9)} ms (p90), ${at(1)} ms (longest); the main thread worked ${each.toFixed(0)} ms a key; load ${load!.toFixed(1)}`;
}

interface Observing {
  durations: number[];
}

/** In the page: notes how long it is from each key to the next paint. */
function observe(): void {
  const durations: number[] = ((globalThis as unknown as Observing).durations = []);
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'keydown') durations.push(duration);
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}

async function measure(name: string, text: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const editor = await Editor.start({ settings: { ...settings, 'workbench.editorLargeFileConfirmation': 1000 } });
  try {
    const { page } = editor;
    writeFileSync(path.join(editor.workspace.folder, '1-long.tcpdump'), text);
    await editor.load();
    const session = await page.context().newCDPSession(page);
    // Time on the processor, so that a busy machine does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.getByRole('treeitem', { name: '1-long.tcpdump', exact: true }).dblclick();
    await page.locator('.view-line:visible', { hasText: 'Flags' }).first().click();
    console.log(`${name}, just opened: ${await type(page, session)}`);
    await page.waitForTimeout(REST_MS);
    console.log(`${name}, later: ${await type(page, session)}`);
  } finally {
    await editor.close();
  }
}

async function main(): Promise<void> {
  const text = manyConnections(Number(values.mib) * 2 ** 20);
  console.log(`${values.mib} MiB, ${text.split('\n').length - 1} lines`);
  await measure('with all', text, {});
  await measure('with nothing', text, OFF);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
