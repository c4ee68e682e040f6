import assert from 'node:assert/strict';
import { useHarness, type View } from './harness';

describe('the table of connections', () => {
  const open = useHarness();

  async function table(trace: string, options?: Parameters<typeof open>[1]): Promise<View> {
    const view = await open(trace, options);
    await view.connections.first().waitFor();
    return view;
  }

  const row = (view: View, connection: number) =>
    view.frame.locator(`.connections [data-connection="${connection}"]:visible`);

  it('shows throughput over time, the client’s up and the server’s down', async () => {
    const view = await table('start-here.pcapng');
    const picture = row(view, 1).locator('.sparkline');
    await picture.locator('.down[d^="M"]').waitFor();
    // tshark: connection 1 has one request of 72 bytes and an answer of 200 190 in many parts of its 183 ms.
    const bars = async (side: string): Promise<number> =>
      ((await picture.locator(side).getAttribute('d')) ?? '').split('M').length - 1;
    assert.equal(await bars('.up'), 1);
    assert.ok((await bars('.down')) > 5);
    // 200 262 bytes in 183 ms.
    assert.equal(await row(view, 1).locator('.throughput').getAttribute('title'), '1.09 MB per second on average');
    // The refused connection carried nothing.
    assert.equal(await row(view, 3).locator('.sparkline .up').getAttribute('d'), '');
    assert.deepEqual(await view.faults(), []);
  });

  it('has no round trip for a refused connection', async () => {
    const view = await table('start-here.pcapng', { width: 1700 });
    assert.equal(await row(view, 3).locator('.cell.rtt').innerText(), '–');
    assert.equal(await row(view, 0).locator('.cell.rtt').innerText(), '21.1 ms');
  });

  it('says where a capture is not in order instead of a negative time', async () => {
    const view = await table('hostile');
    assert.equal(await row(view, 1).locator('.cell.duration').innerText(), 'not in order');
    assert.doesNotMatch(await view.frame.locator('.connections').innerText(), /-\d/);
  });

  it('can be sorted by every column', async () => {
    const view = await table('start-here.pcapng', { width: 1700 });
    const heads = view.frame.locator('.connections .head:visible');
    assert.equal(await heads.count(), 14);
    assert.equal(await heads.getByRole('button').count(), 14);
    await heads.filter({ hasText: 'What happened' }).getByRole('button').click();
    await view.frame.locator('.head.verdict[aria-sort=ascending]').waitFor();
    const texts = await view.frame
      .locator('.connections .row:visible')
      .evaluateAll((rows) =>
        rows
          .sort((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)
          .map((one) => one.querySelector('.cell.verdict')!.textContent),
      );
    assert.ok(texts.length === 6 && texts[5] === 'Reset by the server', texts.join());
    assert.equal(texts[4], 'Refused by the server');
  });

  for (const width of [320, 700, 1046])
    it(`shows the whole port of a long address at ${width} px`, async () => {
      const view = await table('hostile', { width });
      for (const side of ['client', 'server']) {
        const cell = row(view, 0).locator(`.cell.${side}`);
        const [box, port] = [(await cell.boundingBox())!, (await cell.locator('.port').boundingBox())!];
        assert.match(await cell.locator('.port').innerText(), /^:\d+$/);
        assert.ok(port.x + port.width <= box.x + box.width + 1 && port.width > 20);
      }
    });

  it('tells both sides’ states also beside the explorer, and to a screen reader', async () => {
    const view = await table('ftp-textbook.pcap', { width: 1046 });
    // tshark: the first FIN, packet 17, is the server’s, which waits (RFC 9293 figure 12).
    assert.deepEqual(await row(view, 0).locator('.cell.states span').allInnerTexts(), ['CLOSED', 'TIME-WAIT']);
    assert.match((await row(view, 0).getAttribute('aria-label')) ?? '', / Client CLOSED, server TIME-WAIT\.$/);
  });

  it('explains its pictures', async () => {
    const view = await table('start-here.pcapng');
    const legend = view.frame.getByRole('note');
    await legend.getByText('from left to right: SYN, SYN-ACK, ACK, data, FIN; × a reset').waitFor();
    await legend.getByText('up: from the client, down: from the server').waitFor();
  });
});
