import assert from 'node:assert/strict';
import { useHarness, type View } from './harness';

describe('the filter of all tabs', () => {
  const open = useHarness();

  const box = (view: View) => view.frame.getByRole('combobox', { name: 'Filter' });
  const status = (view: View) => view.frame.locator('.filter-status');
  const suggestions = (view: View) => view.frame.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');

  async function filterBy(view: View, text: string): Promise<void> {
    await box(view).fill(text);
    await box(view).press('Escape');
    await box(view).press('Enter');
  }

  it('is reached by / and left by Esc', async () => {
    const view = await open('start-here.pcapng');
    await view.connections.first().waitFor();
    await view.frame.getByRole('grid').press('/');
    await view.frame.locator('.filter-input:focus').waitFor();
    await box(view).press('Escape');
    await view.frame.locator('.table-scroller:focus').waitFor();
    assert.equal(await box(view).inputValue(), '');
  });

  it('suggests while one types, and takes a suggestion by the keyboard', async () => {
    const view = await open('start-here.pcapng');
    await view.connections.first().waitFor();
    await box(view).pressSequentially('note.retr');
    // Those of what was typed before may still be there.
    await suggestions(view).first().locator('.filter-text').getByText('note.retransmission', { exact: true }).waitFor();
    assert.equal(await view.frame.locator('.wave').count(), 0, 'what is being typed is not wrong yet');
    await box(view).press('ArrowDown');
    await view.frame.locator('.filter-item[aria-selected=true]').waitFor();
    assert.equal(await box(view).getAttribute('aria-activedescendant'), 'filter-item-0');
    await box(view).press('Enter');
    assert.equal(await box(view).inputValue(), 'note.retransmission ');
    await suggestions(view).filter({ hasText: '&&' }).waitFor();
    await box(view).pressSequentially('|| state.server == CLOSE');
    await suggestions(view).filter({ hasText: 'CLOSE-WAIT' }).click();
    assert.equal(await box(view).inputValue(), 'note.retransmission || state.server == CLOSE-WAIT ');
  });

  it('marks what is wrong and says why, and goes on showing what it showed', async () => {
    const view = await open('start-here.pcapng');
    await view.connections.first().waitFor();
    const before = await view.connections.count();
    await filterBy(view, 'tcp.prt == 80 && len > x');
    await status(view).filter({ hasText: 'There is no field “tcp.prt”' }).waitFor();
    assert.deepEqual(await view.frame.locator('.wave').allInnerTexts(), ['tcp.prt', 'x']);
    assert.equal(await box(view).getAttribute('aria-invalid'), 'true');
    assert.equal(await view.connections.count(), before);
    assert.deepEqual(await view.faults(), []);
  });

  it('leaves the connections with a matching packet, and brings back the others', async () => {
    const view = await open('start-here.pcapng');
    await view.connections.first().waitFor();
    const before = await view.connections.count();
    await filterBy(view, 'flags.rst');
    await status(view)
      .filter({ hasText: /^2 of 285 packets, 2 connections$/ })
      .waitFor();
    await view.frame.locator('[data-connection="3"]:visible').waitFor();
    await view.frame.locator('[data-connection="0"]:visible').waitFor({ state: 'detached' });
    assert.equal(await view.connections.count(), 2);
    // The list's own choice: the row that is opened is the one that is seen.
    await view.connections.last().dblclick();
    await view.segments.locator('[data-packet]:visible').first().waitFor();
    await view.chooseTab('Connections');
    await view.frame.getByRole('button', { name: 'Clear the filter' }).click();
    await view.frame.locator('[data-connection="0"]:visible').waitFor();
    assert.equal(await view.connections.count(), before);
  });

  it('marks the segments in the diagram', async () => {
    const view = await open('ftp-textbook.pcap');
    await view.openConnection(0);
    await filterBy(view, 'flags.syn');
    await view.segments.locator('.matched').nth(1).waitFor();
    await view.segments.locator('.unmatched').first().waitFor();
    assert.deepEqual(
      await view.segments.locator('.matched').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-packet'))),
      ['1', '2'],
    );
  });

  it('is remembered, and so are the filters before it', async () => {
    const view = await open('start-here.pcapng');
    await view.connections.first().waitFor();
    await filterBy(view, 'flags.rst');
    await status(view).filter({ hasText: '2 of 285' }).waitFor();
    await filterBy(view, 'flags.syn');
    await status(view)
      .filter({ hasText: /^\d+ of 285 packets, 6 connections$/ })
      .waitFor();
    await box(view).fill('');
    await box(view).press('ArrowDown');
    await suggestions(view).first().waitFor();
    assert.deepEqual(await suggestions(view).locator('.filter-text').allInnerTexts(), ['flags.syn', 'flags.rst']);
    await box(view).press('ArrowDown');
    await box(view).press('ArrowDown');
    await box(view).press('Enter');
    await status(view).filter({ hasText: '2 of 285' }).waitFor();
    await view.page.waitForTimeout(300); // state is remembered in a while
    await view.page.reload();
    const frame = view.page.frames().find((candidate) => candidate.url().includes('/view'))!;
    await frame.locator('.filter-status', { hasText: '2 of 285' }).waitFor();
    assert.equal(await frame.locator('.filter-input').inputValue(), 'flags.rst');
  });
});

