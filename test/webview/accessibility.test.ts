import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import { THEME_NAMES } from '../support/webview-harness/server';
import { useHarness, type View } from './harness';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds in the view as it is now, one line a finding. */
async function findings(view: View): Promise<string[]> {
  // As an expression: the content security policy allows no script but the view's own.
  await view.frame.evaluate(AXE);
  // Rows and fields are said as sentences, which do not repeat their cells word by word.
  const options = { rules: { 'label-content-name-mismatch': { enabled: false } } };
  const { violations } = await view.frame.evaluate<AxeResults>(`axe.run(document.body, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html }) => `${impact} ${id}: ${html.slice(0, 120)}`),
  );
}

describe('the webview is accessible', () => {
  const open = useHarness();

  for (const theme of THEME_NAMES)
    it(`in the theme ${theme}`, async function () {
      this.timeout(240_000);
      /** Every view is looked at by axe-core, and by people in a picture of it. */
      const check = async (view: View, name: string): Promise<void> => {
        await view.picture(`${name}-${theme}`);
        assert.deepEqual(await findings(view), [], name);
      };
      const table = await open('damaged', { theme });
      await table.connections.first().waitFor();
      await check(table, 'connections');
      const diagram = await open('fast-retransmit.pcap', { theme });
      await diagram.openConnection(0);
      await diagram.segments.press('n');
      await diagram.segments.locator('.problem[aria-selected=true]').waitFor();
      await diagram.field('Sequence Number').waitFor();
      await diagram.segments.press(' ');
      await diagram.card.waitFor();
      await check(diagram, 'sequence');
      await diagram.segments.press('Escape');
      await diagram.frame.getByRole('button', { name: 'As a tree' }).click();
      await diagram.frame.getByRole('treeitem', { name: /^Window:/ }).click();
      await check(diagram, 'header');
      await diagram.chooseTab('Graphs');
      await diagram.frame.getByRole('application').waitFor();
      await check(diagram, 'graphs');
      const shut = await open('zero-window.pcap', { theme });
      await shut.openConnection(0);
      await shut.frame.getByRole('checkbox', { name: 'Time to scale' }).click();
      await shut.segment(16).click();
      await shut.endpoints.getByText('Endpoints after packet 16').waitFor();
      await check(shut, 'endpoints');
      const packets = await open('start-here.pcapng', { theme });
      await packets.connections.first().waitFor();
      await packets.chooseTab('Packets');
      await packets.frame.locator('.packets [data-packet="3"]').click();
      await packets.frame.locator('.packets').getByText('Endpoints after packet 3', { exact: true }).waitFor();
      await check(packets, 'packets');
      const box = packets.frame.getByRole('combobox', { name: 'Filter' });
      await box.pressSequentially('lenn > 0 && note.');
      await packets.frame.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first().waitFor();
      await box.press('ArrowDown');
      await check(packets, 'suggestions');
      const stream = await open('hijack-injection.pcap', { theme });
      await stream.openConnection(0);
      await stream.chooseTab('Stream');
      await stream.frame.locator('.stream-part.conflict').first().waitFor();
      await check(stream, 'stream');
      const diagnosis = await open('hijack-mitnick.pcap', { theme });
      await diagnosis.connections.first().waitFor();
      await diagnosis.chooseTab('Diagnosis');
      await diagnosis.frame.locator('[data-kind="predictable-isn"] canvas').first().waitFor();
      await check(diagnosis, 'diagnosis');
    });

  it('at 320 px', async function () {
    this.timeout(60_000);
    const view = await open('ftp-textbook.pcap', { width: 320 });
    await view.openConnection(0);
    await view.field('Sequence Number').waitFor();
    assert.deepEqual(await findings(view), []);
  });
});
