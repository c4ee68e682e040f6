import assert from 'node:assert/strict';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

describe('keys and menus of the view, in the editor', () => {
  const editor = useEditor();
  let view: TraceView;

  const goTo = async (packet: number): Promise<void> => {
    await editor().runCommand('TCP Trace: Go to Packet…');
    await editor().fillQuickInput('Go to Packet', String(packet));
    await editor().quickInputField.press('Enter');
    await view.isSelected(packet);
  };

  before(async () => {
    view = new TraceView(editor());
    await editor().openFromExplorer('start-here.pcapng');
    await view.connectionRow(0).waitFor();
  });

  it('go back and forward one place at a time', async () => {
    for (const packet of [1, 264, 265]) await goTo(packet);
    await view.segments.press('Alt+ArrowLeft');
    await view.isSelected(264);
    // A second handler of the same key would have gone further by now.
    await editor().page.waitForTimeout(300);
    await view.isSelected(264);
    await view.segments.press('Alt+ArrowRight');
    await view.isSelected(265);
    await editor().runCommand('TCP Trace: Go Back');
    await view.isSelected(264);
    await editor().runCommand('TCP Trace: Go Forward');
    await view.isSelected(265);
  });

  it('take the keyboard to the filter', async () => {
    await view.segments.press('Control+f');
    await editor().page.waitForTimeout(300);
    await editor().page.keyboard.type('tcp');
    assert.match(await view.filter.inputValue(), /tcp$/);
    await view.filter.fill('');
  });

  it('offer a link to the packet that was clicked', async () => {
    await view.segment(264).click({ button: 'right' });
    const menu = editor().page.getByRole('menu');
    await menu.getByRole('menuitem', { name: 'Copy Link to Packet' }).waitFor();
    await editor().screenshot('view menu');
    await menu.getByRole('menuitem', { name: 'Copy Link to Packet' }).click();
    await menu.waitFor({ state: 'detached' });
  });
});
