import assert from 'node:assert/strict';
import { useHarness, type View } from './harness';

describe('the state diagram', () => {
  const open = useHarness();

  async function openStates(trace: string, packet: number, width = 1400): Promise<View> {
    const view = await open(trace, { width });
    await view.openConnection(0);
    await view.segment(packet).click();
    await view.chooseTab('States');
    await view.frame
      .locator('.state-place')
      .filter({ hasText: `Packet ${packet} ` })
      .waitFor();
    return view;
  }

  const cells = (view: View): Promise<string[]> => view.frame.locator('.state-table td').allInnerTexts();
  const edge = (view: View, name: RegExp) => view.frame.getByRole('button', { name });

  it('shows where both ends are, and steps with them through the trace', async () => {
    // RFC 9293 §3.6, figure 12, the server being its peer A.
    const view = await openStates('ftp-textbook.pcap', 17);
    assert.deepEqual(await cells(view), ['ESTABLISHED → CLOSE-WAIT', 'ESTABLISHED → FIN-WAIT-1']);
    await view.frame.getByRole('button', { name: 'Next segment' }).click();
    await view.frame.locator('.state-place').filter({ hasText: 'Packet 18 ' }).waitFor();
    assert.deepEqual(await cells(view), ['CLOSE-WAIT', 'FIN-WAIT-1 → FIN-WAIT-2']);
    await view.frame.locator('.states-figure').press('Home');
    await view.frame.locator('.state-place').filter({ hasText: 'Packet 1 ' }).waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('has the names of textbooks and tools beside those of the RFC', async () => {
    const view = await openStates('ftp-textbook.pcap', 1);
    const title = view.frame.locator('.state-box', { hasText: 'SYN-RECEIVED' }).locator('title');
    assert.equal(await title.textContent(), 'In textbooks and tools: SYN_RCVD, SYN_RECV');
  });

  it('has the tokens on their states', async () => {
    const view = await openStates('ftp-textbook.pcap', 17);
    await view.page.waitForTimeout(700);
    for (const [side, state] of [
      ['client', 'CLOSE-WAIT'],
      ['server', 'FIN-WAIT-1'],
    ] as const) {
      const token = (await view.frame.locator(`.state-token.${side}`).boundingBox())!;
      const box = (await view.frame.locator('.state-box', { hasText: state }).locator('rect').boundingBox())!;
      const overlaps = token.x < box.x + box.width && box.x < token.x + token.width && token.y < box.y + box.height;
      assert.ok(overlaps && token.y + token.height > box.y, side);
    }
  });

  it('moves the tokens along the edges, forwards and backwards', async () => {
    const view = await openStates('ftp-textbook.pcap', 17);
    await view.frame.getByRole('button', { name: 'Next segment' }).click();
    await view.frame.locator('.state-place').filter({ hasText: 'Packet 18 ' }).waitFor();
    await view.page.waitForTimeout(700);
    // Packet 19: FIN-WAIT-2 to TIME-WAIT in a curve below the straight line between them (figure 5 of the RFC).
    for (const step of ['Next segment', 'Previous segment']) {
      await view.frame.getByRole('button', { name: step }).click();
      const way = await view.frame.locator('.state-token.server').evaluate(async (token) => {
        while (token.getAnimations().length === 0) await new Promise(requestAnimationFrame);
        const [animation] = token.getAnimations();
        animation!.pause();
        const path = document.querySelector<SVGPathElement>('[aria-label^="FIN-WAIT-2 to TIME-WAIT"] .state-line')!;
        const places = [0.3, 0.5, 0.7].map((share) => {
          animation!.currentTime = Number(animation!.effect!.getTiming().duration) * share;
          return getComputedStyle(token)
            .translate.split(' ')
            .map((length) => parseFloat(length));
        });
        animation!.finish();
        const points = Array.from({ length: 401 }, (_, i) => path.getPointAtLength((path.getTotalLength() * i) / 400));
        return places.map(([x, y]) => Math.min(...points.map((point) => Math.hypot(point.x - x!, point.y - y!))));
      });
      // Within 2 of the 880 units that the figure is wide.
      for (const distance of way) assert.ok(distance < 2, `${step}: ${way.join(' ')}`);
    }
  });

  it('moves no token along an edge between other places: CLOSED at the end is not the one at the beginning', async () => {
    const view = await openStates('ftp-textbook.pcap', 1);
    await view.page.waitForTimeout(700);
    await view.frame.locator('.states-figure').press('End');
    const highest = await view.frame.locator('.state-token.client').evaluate(async (token) => {
      while (token.getAnimations().length === 0) await new Promise(requestAnimationFrame);
      const [animation] = token.getAnimations();
      animation!.pause();
      const heights = [0, 0.2, 0.4, 0.6, 0.8].map((share) => {
        animation!.currentTime = Number(animation!.effect!.getTiming().duration) * share;
        return parseFloat(getComputedStyle(token).translate.split(' ')[1]!);
      });
      return heights.indexOf(Math.min(...heights));
    });
    // It begins in SYN-SENT, above the CLOSED that it goes down to.
    assert.equal(highest, 0);
  });

  it('lists the segments of an edge that is clicked on its words', async () => {
    const view = await openStates('ftp-textbook.pcap', 1);
    await edge(view, /^ESTABLISHED to CLOSE-WAIT: /)
      .locator('text')
      .click();
    await view.frame.getByRole('button', { name: 'Packet 17: the client of connection 0' }).waitFor();
  });

  it('says what a segment teaches, with links to the RFCs', async () => {
    const view = await openStates('ftp-textbook.pcap', 3);
    const lesson = view.frame.locator('.states-side .lesson');
    await lesson.locator('dt', { hasText: 'What each side knows' }).waitFor();
    assert.match(await lesson.innerText(), /begin at X \+ 1 = 2452765131, those of the server at Y \+ 1 = 1996069413/);
    await lesson.getByRole('link', { name: 'RFC 9293 §3.5' }).waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('lists the segments that took an edge, and goes there', async () => {
    const view = await openStates('ftp-textbook.pcap', 1);
    await edge(view, /^ESTABLISHED to CLOSE-WAIT: .* 1 in this capture$/).press('Enter');
    await view.frame.getByRole('button', { name: 'Packet 17: the client of connection 0' }).click();
    await view.frame.locator('.state-place').filter({ hasText: 'Packet 17 ' }).waitFor();
  });

  it('brings what took an edge into view, however much is told of the segment', async () => {
    const view = await openStates('ftp-textbook.pcap', 2, 700);
    await view.frame.locator('.states-side .lesson dt').first().waitFor();
    await edge(view, /^ESTABLISHED to CLOSE-WAIT: .* 1 in this capture$/).press('Enter');
    const found = view.frame.getByRole('button', { name: 'Packet 17: the client of connection 0' });
    await found.waitFor();
    const box = (await found.boundingBox())!;
    assert.ok(box.y >= 0 && box.y + box.height <= view.page.viewportSize()!.height, `at ${box.y}`);
  });

  it('asks for a state, and says whether the answer is right', async () => {
    const view = await openStates('ftp-textbook.pcap', 17);
    await view.frame.getByRole('button', { name: 'Ask me which state an end is in' }).click();
    // Packet 18 acknowledges the server's FIN: FIN-WAIT-2.
    await view.frame.getByText('In which state is the server after packet 18?').waitFor();
    assert.equal(await view.frame.locator('.state-token.server').isVisible(), false);
    await view.frame.locator('.state-box', { hasText: 'TIME-WAIT' }).click();
    await view.frame.getByText('✗ It is FIN-WAIT-2, not TIME-WAIT. 0 of 1 right.').waitFor();
    await view.frame.getByRole('button', { name: 'Next question' }).click();
    // Packet 19 is the client's FIN: it moves both ends.
    await view.frame.getByText(/In which state is the (client|server) after packet 19\?/).waitFor();
    const client = await view.frame.getByText('is the client after').count();
    await view.frame.locator('.state-box', { hasText: client > 0 ? 'LAST-ACK' : 'TIME-WAIT' }).press('Enter');
    await view.frame.getByText('1 of 2 right.').waitFor();
    await view.frame.getByRole('button', { name: 'Next question' }).click();
    await view.frame.getByText(/In which state is the (client|server) after packet 20\?/).waitFor();
    await view.frame.locator('.state-box', { hasText: 'LISTEN' }).press('Enter');
    await view.frame.getByRole('button', { name: 'Next question' }).click();
    const end = view.frame.getByText('No further segment changes a state. 1 of 3 right.');
    await end.waitFor();
    await view.frame.getByText('End quiz').click();
    await end.waitFor({ state: 'hidden' });
    // Nothing moves after packet 20: it begins with packet 1.
    await view.frame.getByText('Quiz').click();
    await view.frame.getByText(/In which state is the (client|server) after packet [12]\?/).waitFor();
  });

  for (const width of [320, 700])
    it(`keeps within ${width} px`, async () => {
      const view = await openStates('ftp-textbook.pcap', 1, width);
      const over = await view.frame.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0);
    });
});
