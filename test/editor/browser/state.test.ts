import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

describe('what the view shows', () => {
  const editor = useEditor();
  let view: TraceView;
  const PACKET = 17;

  /** The view at a place on screen, counted from the left, once its details are those of the packet. */
  const showing = (index: number): Locator =>
    frameOf(index).getByRole('region', { name: 'Details' }).getByText(`Packet ${PACKET}`, { exact: true });
  const frameOf = (index: number): FrameLocator =>
    editor()
      .page.locator('iframe.webview.ready:visible')
      .nth(index)
      .contentFrame()
      .locator('#active-frame')
      .contentFrame();
  const FILTER = 'tcp.port == 21';

  before(async () => {
    view = new TraceView(editor());
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view.filter.fill(FILTER);
    await view.filter.press('Escape');
    await view.filter.press('Enter');
    await view.connectionRow(0).dblclick();
    await view.segment(1).click();
    await view.segments.press('End');
    for (let i = 0; i < 3; i++) await view.segments.press('ArrowUp');
    await view.isSelected(PACKET);
  });

  it('is the same when its tab was hidden', async () => {
    await editor().openFromExplorer('handshake.pcap');
    await view.connectionRow(0).waitFor();
    await editor().tab('ftp-textbook.pcap').click();
    await view.isSelected(PACKET);
    await editor().closeTab('handshake.pcap');
  });

  it('is the same in an editor that is split from it, and moves in one of the two alone', async () => {
    await editor().runCommand('View: Split Editor');
    for (const index of [1, 0]) await showing(index).waitFor();
    await editor().screenshot('split');
    for (const index of [0, 1])
      assert.equal(await frameOf(index).getByRole('combobox', { name: 'Filter' }).inputValue(), FILTER);
    await editor().runCommand('TCP Trace: Next Segment');
    // While the new one still loads, the editor may leave the focus in the old one: which of them moves is its choice.
    const both = [showing(0), showing(1)];
    await Promise.any(both.map((view) => view.waitFor({ state: 'detached' })));
    assert.equal(
      (await Promise.all(both.map((view) => view.count()))).reduce((sum, count) => sum + count),
      1,
    );
    await editor().runCommand('View: Close Editor');
  });

  it('is known to commands after a reload', async () => {
    await editor().reload();
    await showing(0).waitFor();
    await editor().runCommand('TCP Trace: Next Segment');
    await showing(0).waitFor({ state: 'detached' });
  });

  it('is the part of the file that was chosen to be loaded, also after a reload', async () => {
    const notice = editor().view.getByText('Only packets up to 12 were asked for', { exact: false });
    await editor().runCommand('TCP Trace: Load a Range of Packets…');
    await editor().fillQuickInput('Load a Range of Packets', '1-12');
    await editor().page.keyboard.press('Enter');
    await notice.waitFor();
    await editor().reload();
    await notice.waitFor();
    // Closed for good, the file is as new.
    await editor().closeTab('ftp-textbook.pcap');
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view.connectionRow(0).waitFor();
    assert.equal(await notice.count(), 0);
  });
});
