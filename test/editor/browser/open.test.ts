import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { THEMES, useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

describe('opening a capture', () => {
  const editor = useEditor();
  const view = (): TraceView => new TraceView(editor());

  it('from the explorer shows its connections', async () => {
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view().connections.waitFor();
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

  it('says what is wrong with a file that is no capture', async () => {
    writeFileSync(path.join(editor().workspace.folder, 'diary.pcap'), 'Dear diary, <b>nothing</b> happened.');
    await editor().openFromExplorer('diary.pcap');
    const alert = editor().view.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /not a capture/i);
    await editor().screenshot('not a capture');
    await editor().closeTab('diary.pcap');
  });

  it('says where a damaged capture is cut, and shows what is before it', async () => {
    const file = path.join(editor().workspace.folder, 'cut.pcap');
    writeFileSync(file, '');
    await editor().openFromExplorer('cut.pcap');
    appendFileSync(file, '');
    await editor().closeTab('cut.pcap');
  });
});

describe('the view', () => {
  for (const [name, theme, width] of [
    ['light', THEMES.light, 1400],
    ['high contrast', THEMES.highContrast, 1400],
    ['dark narrow', THEMES.dark, 700],
    ['light narrow', THEMES.light, 700],
  ] as const)
    describe(name, () => {
      const editor = useEditor({
        settings: { 'workbench.colorTheme': theme },
        viewport: { width, height: 900 },
      });

      it('can be looked at', async () => {
        const view = new TraceView(editor());
        await editor().openFromExplorer('ftp-textbook.pcap');
        await view.connections.waitFor();
        await editor().screenshot(`connections ${name}`);
        await view.connectionRow(0).dblclick();
        await view.segment(1).click();
        await view.details.waitFor();
        await editor().screenshot(`sequence ${name}`);
      });
    });
});
