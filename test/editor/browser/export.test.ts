import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

describe('an export, by hand', () => {
  const editor = useEditor();

  it('asks what, what to keep back, and where to, and says where it went', async () => {
    const view = new TraceView(editor());
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view.connectionRow(0).dblclick();
    await view.segment(1).waitFor();
    await view.exportButton.click();
    await editor().quickInput.getByText('Export', { exact: true }).waitFor();
    await editor().screenshot('export formats');
    await editor().chooseQuickInput('Picture (PNG)');
    await editor().quickInput.getByText('Export Picture (PNG)', { exact: true }).waitFor();
    await editor().screenshot('export secrecy');
    await editor().quickInput.getByText('Anonymise addresses').click();
    await editor().quickInputField.press('Enter');
    // The box with the place to write to: what it proposes is beside the capture.
    await editor().quickInput.locator('.quick-input-title').getByText('Export Picture (PNG)').waitFor();
    const place = path.join(editor().workspace.folder, 'ftp-textbook-0.png');
    await editor().quickInputHolds(place);
    await editor().quickInputField.press('Enter');
    await editor().page.getByText('Exported to ftp-textbook-0.png.', { exact: true }).waitFor();
    assert.ok(existsSync(place));
    assert.equal(readFileSync(place).toString('latin1', 1, 4), 'PNG');
    await editor().page.getByRole('button', { name: 'Open', exact: true }).click();
    await editor().tab('ftp-textbook-0.png').waitFor();
    await editor().page.waitForTimeout(500);
    await editor().screenshot('export png');
  });

  it('draws only a part of a connection, where that is asked for', async () => {
    const view = new TraceView(editor());
    await editor().tab('ftp-textbook.pcap').click();
    await view.segment(1).waitFor();
    await view.exportButton.click();
    await editor().chooseQuickInput('Markdown table');
    await editor().quickInput.getByText('Only a part').click();
    await editor().quickInputField.press('Enter');
    await editor().quickInput.getByText('Which part of connection #0').waitFor();
    await editor().quickInputHolds('1 - 20');
    await editor().quickInputField.fill('500 - 600');
    await editor().quickInput.getByText('The connection has no segment in these packets.').waitFor();
    await editor().quickInputField.fill('5 - 8');
    await editor().screenshot('export part');
    await editor().quickInputField.press('Enter');
    const place = path.join(editor().workspace.folder, 'ftp-textbook-0.md');
    await editor().quickInputHolds(place);
    await editor().quickInputField.press('Enter');
    await editor().page.getByText('Exported to ftp-textbook-0.md.', { exact: true }).waitFor();
    const packets = [...readFileSync(place, 'utf8').matchAll(/^\| (\d+) \|/gm)].map(([, packet]) => Number(packet));
    assert.deepEqual(packets, [5, 6, 7, 8]);
  });

  it('saves a graph as it is shown, by the name as pixels', async () => {
    const view = new TraceView(editor());
    await view.chooseTab('Graphs');
    await view.saveGraph.click();
    await editor().quickInput.getByText('Save the Graph', { exact: true }).waitFor();
    await editor().quickInputHolds(path.join(editor().workspace.folder, 'ftp-textbook-0-sequence.svg'));
    const place = path.join(editor().workspace.folder, 'graph.png');
    await editor().quickInputField.fill(place);
    await editor().quickInputField.press('Enter');
    await editor().page.getByText('Exported to graph.png.', { exact: true }).waitFor();
    assert.equal(readFileSync(place).toString('latin1', 1, 4), 'PNG');
  });
});
