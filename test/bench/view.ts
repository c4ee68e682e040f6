/**
 * npm run bench:view [-- --segments 1000000] [--connections 300000] [--frames 120] [--rounds 5]: how smoothly the view
 * scrolls and zooms, in a headless Chromium, beside a bare recycled list in the same run, in turns.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Frame, Page } from 'playwright-core';
import { launchChromium } from '../support/editor/chromium';
import { serveHarness } from '../support/webview-harness/server';
import { KINDS, makeCapture } from './traffic';

/** Packets that a kind of traffic has at its full size, nearly. */
const FULL_SIZE = { one: 10_000_000, synflood: 2_000_000 };
const ROW_HEIGHT = 30;
const ANALYSIS_LIMIT_MS = 5 * 60_000;

interface Subject {
  readonly name: string;
  readonly trace: string;
  readonly selector: string;
  readonly zooms?: boolean;
  readonly prepare: (view: Frame) => Promise<void>;
}

const openFirst = async (view: Frame): Promise<void> => {
  await view.locator('[data-connection="0"]:visible').dblclick();
  await view.locator('.diagram [data-packet]:visible').first().waitFor();
};

const chooseTab = async (view: Frame, name: string): Promise<void> => {
  await view.getByRole('tab', { name }).click();
  await view.locator(`.app[data-tab="${name.toLowerCase()}"]`).waitFor();
};

const SUBJECTS: readonly Subject[] = [
  {
    name: 'Connections',
    trace: 'synflood.pcap',
    selector: '.connections .table-scroller',
    prepare: () => Promise.resolve(),
  },
  { name: 'Sequence', trace: 'one.pcap', selector: '.diagram-scroller', prepare: openFirst },
  {
    name: 'Packets',
    trace: 'one.pcap',
    selector: '.packets .table-scroller',
    async prepare(view) {
      await chooseTab(view, 'Packets');
      await view.locator('.packets [data-packet]:visible').first().waitFor();
    },
  },
  ...['Time–sequence', 'Round trip time', 'Throughput and goodput', 'Bytes in flight', 'Window scaling'].map(
    (graph): Subject => ({
      name: `Graphs: ${graph}`,
      trace: 'one.pcap',
      selector: '.graph',
      zooms: true,
      async prepare(view) {
        await openFirst(view);
        await chooseTab(view, 'Graphs');
        await view.getByRole('combobox', { name: 'Graph', exact: true }).click();
        await view.getByRole('option', { name: graph }).click();
        await view.locator('.graph-wait').waitFor({ state: 'hidden', timeout: ANALYSIS_LIMIT_MS });
      },
    }),
  ),
];

const p95 = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function bench(page: Page, url: string, subject: Subject, frames: number, rounds: number): Promise<void> {
  await page.goto(`${url}?trace=${subject.trace}&theme=dark&opening=${encodeURIComponent(subject.name)}`);
  const view = page.frames().find((candidate) => candidate.url().includes('/view'))!;
  await page.waitForFunction(() => window.analysed, undefined, { timeout: ANALYSIS_LIMIT_MS });
  await subject.prepare(view);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [times, bareHeight] of [
      [bare, ROW_HEIGHT],
      [ours, null],
    ] as const)
      times.push(
        p95(
          await page.evaluate(
            ([selector, count, height, zooms]) =>
              zooms && height === null ? window.measureZoom(selector, count) : window.measure(selector, count, height),
            [subject.selector, frames, bareHeight, subject.zooms === true] as const,
          ),
        ),
      );
  }
  const [a, b] = [median(ours), median(bare)];
  console.log(
    `  ${subject.name.padEnd(32)} ${a.toFixed(1).padStart(6)} ms  bare list ${b.toFixed(1).padStart(6)} ms  ratio ${(a / b).toFixed(2)}`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      segments: { type: 'string', default: '1000000' },
      connections: { type: 'string', default: '300000' },
      frames: { type: 'string', default: '120' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tcp-trace-bench-'));
  const make = (name: keyof typeof FULL_SIZE, packets: number): void => {
    const kind = KINDS.find((each) => each.name === name)!;
    const made = makeCapture(path.join(folder, `${name}.pcap`), kind, packets / FULL_SIZE[name]);
    console.log(`${name}.pcap: ${kind.about}; ${made.packets} packets`);
  };
  const [harness, browser] = await Promise.all([serveHarness({ minify: true, captures: folder }), launchChromium()]);
  try {
    make('one', Number(values.segments));
    make('synflood', Number(values.connections));
    console.log(`p95 of the time between ${values.frames} frames, median of ${values.rounds} rounds`);
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    for (const subject of SUBJECTS)
      await bench(page, harness.url, subject, Number(values.frames), Number(values.rounds));
  } finally {
    await browser.close();
    await harness.close();
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
