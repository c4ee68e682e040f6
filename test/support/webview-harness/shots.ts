/** Takes pictures of the webview: `npx tsx test/support/webview-harness/shots.ts DIR [filter]`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { launchChromium } from '../editor/chromium';
import { serveHarness, THEME_NAMES, type ThemeName } from './server';

const [directory = 'artefacts/webview', filter = ''] = process.argv.slice(2);

interface Shot {
  readonly name: string;
  readonly trace: string;
  readonly sizes?: readonly (readonly [width: number, height: number])[];
  readonly themes?: readonly ThemeName[];
  readonly act?: (view: Frame, page: Page) => Promise<void>;
}

const WIDE = [1400, 900] as const;
const NARROW = [700, 900] as const;
/** What is left of the wide window beside the explorer. */
const BESIDE = [1046, 780] as const;
const ALL = [WIDE, BESIDE, NARROW] as const;

const openFirst = async (view: Frame): Promise<void> => {
  await view.locator('.table-scroller .row[data-connection]').first().dblclick();
  await view.locator('.diagram .row[data-packet]').first().waitFor();
};

const showGraph =
  (name: string, points: number) =>
  async (view: Frame): Promise<void> => {
    await openFirst(view);
    await view.getByRole('tab', { name: 'Graphs' }).click();
    await view.getByRole('combobox', { name: 'Graph', exact: true }).click();
    await view.getByRole('option', { name }).click();
    const graph = view.getByRole('application');
    await graph.focus();
    for (let i = 0; i < points; i++) await graph.press('ArrowRight');
    await view.waitForTimeout(400);
  };

const showDiagnosis = async (view: Frame): Promise<void> => {
  await view.getByRole('tab', { name: 'Diagnosis' }).click();
  await view.locator('.diagnosis .diagnosis-group').first().waitFor();
  await view.waitForTimeout(300);
};

const showFind =
  (form: 'text' | 'hex', wanted: string) =>
  async (view: Frame): Promise<void> => {
    await openFirst(view);
    await view.getByRole('tab', { name: 'Stream' }).click();
    await view.locator('.stream .row .content').filter({ hasText: /./ }).first().waitFor();
    if (form === 'hex') {
      await view.getByRole('combobox', { name: 'Form', exact: true }).focus();
      await view.getByRole('combobox', { name: 'Form', exact: true }).press('ArrowDown');
    }
    await view.getByRole('button', { name: /^Find/ }).click();
    await view.getByRole('textbox', { name: 'Find in the stream' }).fill(wanted);
    await view.locator('.found.current').first().waitFor();
    await view.waitForTimeout(300);
  };

