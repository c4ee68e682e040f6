/** Takes the pictures of the README in a real editor: `npm test -- package`, then `npx tsx test/support/editor/pictures.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../command';
import { Editor, THEMES } from './editor';
import { TraceView } from './trace-view';

const FOLDER = inProject('media/pictures');
const QUALITY = 0.8;

async function main(): Promise<void> {
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

/** Keeps a picture as WebP, which is a third of the size of the PNG; the browser at hand encodes it. */
async function keep({ page }: Editor, name: string): Promise<void> {
  await page.waitForTimeout(1000);
  const png = (await page.screenshot()).toString('base64');
  const other = await page.context().browser()!.newPage();
  const webp = await other.evaluate(
    async ([data, quality]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext('2d')!.drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality).split(',')[1]!;
    },
    [png, QUALITY] as const,
  );
  await other.close();
  const bytes = Buffer.from(webp, 'base64');
  writeFileSync(path.join(FOLDER, `${name}.webp`), bytes);
  console.log(`${name}.webp: ${bytes.length} bytes`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
