/**
 * Takes the pictures of the README and of the walkthrough in a real editor: `npm test -- package`, then `npx tsx
 * test/support/editor/pictures.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../command';
import { Editor, THEMES } from './editor';
import { TraceView } from './trace-view';

const FOLDER = inProject('media/pictures');
const WALKTHROUGH = inProject('media/walkthrough');
const QUALITY = 0.8;

/** All of them, those of the `readme` or the `walkthrough` only, or those of one step of it. */
async function main(only: string | undefined, step: string | undefined): Promise<void> {
  if (only !== 'walkthrough') await takeReadme();
  if (only !== 'readme') await takeWalkthrough(STEPS.filter(({ id }) => step === undefined || id === step));
}

async function takeReadme(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const editor = await Editor.start({ viewport: { width: 1400, height: 860 } });
  try {
    const view = new TraceView(editor);
    await editor.openFromExplorer('ftp-textbook.pcap');
    await editor.runCommand('View: Toggle Primary Side Bar Visibility');
    await view.connectionRow(0).dblclick();
    await view.segment(2).click();
    await view.field('Acknowledgment Number').hover();
    await keep(editor, 'sequence-dark');

    await view.segment(2).click();
    await view.chooseTab('States');
    await keep(editor, 'states-dark');

    await editor.useTheme(THEMES.light);
    await editor.closeTab('ftp-textbook.pcap');
    await editor.runCommand('View: Toggle Primary Side Bar Visibility');
    await editor.openFromExplorer('start-here.pcapng');
    await editor.runCommand('View: Toggle Primary Side Bar Visibility');
    await view.connectionRow(1).click();
    await keep(editor, 'connections-light');

    await editor.closeTab('start-here.pcapng');
    await editor.runCommand('View: Toggle Primary Side Bar Visibility');
    await editor.openFromExplorer('syn-flood-spoofed.pcap');
    await editor.runCommand('View: Toggle Primary Side Bar Visibility');
    await view.chooseTab('Diagnosis');
    await keep(editor, 'diagnosis-light');
  } finally {
    await editor.close();
  }
}

/** What each step of the walkthrough shows: its sample, and what is done with it. */
const STEPS: readonly { id: string; sample: string; show: (view: TraceView, editor: Editor) => Promise<void> }[] = [
  { id: 'connections', sample: 'start-here.pcapng', show: (view) => view.connectionRow(1).click() },
  {
    id: 'handshake',
    sample: 'ftp-textbook.pcap',
    async show(view) {
      await view.connectionRow(0).dblclick();
      await view.segment(2).click();
    },
  },
  {
    id: 'states',
    sample: 'four-way-close.pcap',
    async show(view) {
      await view.connectionRow(0).dblclick();
      await view.segment(2).click();
      await view.chooseTab('States');
      await view.root.getByRole('button', { name: 'Ask me which state an end is in' }).click();
    },
  },
  {
    id: 'problem',
    sample: 'retransmission-timeout.pcap',
    async show(view, editor) {
      await view.connectionRow(0).dblclick();
      await view.segment(1).click();
      await editor.runCommand('TCP Trace: Next Problem');
      await view.isSelectedAfter(1);
    },
  },
  {
    id: 'graphs',
    sample: 'fast-retransmit.pcap',
    async show(view) {
      await view.connectionRow(0).click();
      await view.chooseTab('Graphs');
    },
  },
  {
    id: 'attack',
    sample: 'syn-flood-spoofed.pcap',
    async show(view) {
      await view.chooseTab('Diagnosis');
      await view.root.getByText('SYN flood from varying sources').first().waitFor();
    },
  },
  {
    id: 'share',
    sample: 'http-ipv6.pcap',
    async show(view, editor) {
      await view.connectionRow(0).dblclick();
      await view.segment(1).click();
      await editor.runCommand('TCP Trace: Export…');
      await editor.quickInput.getByText('Picture (SVG)').waitFor();
    },
  },
];

const ROOMY = { width: 1000, height: 1000 };
const SMALL = { width: 1000, height: 720 };

/** Each step in both kinds of themes, small enough to be read beside the text of the walkthrough. */
async function takeWalkthrough(steps: typeof STEPS): Promise<void> {
  mkdirSync(WALKTHROUGH, { recursive: true });
  const editor = await Editor.start({ viewport: ROOMY });
  try {
    const view = new TraceView(editor);
    for (const theme of ['dark', 'light'] as const) {
      // It begins with the dark one.
      if (theme !== 'dark') await editor.useTheme(THEMES[theme]);
      for (const { id, sample, show } of steps) {
        // All samples fit into the explorer.
        await editor.page.setViewportSize(ROOMY);
        await editor.openFromExplorer(sample);
        await editor.page.setViewportSize(SMALL);
        await editor.runCommand('View: Toggle Primary Side Bar Visibility');
        await view.root.locator('main').waitFor();
        await show(view, editor);
        // The pointer must not rest on anything.
        await editor.page.mouse.move(5, 5);
        await keep(editor, `${id}-${theme}`, { folder: WALKTHROUGH, width: 720, quality: 0.7 });
        await editor.page.keyboard.press('Escape');
        await editor.closeTab(sample);
        await editor.runCommand('View: Toggle Primary Side Bar Visibility');
      }
    }
  } finally {
    await editor.close();
  }
}

/** Where a picture is kept, and how wide and how good it is: those of the walkthrough ship with the extension. */
interface Kept {
  readonly folder: string;
  readonly width: number;
  readonly quality: number;
}

/** Keeps a picture as WebP, which is a third of the size of the PNG; the browser at hand encodes it. */
async function keep(
  { page }: Editor,
  name: string,
  { folder, width, quality }: Kept = { folder: FOLDER, width: Infinity, quality: QUALITY },
): Promise<void> {
  await page.waitForTimeout(1000);
  const png = (await page.screenshot()).toString('base64');
  const other = await page.context().browser()!.newPage();
  const webp = await other.evaluate(
    async ([data, most, share]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = Math.min(most ?? image.width, image.width);
      canvas.height = Math.round((image.height * canvas.width) / image.width);
      const context = canvas.getContext('2d')!;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL('image/webp', share).split(',')[1]!;
    },
    [png, Number.isFinite(width) ? width : null, quality] as const,
  );
  await other.close();
  const bytes = Buffer.from(webp, 'base64');
  writeFileSync(path.join(folder, `${name}.webp`), bytes);
  console.log(`${name}.webp: ${bytes.length} bytes`);
}

main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
