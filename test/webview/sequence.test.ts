import assert from 'node:assert/strict';
import { useHarness, type View } from './harness';

describe('the sequence diagram', () => {
  const open = useHarness();

  async function openSegments(trace: string, options?: Parameters<typeof open>[1]): Promise<View> {
    const view = await open(trace, options);
    await view.openConnection(0);
    return view;
  }

  async function choose(view: View, box: string, option: string): Promise<void> {
    await view.frame.getByRole('combobox', { name: box }).click();
    await view.frame.getByRole('option', { name: option, exact: true }).click();
  }

  const label = (view: View, packet: number): Promise<string> => view.segment(packet).locator('.label').innerText();

  it('prints numbers as textbooks do, also of both endpoints', async () => {
    const view = await openSegments('ftp-textbook.pcap');
    await choose(view, 'Sequence numbers', 'Seq: X + 1');
    assert.equal(await label(view, 1), 'SYN seq X win 64240 mss 1460');
    assert.equal(await label(view, 2), 'SYN ACK seq Y ack X + 1 win 65160 mss 1460');
    assert.equal(await label(view, 3), 'ACK ack Y + 1');
    await view.segment(3).click();
    await view.endpoints.getByText('X is the client’s initial sequence number').waitFor();
    assert.match(await view.endpoints.innerText(), /SND\.UNA\s+X \+ 1\s/);
  });

  it('prints the time of day in UTC and in the user’s zone', async () => {
    const view = await openSegments('ftp-textbook.pcap');
    const time = (packet: number): Promise<string> => view.segment(packet).locator('.time').innerText();
    await choose(view, 'Times', 'Time: UTC');
    // tshark: frame.time_epoch 1709631000.020928 and 1709631002.443818, which is 2024-03-05 09:30:00 UTC and after.
    assert.deepEqual([await time(2), await time(6)], ['09:30:00.020928', '09:30:02.443818']);
    await view.segment(6).locator('.time').hover();
    assert.equal(await view.segment(6).locator('.time').getAttribute('title'), '2024-03-05 09:30:02.443818000 UTC');
    await choose(view, 'Times', 'Time: clock');
    const local = await view.frame.evaluate(() => new Date(1709631002_000).toTimeString().slice(0, 8));
    assert.equal(await time(6), `${local}.443818`);
    await choose(view, 'Times', 'Time: since start');
    assert.equal(await time(6), '2.443778');
  });

  it('draws a pause as a broken line with its length', async () => {
    const view = await openSegments('ftp-textbook.pcap');
    const gaps = view.frame.locator('.diagram .row.gap:visible');
    // tshark: frame.time_delta of packets 6 and 10.
    assert.deepEqual((await gaps.locator('.label').allInnerTexts()).slice(0, 2), ['2.39 s', '3.19 s']);
    assert.match(
      (await view.segment(6).getAttribute('aria-label'))!,
      /^After 2\.39 s in which nothing was sent\. Packet 6,/,
    );
    // The keyboard goes past it.
    await view.segment(5).click();
    await view.segments.press('ArrowDown');
    await view.isSelected(6);
    await view.segments.press('ArrowUp');
    await view.isSelected(5);
  });

  it('draws time to scale when asked to', async () => {
    const view = await openSegments('retransmission-timeout.pcap', { height: 1400 });
    const y = async (packet: number): Promise<number> => (await view.segment(packet).boundingBox())!.y;
    await view.frame.getByRole('checkbox', { name: 'Time to scale' }).click();
    await view.frame.locator('.diagram .row.gap:visible').first().waitFor();
    const step = (await view.segment(9).boundingBox())!.height;
    // 1.90 s in about 80 lines: 50 ms each. tshark: 0.2248 s before packet 9, 0.4760 s before packet 10.
    assert.equal((await y(9)) - (await y(8)), step * (1 + 4));
    assert.equal((await y(10)) - (await y(9)), step * (1 + 9));
    await view.frame.getByRole('button', { name: 'More time a line' }).click();
    await view.frame.waitForFunction(
      (wanted) => {
        const [nine, ten] = [9, 10].map(
          (packet) => document.querySelector(`.diagram [data-packet="${packet}"]`)!.getBoundingClientRect().y,
        );
        return ten! - nine! === wanted;
      },
      step * (1 + 4),
    );
    assert.deepEqual(await view.faults(), []);
  });

  it('ties a retransmission to its original, and the tie leads there', async () => {
    const view = await openSegments('retransmission-timeout.pcap', { height: 1400 });
    const ties = view.frame.locator('.overlay .tie');
    assert.equal(await ties.count(), 3);
    const [tie] = await ties.all();
    assert.equal(await tie!.locator('title').textContent(), 'The same bytes as packet 8: go there');
    // From the original's tail to the retransmission's.
    const box = (await tie!.locator('.line').boundingBox())!;
    const top = (await view.segment(8).boundingBox())!.y;
    const bottom = (await view.segment(9).boundingBox())!.y;
    // The box of a line holds half of its width.
    assert.ok(Math.abs(box.y - top - 17.5) <= 3 && Math.abs(box.y + box.height - bottom - 17.5) <= 3);
    await view.segment(9).click();
    await view.isSelected(9);
    await view.page.mouse.click(box.x + box.width - 1, box.y + box.height / 2);
    await view.isSelected(8);
    await view.page.keyboard.press('Alt+ArrowLeft');
    await view.isSelected(9);
    await view.segments.press('o');
    await view.isSelected(8);
  });

  it('goes to what a segment acknowledges, and back and forward by keys and by the mouse', async () => {
    const view = await openSegments('ftp-textbook.pcap');
    await view.segment(9).locator('.ack-link').click();
    await view.isSelected(8);
    await view.segment(5).click();
    await view.segments.press('a');
    await view.isSelected(4);
    await view.segments.press('Alt+ArrowLeft');
    await view.isSelected(5);
    await view.segments.press('Alt+ArrowRight');
    await view.isSelected(4);
    // The mouse's buttons for back and forward are numbers 3 and 4.
    for (const [button, packet] of [
      [3, 5],
      [3, 9],
      [4, 5],
    ] as const) {
      await view.segments.dispatchEvent('mouseup', { button, bubbles: true });
      await view.isSelected(packet);
    }
    await view.segment(1).click();
    await view.segments.press('a');
    await view.frame.getByRole('status').getByText('What it acknowledges is not in the capture.').waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('shows the edges of SACK blocks and the holes before them', async () => {
    const view = await openSegments('fast-retransmit.pcap', { height: 1400 });
    // tshark: tcp.options.sack_le 18825, sack_re 20273, tcp.ack 17377.
    assert.match(await label(view, 46), /ack 17377 .*sack 18825–20273$/);
    const strip = view.segment(46).locator('.sack');
    const [hole, held] = await Promise.all(
      ['.hole', '.held'].map(async (part) => (await strip.locator(part).boundingBox())!.width),
    );
    // One segment of 1448 bytes is missing, and one is there.
    assert.ok(Math.abs(hole! - held!) <= 2 && hole! > 20, `${hole} and ${held} px`);
    await view.segment(46).locator('.label').hover();
    await view.card.getByText('has 18825–20273').waitFor();
    await view.card.getByText('misses 17377–18825').waitFor();
  });

  it('draws a bar along the lane while a receive window is closed', async () => {
    const view = await openSegments('zero-window.pcap', { height: 1400 });
    const shut = async (packet: number): Promise<number> => view.segment(packet).locator('.lane.server.shut').count();
    // tshark: the server announces 0 in packets 16 to 22, and 8688 in packet 23.
    for (const packet of [16, 18, 20, 22]) assert.equal(await shut(packet), 1, `packet ${packet}`);
    for (const packet of [13, 14, 23, 24]) assert.equal(await shut(packet), 0, `packet ${packet}`);
    assert.equal(await view.segments.getByText('window 0').count(), 1);
  });

  it('brackets the phases, and says where they begin', async () => {
    const view = await openSegments('ftp-textbook.pcap', { height: 1400 });
    const brackets = view.frame.locator('.overlay .phase');
    assert.deepEqual(await brackets.locator('text').allTextContents(), ['Handshake', 'Data', 'Close']);
    const box = (await brackets.first().locator('.line').boundingBox())!;
    const [first, last] = [(await view.segment(1).boundingBox())!, (await view.segment(3).boundingBox())!];
    assert.ok(box.y >= first.y && box.y + box.height <= last.y + last.height);
    assert.match((await view.segment(1).getAttribute('aria-label'))!, /^Handshake: Packet 1,/);
    assert.match((await view.segment(4).getAttribute('aria-label'))!, /^Data: Packet 4,/);
    assert.match((await view.segment(17).getAttribute('aria-label'))!, /^Close: /);
  });

  for (const width of [320, 700, 1046])
    it(`keeps its options in a box at ${width} px`, async () => {
      const view = await openSegments('ftp-textbook.pcap', { width });
      const box = view.frame.getByRole('group', { name: 'Display' });
      const button = view.frame.getByRole('button', { name: 'Display' });
      await button.click();
      for (const text of ['Fold quiet runs', 'Time to scale']) await box.getByText(text, { exact: true }).waitFor();
      for (const name of ['Sequence numbers', 'Times']) await box.getByRole('combobox', { name }).waitFor();
      const { x, width: w } = (await box.boundingBox())!;
      assert.ok(x >= 0 && x + w <= width);
      await button.press('Escape');
      await box.waitFor({ state: 'hidden' });
    });
});

describe('the endpoints', () => {
  const open = useHarness();

  it('show both windows as bars with their words, and what moved', async () => {
    const view = await open('zero-window.pcap', { height: 1400 });
    await view.openConnection(0);
    await view.segment(16).click();
    // tshark: packet 16 acknowledges up to 11585 and announces 0; nothing is in flight then.
    await view.endpoints.getByText('Endpoints after packet 16').waitFor();
    const lines = view.endpoints.locator('.window-line');
    assert.equal(await lines.count(), 4);
    const [sends, receives] = await lines.allInnerTexts();
    assert.match(sends!, /^client sends\s+in flight: 0\s+window full\s+changed$/);
    assert.match(receives!, /^server receives\s+window closed/);
    await view.segment(8).click();
    await view.endpoints.getByText('Endpoints after packet 8').waitFor();
    // Five segments of 1448 bytes against the window of 7240 that the SYN-ACK announced.
    assert.match((await lines.allInnerTexts())[0]!, /in flight: 7.240\s+window full/);
    const flight = (await lines.first().locator('.span.flight').boundingBox())!.width;
    assert.ok(flight > 50);
    assert.deepEqual(await view.faults(), []);
  });

  it('lead to the segments that a segment refers to, and that refer to it', async () => {
    const view = await open('retransmission-timeout.pcap', { height: 1400 });
    await view.openConnection(0);
    await view.segment(9).click();
    const links = view.frame.locator('.sequence .links');
    await links.getByText('The same bytes in').waitFor();
    assert.match(
      await links.innerText(),
      /Acknowledged by\s+packet 12\s+The same bytes in\s+packet 8 packet 10 packet 11/,
    );
    await links.getByRole('link', { name: 'packet 12' }).click();
    await view.isSelected(12);
    await view.page.keyboard.press('Alt+ArrowLeft');
    await view.isSelected(9);
  });
});
