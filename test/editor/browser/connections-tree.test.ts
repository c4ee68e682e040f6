import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

describe('the tree of connections, in the side bar', () => {
  const editor = useEditor();
  const view = (): TraceView => new TraceView(editor());
  const section = (): Locator => editor().page.getByRole('button', { name: /TCP Connections.* Section/ });
  const tree = (): Locator => editor().page.getByRole('tree', { name: /TCP Connections/ });
  const item = (connection: number): Locator =>
    tree().getByRole('treeitem', { name: new RegExp(`^Connection ${connection},`) });

  it('is not there without a capture', async () => {
    assert.equal(await section().count(), 0);
  });

  it('comes with a capture, and lists what the table lists', async () => {
    await editor().openFromExplorer('start-here.pcapng');
    await view().connectionRow(0).waitFor();
    // VS Code closes a view that is new in the explorer.
    await section().click();
    await item(0).waitFor();
    // As many as the sample's README says: two pages, a download, a refusal, a reset, a page that does not exist.
    assert.equal(await tree().getByRole('treeitem').count(), await view().connectionRows.count());
    assert.match((await item(0).innerText()) ?? '', /#0 .*:80/);
    await editor().screenshot('connections tree');
  });

  it('shows a connection by a click, and leaves the keyboard in the tree', async () => {
    await item(1).click();
    await view().picker(1).waitFor();
    await view().segments.locator('[data-packet]:visible').first().waitFor();
    assert.equal(await item(1).getAttribute('aria-selected'), 'true');
    await editor().page.keyboard.press('ArrowDown');
    await editor().page.keyboard.press('Enter');
    await view().picker(2).waitFor();
    await editor().screenshot('connections tree selection');
  });

  it('follows the view', async () => {
    await editor().runCommand('TCP Trace: Next Connection');
    await view().picker(3).waitFor();
    await item(3).and(tree().locator('[aria-selected="true"]')).waitFor();
  });

  it('has a menu on each connection', async () => {
    await item(4).click({ button: 'right' });
    const menu = editor().page.getByRole('menu');
    await menu.getByRole('menuitem', { name: 'Copy Connection as Filter' }).waitFor();
    await editor().screenshot('connections tree menu');
    await menu.getByRole('menuitem', { name: 'Show TCP Connection' }).click();
    await view().picker(4).waitFor();
  });

  it('lists what the view’s filter finds, and everything again when that is cleared', async () => {
    const all = await tree().getByRole('treeitem').count();
    await view().segments.press('/');
    await view().filter.fill('flags.rst');
    await view().filter.press('Enter');
    // The refused and the aborted connection of the sample (its README).
    await item(0).waitFor({ state: 'detached' });
    assert.equal(await tree().getByRole('treeitem').count(), 2);
    const message = editor().page.getByText(`Filtered by flags.rst: 2 of ${all} connections`);
    await message.waitFor();
    await editor().screenshot('connections tree filtered');
    // Steps go from one to the next of those.
    const [first, second] = await tree().getByRole('treeitem').allInnerTexts();
    await tree().getByRole('treeitem').first().click();
    await view()
      .picker(Number(/#(\d+)/.exec(first!)![1]))
      .waitFor();
    await editor().runCommand('TCP Trace: Next Connection');
    await view()
      .picker(Number(/#(\d+)/.exec(second!)![1]))
      .waitFor();
    await section().hover();
    await editor().page.getByRole('button', { name: 'Clear the Filter' }).first().click();
    await item(0).waitFor();
    assert.equal(await tree().getByRole('treeitem').count(), all);
    await message.waitFor({ state: 'detached' });
    assert.equal(await view().filter.inputValue(), '');
  });

  it('goes with the capture', async () => {
    await editor().closeTab('start-here.pcapng');
    await section().waitFor({ state: 'detached' });
  });
});
