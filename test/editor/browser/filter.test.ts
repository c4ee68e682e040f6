import assert from 'node:assert/strict';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

describe('filter, packets and stream, in the editor', () => {
  const editor = useEditor();
  let view: TraceView;

  before(async () => {
    view = new TraceView(editor());
    await editor().openFromExplorer('start-here.pcapng');
    await view.connectionRow(0).click();
  });

  it('filters every tab by one box, which / reaches', async () => {
    await view.connections.press('/');
    await view.filter.pressSequentially('flags.rs');
    await view.suggestion('flags.rst').waitFor();
    await view.filter.press('Tab');
    await view.filter.press('Escape');
    await view.filter.press('Enter');
    // The refused and the aborted connection of the sample (its README).
    await view.connectionRow(0).waitFor({ state: 'detached' });
    await view.connectionRows.nth(1).waitFor();
    assert.equal(await view.connectionRows.count(), 2);
    await editor().screenshot('filter');
    await view.chooseTab('Packets');
    await view.packets.locator('[data-packet]:visible').nth(1).waitFor();
    assert.equal(await view.packets.locator('[data-packet]:visible').count(), 2);
    await editor().screenshot('packets');
  });

  it('finds in what a connection carried, by the key that filters elsewhere', async () => {
    await view.chooseTab('Connections');
    await view.filter.fill('');
    await view.filter.press('Enter');
    await view.connectionRow(0).click();
    await view.chooseTab('Stream');
    await view.stream.getByText('GET /').first().waitFor();
    await view.stream.press('Control+f');
    await view.find.waitFor();
    await editor().page.keyboard.type('get /');
    await view.found.waitFor();
    assert.equal(await view.found.innerText(), 'GET /');
    assert.equal(await view.filter.inputValue(), '');
    await editor().screenshot('find');
    await view.find.press('Escape');
    await view.find.waitFor({ state: 'hidden' });
    // VS Code's own binding, which comes when the view has the keyboard and nothing in it does.
    await editor().runCommand('TCP Trace: Find in Stream, or Filter');
    await view.find.waitFor();
    await view.find.press('Escape');
  });

  it('opens what a connection carried as a document', async () => {
    await editor().screenshot('stream');
    await view.openAsDocument();
    await editor().page.locator('.monaco-editor .view-line', { hasText: 'HTTP/1.' }).first().waitFor();
  });
});