describe('the list of packets', () => {
  const open = useHarness();

  const packet = (view: View, n: number) => view.frame.locator(`.packets [data-packet="${n}"]:visible`);
  const cell = (view: View, n: number, column: string) => packet(view, n).locator(`.cell.${column}`);

  async function openPackets(trace: string, options?: Parameters<typeof open>[1]): Promise<View> {
    const view = await open(trace, options);
    await view.connections.first().waitFor();
    await view.chooseTab('Packets');
    await packet(view, 1).waitFor();
    return view;
  }

  it('says of each packet what the columns name, states included', async () => {
    const view = await openPackets('ftp-textbook.pcap');
    // RFC 9293 figure 6, lines 2 and 3.
    await cell(view, 2, 'client').filter({ hasText: 'ESTABLISHED' }).waitFor();
    assert.equal(await cell(view, 1, 'client').innerText(), 'SYN-SENT');
    assert.equal(await cell(view, 2, 'server').innerText(), 'SYN-RECEIVED');
    assert.match(await cell(view, 1, 'info').innerText(), /^\d+ → 21 SYN seq 0 win \d+/);
    assert.match(
      (await packet(view, 2).getAttribute('aria-label')) ?? '',
      /^Packet 2, .* to .*, TCP: 21 → \d+ SYN ACK seq 0 ack 1 .*\. Client ESTABLISHED, server SYN-RECEIVED\.$/,
    );
    assert.deepEqual(await view.faults(), []);
  });

  it('shows the details of the chosen packet, and its place in the diagram by Enter', async () => {
    const view = await openPackets('start-here.pcapng');
    await view.frame.getByRole('grid', { name: 'Packets' }).press('ArrowDown');
    await view.frame.locator('.packets').getByText('Endpoints after packet 2', { exact: true }).waitFor();
    await packet(view, 12).click();
    await view.frame.locator('.packets').getByText('Endpoints after packet 12', { exact: true }).waitFor();
    await view.frame.getByRole('grid', { name: 'Packets' }).press('Enter');
    await view.isSelected(12);
  });

  it('goes along with the diagram, and the diagram with it', async () => {
    const view = await open('start-here.pcapng');
    await view.openConnection(1);
    await view.segment(14).click();
    await view.chooseTab('Packets');
    await view.frame.locator('.packets [data-packet="14"][aria-selected=true]').waitFor();
    await view.frame.getByRole('grid', { name: 'Packets' }).press('ArrowDown');
    await view.frame.locator('.packets').getByText('Endpoints after packet 15', { exact: true }).waitFor();
    await view.chooseTab('Sequence');
    await view.isSelected(15);
    await view.chooseTab('Packets');
    await view.frame.locator('.packets [data-packet="15"][aria-selected=true]').waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('goes to the next problem and the one before, by the keys of the diagram and of VS Code', async () => {
    const view = await openPackets('retransmission-timeout.pcap');
    const list = view.frame.getByRole('grid', { name: 'Packets' });
    const isChosen = (n: number) => view.frame.locator(`.packets [data-packet="${n}"][aria-selected=true]`).waitFor();
    // What tshark calls retransmissions are packets 9, 10 and 11.
    await list.press('n');
    await isChosen(9);
    await view.tell({ type: 'step', what: 'problem', direction: 1 });
    await isChosen(10);
    await list.press('n');
    await isChosen(11);
    await list.press('n');
    await list.press('p');
    await isChosen(10);
  });

  it('is of one connection when asked to be, and filtered', async () => {
    const view = await openPackets('start-here.pcapng');
    // Both at once: the list is of the connection of what was clicked, not of the one that was chosen before.
    await view.frame.evaluate(() => {
      document.querySelector<HTMLElement>('.packets [data-packet="12"]')!.click();
      document.querySelector<HTMLElement>('.packets-bar vscode-checkbox')!.click();
    });
    await packet(view, 1).waitFor({ state: 'detached' });
    await view.frame.locator('.packets-bar', { hasText: '243 shown' }).waitFor();
    await view.frame.getByRole('combobox', { name: 'Filter' }).fill('flags.syn');
    await view.frame.getByRole('combobox', { name: 'Filter' }).press('Escape');
    await view.frame.getByRole('combobox', { name: 'Filter' }).press('Enter');
    await view.frame.locator('.packets-bar', { hasText: '2 shown' }).waitFor();
    // What was chosen stays chosen where it still is.
    await view.frame.locator('.packets [data-packet="12"][aria-selected=true]').waitFor();
  });

  it('has the columns that were chosen, also after a reload', async () => {
    const view = await openPackets('ftp-textbook.pcap');
    await cell(view, 1, 'source').waitFor();
    await view.frame.locator('.columns-menu summary').click();
    await view.frame.getByRole('checkbox', { name: 'Source' }).click();
    await cell(view, 1, 'source').waitFor({ state: 'hidden' });
    await view.page.waitForTimeout(300); // state is remembered in a while
    await view.page.reload();
    const frame = view.page.frames().find((candidate) => candidate.url().includes('/view'))!;
    await frame.locator('.packets [data-packet="1"] .cell.destination:visible').waitFor();
    assert.equal(await frame.locator('.packets [data-packet="1"] .cell.source:visible').count(), 0);
  });

  it('prints times as chosen', async () => {
    const view = await openPackets('ftp-textbook.pcap');
    assert.match(await cell(view, 2, 'time').innerText(), /^\+\d+\.\d{6}$/);
    await view.frame.locator('.display-options vscode-dropdown').last().click();
    await view.frame.getByRole('option', { name: 'Time: in capture' }).click();
    await cell(view, 1, 'time')
      .filter({ hasText: /^0\.000000$/ })
      .waitFor();
  });

  it('brings any of a million packets into view through a few rows', async () => {
    const view = await openPackets('million');
    const grid = view.frame.getByRole('grid', { name: 'Packets' });
    await grid.press('End');
    await packet(view, 1_000_000).waitFor();
    assert.ok((await grid.getByRole('row').count()) <= 100);
    await view.frame.getByRole('combobox', { name: 'Filter' }).fill('len > 0');
    await view.frame.getByRole('combobox', { name: 'Filter' }).press('Escape');
    await view.frame.getByRole('combobox', { name: 'Filter' }).press('Enter');
    // Every tenth is found; the place is where it was.
    await packet(view, 999_991).waitFor();
    await packet(view, 999_981).waitFor();
  });
});
