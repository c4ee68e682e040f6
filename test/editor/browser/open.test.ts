import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Editor, THEMES, useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';
import { sampleFile } from '../../support/traces';
import { LOSSY } from '../../support/text-traces';

describe('opening a capture', () => {
  const editor = useEditor();
  const view = (): TraceView => new TraceView(editor());

  it('from the explorer shows its connections', async () => {
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view().connectionRow(0).waitFor();
    assert.equal(await view().connectionRows.count(), 1);
    assert.match(await view().connectionRow(0).innerText(), /:21\b/);
    await editor().screenshot('connections dark');
  });

  it('shows a connection by a double click', async () => {
    await view().connectionRow(0).dblclick();
    await view().segment(1).waitFor();
    assert.match((await view().segment(1).getAttribute('aria-label')) ?? '', /SYN/);
    await editor().screenshot('sequence dark');
  });

  it('breaks no rule of the content security policy', () => {
    const violations = editor().messages.filter((text) => text.includes('Content Security Policy'));
    assert.deepEqual(violations, []);
  });

  it('shows the diagram of a trace in Markdown, and lenses in the text beside it', async () => {
    writeFileSync(path.join(editor().workspace.folder, '1-issue.md'), `# What I saw\n\n\`\`\`\n${LOSSY}\`\`\`\n`);
    const { page } = editor();
    await page.getByRole('treeitem', { name: '1-issue.md', exact: true }).dblclick();
    await page.locator('.view-line:visible', { hasText: '10:00:00.020100' }).first().click();
    await editor().runCommand('TCP Trace: Show TCP Connection');
    await view().segment(5).waitFor();
    // The diagram has the focus.
    const lenses = page.locator('.codelens-decoration:visible');
    await lenses.nth(1).waitFor();
    assert.deepEqual(await lenses.allInnerTexts(), [
      'Show TCP connection · 15 segments · 3 problems',
      'Show TCP connection · 2 segments · 1 problem',
    ]);
    await editor().screenshot('trace in Markdown');
    await editor().runCommand('View: Close All Editors');
  });

  it('says what is wrong with a file that is no capture', async () => {
    writeFileSync(path.join(editor().workspace.folder, 'diary.pcap'), 'Dear diary, <b>nothing</b> happened.');
    await editor().openFromExplorer('diary.pcap');
    const alert = editor().view.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /not a capture/i);
    await editor().screenshot('not a capture');
    await editor().closeTab('diary.pcap');
  });

  it('in two windows follows the file in both, and stays in one when the other is closed', async () => {
    const bytes = readFileSync(sampleFile('ftp-textbook.pcap'));
    const file = path.join(editor().workspace.folder, '1-shared.pcap');
    // Up to packet 3: a header of 24 bytes, and three records with headers of 16 (tshark: 74, 74 and 66 bytes).
    const end = 24 + 3 * 16 + 74 + 74 + 66;
    writeFileSync(file, bytes.subarray(0, end));
    const other = await editor().openWindow();
    const windows = [editor(), other];
    const shows = (window: Editor, segments: RegExp): Promise<void> =>
      new TraceView(window).connectionRow(0).locator('.segments', { hasText: segments }).waitFor();
    for (const window of windows) {
      await window.openFromExplorer('1-shared.pcap');
      await shows(window, /^3$/);
    }
    appendFileSync(file, bytes.subarray(end));
    for (const window of windows) await shows(window, /^20$/);
    await other.page.close();
    await view().connectionRow(0).dblclick();
    await view().segment(2).waitFor();
    await editor().closeTab('1-shared.pcap');
  });

  it('says where a damaged capture is cut, and shows what is before it', async () => {
    const { folder } = editor().workspace;
    const whole = readFileSync(path.join(folder, 'ftp-textbook.pcap'));
    writeFileSync(path.join(folder, 'cut.pcap'), whole.subarray(0, -1));
    await editor().openFromExplorer('cut.pcap');
    await view().connectionRow(0).waitFor();
    const notice = editor().view.getByRole('status');
    await notice.waitFor();
    assert.match(await notice.innerText(), /packet 20\b/i);
    await editor().screenshot('cut capture');
    await editor().closeTab('cut.pcap');
  });
});

describe('the view', () => {
  const editor = useEditor();
  let view: TraceView;

  before(async () => {
    view = new TraceView(editor());
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view.connections.waitFor();
    await view.connectionRow(0).dblclick();
    await view.segment(2).click();
    await view.field('Sequence Number').waitFor();
    // The pointer must not rest on anything.
    await editor().page.mouse.move(5, 5);
  });

  for (const [name, theme] of Object.entries(THEMES))
    it(`follows the theme ${theme.label}`, async () => {
      await editor().useTheme(theme);
      await view.root.locator(`body[data-vscode-theme-kind="${WEBVIEW_KINDS[theme.kind]}"]`).waitFor();
      for (const width of [1400, 700]) {
        await editor().page.setViewportSize({ width, height: 900 });
        await editor().screenshot(`sequence ${name} ${width}`);
      }
    });
});

/** What VS Code calls the kinds of themes inside webviews. */
const WEBVIEW_KINDS = {
  'vs-dark': 'vscode-dark',
  vs: 'vscode-light',
  'hc-black': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
} as const;
