import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { useEditor } from '../../support/editor/editor';
import { sampleFile } from '../../support/traces';

describe('a file that was cut short, in the editor', () => {
  const editor = useEditor();

  it('is called so in the status bar, where a click shows what is wrong', async () => {
    writeFileSync(
      path.join(editor().workspace.folder, 'cut.pcap'),
      readFileSync(sampleFile('ftp-textbook.pcap')).subarray(0, -1),
    );
    await editor().openFromExplorer('cut.pcap');
    const notices = editor().view.getByRole('status');
    await notices.getByText('The file was cut short in the middle of packet 20').waitFor();
    await notices.getByRole('button', { name: 'Hide' }).click();
    await notices.waitFor({ state: 'hidden' });
    const item = editor().page.locator('.statusbar-item', { hasText: 'File cut short' });
    assert.equal(await item.getByRole('button').getAttribute('aria-label'), 'File cut short');
    await editor().screenshot('damaged');
    await item.click();
    await notices.getByText('The file was cut short in the middle of packet 20').waitFor();
  });
});