const SHOTS: readonly Shot[] = [
  {
    name: 'find-text',
    trace: 'ftp-textbook.pcap',
    sizes: [WIDE, NARROW, [320, 800]],
    themes: THEME_NAMES,
    act: showFind('text', 'ss'),
  },
  {
    name: 'find-bytes',
    trace: 'ftp-textbook.pcap',
    sizes: [WIDE, NARROW, [320, 800]],
    themes: THEME_NAMES,
    act: showFind('hex', '0x0d 0a'),
  },
  {
    name: 'diagnosis-flood',
    trace: 'syn-flood-spoofed.pcap',
    sizes: [WIDE, NARROW, [320, 800]],
    themes: ['dark', 'light'],
    act: showDiagnosis,
  },
  {
    name: 'diagnosis-hijack',
    trace: 'hijack-mitnick.pcap',
    sizes: [WIDE, NARROW, [320, 800]],
    themes: THEME_NAMES,
    act: showDiagnosis,
  },
  {
    name: 'graph-sequence',
    trace: 'fast-retransmit.pcap',
    sizes: [WIDE, NARROW, [320, 800]],
    themes: THEME_NAMES,
    act: showGraph('Time–sequence', 12),
  },
  {
    name: 'graph-rtt',
    trace: 'fast-retransmit.pcap',
    sizes: [WIDE, NARROW],
    themes: ['dark', 'light'],
    act: showGraph('Round trip time', 5),
  },
  {
    name: 'graph-throughput',
    trace: 'fast-retransmit.pcap',
    sizes: [WIDE],
    themes: ['dark', 'light'],
    act: showGraph('Throughput and goodput', 5),
  },
  {
    name: 'graph-flight',
    trace: 'fast-retransmit.pcap',
    sizes: [WIDE, NARROW],
    themes: ['dark', 'hc-light'],
    act: showGraph('Bytes in flight', 5),
  },
  {
    name: 'graph-window',
    trace: 'zero-window.pcap',
    sizes: [WIDE],
    themes: ['dark', 'light'],
    act: showGraph('Window scaling', 5),
  },
  {
    name: 'ftp-sequence',
    trace: 'ftp-textbook.pcap',
    sizes: [...ALL, [320, 800], [2560, 1300]],
    themes: THEME_NAMES,
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram .row[data-packet="2"]').click();
      await view.locator('.picture .cell').first().waitFor();
      await view.locator('.picture .cell', { hasText: 'Acknowledg' }).hover();
    },
  },
  {
    name: 'ftp-card',
    trace: 'ftp-textbook.pcap',
    sizes: ALL,
    themes: ['dark', 'light'],
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram .row[data-packet="1"] .label').hover();
      await view.locator('.hover-card').waitFor({ timeout: 3000 });
      await view.waitForTimeout(200);
    },
  },
  {
    name: 'states',
    trace: 'ftp-textbook.pcap',
    sizes: [...ALL, [320, 800]],
    themes: THEME_NAMES,
    async act(view) {
      await openFirst(view);
      await view.getByRole('tab', { name: 'States' }).click();
      await view.locator('.states-figure').press('End');
      for (let i = 0; i < 3; i++) await view.locator('.states-figure').press('ArrowLeft');
      await view.getByRole('button', { name: /^ESTABLISHED to CLOSE-WAIT.* 1 in this capture$/ }).press('Enter');
      await view.locator('.state-list li').first().waitFor();
    },
  },
  { name: 'ftp-connections', trace: 'start-here.pcapng', sizes: ALL, themes: THEME_NAMES },
  {
    name: 'retransmission',
    trace: 'fast-retransmit.pcap',
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram-scroller').press('n');
      await view.waitForTimeout(1200);
    },
  },
  {
    name: 'ties',
    trace: 'fast-retransmit.pcap',
    sizes: ALL,
    themes: ['dark', 'hc-light'],
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram-scroller').press('End');
      await view.waitForTimeout(600);
    },
  },
  {
    name: 'header-tree',
    trace: 'ftp-textbook.pcap',
    sizes: [WIDE, NARROW, [320, 1400]],
    themes: THEME_NAMES,
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram .row[data-packet="2"]').click();
      await view.locator('.sequence').getByRole('button', { name: 'As a tree' }).click();
      await view
        .locator('.sequence')
        .getByRole('treeitem', { name: /^Control Bits/ })
        .press('ArrowRight');
      await view
        .locator('.sequence')
        .getByRole('treeitem', { name: /^Acknowledgment:/ })
        .click();
    },
  },
  {
    name: 'endpoints',
    trace: 'fast-retransmit.pcap',
    sizes: [WIDE, [2560, 1300], NARROW, [320, 1200]],
    themes: ['dark', 'light', 'hc'],
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram-scroller').press('End');
      for (let i = 0; i < 4; i++) await view.locator('.diagram-scroller').press('ArrowUp');
      await view.locator('.sequence .splitter').press('Home');
      await view.waitForTimeout(500);
      await view.locator('.sequence .windows').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'time-to-scale',
    trace: 'retransmission-timeout.pcap',
    themes: ['dark', 'light'],
    async act(view) {
      await openFirst(view);
      await view.getByRole('checkbox', { name: 'Time to scale' }).click();
      await view.getByRole('combobox', { name: 'Sequence numbers' }).click();
      await view.getByRole('option', { name: 'Seq: X + 1' }).click();
      await view.getByRole('combobox', { name: 'Times' }).click();
      await view.getByRole('option', { name: 'Time: UTC' }).click();
      await view.locator('.diagram-scroller').press('n');
      await view.waitForTimeout(600);
    },
  },
  {
    name: 'display-box',
    trace: 'ftp-textbook.pcap',
    sizes: [BESIDE, NARROW, [320, 800]],
    async act(view) {
      await openFirst(view);
      await view.getByRole('button', { name: 'Display' }).click();
    },
  },
  { name: 'assumed', trace: 'syn-flood.pcap', themes: ['dark', 'light'], act: openFirst },
  {
    name: 'zero-window',
    trace: 'zero-window.pcap',
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram-scroller').press('End');
      for (let i = 0; i < 14; i++) await view.locator('.diagram-scroller').press('ArrowUp');
      await view.waitForTimeout(600);
    },
  },
  { name: 'connections', trace: 'connections', sizes: [...ALL, [320, 800]] },
  {
    name: 'million',
    trace: 'million',
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram-scroller').press('End');
      await view.waitForTimeout(300);
    },
  },
  { name: 'hostile-connections', trace: 'hostile', sizes: ALL },
  {
    name: 'hostile-sequence',
    trace: 'hostile',
    sizes: ALL,
    async act(view) {
      await openFirst(view);
      await view.locator('.diagram .row[data-row="3"] .label').hover();
      await view.waitForTimeout(700);
    },
  },
  {
    name: 'damaged',
    trace: 'damaged',
    async act(view) {
      await view.locator('.notice-line .link').click();
    },
  },
  { name: 'partly', trace: 'partly', themes: THEME_NAMES, sizes: [WIDE, [320, 700]] },
  { name: 'empty', trace: 'empty' },
  { name: 'failed', trace: 'failed' },
  {
    name: 'reading',
    trace: 'reading',
    async act(view) {
      await view.waitForTimeout(600);
    },
  },
];

async function main(): Promise<void> {
  const wanted = SHOTS.filter(({ name }) => name.includes(filter));
  if (wanted.length === 0) {
    console.error(`No picture is called ${filter}. There are: ${SHOTS.map(({ name }) => name).join(' ')}`);
    process.exit(1);
  }
  await mkdir(directory, { recursive: true });
  const harness = await serveHarness();
  const browser = await launchChromium();
  try {
    for (const shot of wanted)
      for (const theme of shot.themes ?? (['dark'] as const))
        for (const [width, height] of shot.sizes ?? [WIDE]) {
          const page = await browser.newPage({ viewport: { width, height } });
          page.on('pageerror', (error) => console.log(`${shot.name}: ${error.stack ?? error.message}`));
          page.on('console', (line) => {
            if (line.type() === 'error') console.log(`${shot.name}: ${line.text()}`);
          });
          await page.goto(`${harness.url}?trace=${shot.trace}&theme=${theme}`);
          const view = page.frames().find((frame) => frame.url().includes('/view'))!;
          await view.waitForTimeout(500);
          try {
            await shot.act?.(view, page);
          } catch (error) {
            console.log(`${shot.name} ${theme} ${width}: ${String(error).split('\n')[0]}`);
          }
          await view.waitForTimeout(150);
          await page.screenshot({ path: path.join(directory, `${shot.name}-${theme}-${width}.png`) });
          const violations = await page.evaluate(() => window.violations);
          if (violations.length > 0) console.log(`${shot.name}: ${violations.join('; ')}`);
          await page.close();
        }
  } finally {
    await browser.close();
    await harness.close();
  }
}

void main();
