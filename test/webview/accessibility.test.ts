import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import { THEME_NAMES, type ThemeName } from '../support/webview-harness/server';
import { useHarness, type View } from './harness';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The first one has everything looked at; what the others can change is the contrast. */
const [FIRST = 'dark', ...OTHERS] = THEME_NAMES;

/** What axe-core finds in the view as it is now, one line a finding. */
async function findings(view: View, theme: ThemeName = FIRST): Promise<string[]> {
  // Rows and fields are said as sentences, which do not repeat their cells word by word.
  const everything = { rules: { 'label-content-name-mismatch': { enabled: false } } };
  const options = theme === FIRST ? everything : { runOnly: ['color-contrast'] };
  const { violations } = await view.frame.evaluate<AxeResults>(`axe.run(document.body, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html }) => `${theme}: ${impact} ${id}: ${html.slice(0, 120)}`),
  );
}

describe('the webview is accessible', function () {
  // axe-core looks at every element on screen: half a minute, where the machine has other work.
  this.timeout(3 * 60_000);
  const open = useHarness();

  async function openWithAxe(trace: string, width = 1400): Promise<View> {
    const view = await open(trace, { theme: FIRST, width });
    // As an expression: the content security policy allows no script but the view's own.
    await view.frame.evaluate(AXE);
    return view;
  }

  /** A view is looked at by axe-core in every theme, and by people in pictures of it. */
  async function check(view: View, name: string): Promise<void> {
    const found: string[] = [];
    for (const theme of [FIRST, ...OTHERS]) {
      await view.wear(theme);
      await view.picture(`${name}-${theme}`);
      found.push(...(await findings(view, theme)));
    }
    await view.wear(FIRST);
    assert.deepEqual(found, [], name);
  }

  it('as a table of connections', async () => {
    const view = await openWithAxe('damaged');
    await view.connections.first().waitFor();
    await check(view, 'connections');
  });

  it('as a diagram with a card, and with the header as a tree and as layers', async () => {
    const view = await openWithAxe('fast-retransmit.pcap');
    await view.openConnection(0);
    await view.segments.press('n');
    await view.segments.locator('.problem[aria-selected=true]').waitFor();
    await view.field('Sequence Number').waitFor();
    await view.segments.press(' ');
    await view.card.waitFor();
    await check(view, 'sequence');
    await view.segments.press('Escape');
    await view.frame.getByRole('button', { name: 'As a tree' }).click();
    await view.frame.getByRole('treeitem', { name: /^Window:/ }).click();
    await check(view, 'header');
    await view.frame.getByRole('button', { name: 'As layers' }).click();
    await view.frame.getByRole('treeitem', { name: /^Internet Protocol/ }).focus();
    await check(view, 'layers');
  });

  it('as graphs', async () => {
    const view = await openWithAxe('fast-retransmit.pcap');
    await view.openConnection(0);
    await view.chooseTab('Graphs');
    await view.frame.getByRole('application').waitFor();
    await check(view, 'graphs');
  });

  it('to scale, with the windows of a closed end', async () => {
    const view = await openWithAxe('zero-window.pcap');
    await view.openConnection(0);
    await view.segment(16).click();
    await view.endpoints.getByText('Endpoints after packet 16').waitFor();
    await view.frame.getByRole('checkbox', { name: 'Time to scale' }).click();
    await view.frame.locator('.diagram .row.gap:visible').first().waitFor();
    await check(view, 'endpoints');
  });

  it('as a list of packets, and with suggestions for a filter that is wrong', async () => {
    const view = await openWithAxe('start-here.pcapng');
    await view.connections.first().waitFor();
    await view.chooseTab('Packets');
    await view.frame.locator('.packets [data-packet="3"]').click();
    await view.frame.locator('.packets').getByText('Endpoints after packet 3', { exact: true }).waitFor();
    await check(view, 'packets');
    const box = view.frame.getByRole('combobox', { name: 'Filter' });
    await box.pressSequentially('lenn > 0 && note.');
    await view.frame.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first().waitFor();
    await box.press('ArrowDown');
    await check(view, 'suggestions');
  });

  it('as a stream', async () => {
    const view = await openWithAxe('hijack-injection.pcap');
    await view.openConnection(0);
    await view.chooseTab('Stream');
    await view.frame.locator('.stream-part.conflict').first().waitFor();
    await view.frame.getByRole('button', { name: /^Find/ }).click();
    await view.frame.getByRole('textbox', { name: 'Find in the stream' }).fill('e');
    await view.frame.locator('.stream .found.current').first().waitFor();
    await check(view, 'stream');
  });

  it('as a diagnosis', async () => {
    const view = await openWithAxe('hijack-mitnick.pcap');
    await view.connections.first().waitFor();
    await view.chooseTab('Diagnosis');
    await view.frame.locator('[data-kind="predictable-isn"] canvas').first().waitFor();
    await check(view, 'diagnosis');
  });

  it('as a diagram of the states', async () => {
    const view = await openWithAxe('ftp-textbook.pcap');
    await view.openConnection(0);
    await view.chooseTab('States');
    await view.frame.locator('.states-figure').press('End');
    await check(view, 'states');
  });

  it('at 320 px', async () => {
    const view = await openWithAxe('ftp-textbook.pcap', 320);
    await view.openConnection(0);
    await view.field('Sequence Number').waitFor();
    assert.deepEqual(await findings(view), []);
  });
});
