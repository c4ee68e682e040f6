import assert from 'node:assert/strict';
import { useHarness, type View } from './harness';

/** Initial sequence numbers of the textbooks' FTP session. */
const X = 2452765130;
const Y = 1996069412;

describe('the webview', () => {
  const open = useHarness();

  async function openSegments(trace: string, options?: Parameters<typeof open>[1]): Promise<View> {
    const view = await open(trace, options);
    await view.openConnection(0);
    return view;
  }

  describe('its connections', () => {
    it('are opened by Enter', async () => {
      const view = await open('start-here.pcapng');
      // A key that comes before the rows do goes nowhere.
      await view.connections.first().waitFor();
      await view.frame.getByRole('grid').press('ArrowDown');
      await view.frame.getByRole('grid').press('Enter');
      await view.isSelected(11); // connection 1 begins there
      await view.frame.locator('.diagram-scroller:focus').waitFor();
      assert.deepEqual(await view.faults(), []);
    });

    it('tell the whole verdict at any width', async () => {
      const view = await open('start-here.pcapng', { width: 1700 });
      await view.connections.first().waitFor();
      // Where a column comes or goes, and between.
      for (const width of [
        1700, 1600, 1500, 1414, 1400, 1294, 1280, 1194, 1180, 1114, 1100, 1046, 1014, 1000, 960, 912, 772, 700, 652,
      ]) {
        await view.page.setViewportSize({ width, height: 900 });
        await view.page.waitForTimeout(100);
        const cells = await view.frame
          .locator('.row .cell.verdict:visible')
          .evaluateAll((found) =>
            found.map((cell) => [cell.textContent, cell.scrollHeight, cell.clientHeight] as const),
          );
        assert.ok(cells.length > 5 && cells.some(([text]) => text.includes('; ')));
        assert.deepEqual(
          cells.filter(([, needed, there]) => needed > there),
          [],
          `in ${width} px`,
        );
      }
    });

    it('are sorted by a column, backwards, and not any more', async () => {
      const view = await open('start-here.pcapng');
      const numbers = async (): Promise<number[]> => {
        const rows = await view.connections.all();
        const placed = await Promise.all(
          rows.map(async (row) => ({
            y: (await row.boundingBox())!.y,
            n: Number(await row.getAttribute('data-connection')),
          })),
        );
        return placed.sort((a, b) => a.y - b.y).map(({ n }) => n);
      };
      const head = view.frame.getByRole('columnheader', { name: /Segments/ });
      await view.connections.first().waitFor();
      const inOrder = await numbers();
      await head.getByRole('button').click();
      await view.frame.locator('[aria-sort=ascending]').waitFor();
      const segments = await view.frame.locator('.row .cell.segments:visible').allInnerTexts();
      assert.equal(segments.length, inOrder.length);
      const ascending = await numbers();
      await head.getByRole('button').click();
      await view.frame.locator('[aria-sort=descending]').waitFor();
      // Equal ones keep their order both ways: only the ends must swap.
      assert.equal((await numbers())[0], ascending.at(-1));
      await head.getByRole('button').click();
      await view.frame.locator('[aria-sort]').waitFor({ state: 'detached' });
      assert.deepEqual(await numbers(), inOrder);
    });

    it('are as many as there are, through a few rows', async () => {
      const view = await open('connections');
      await view.connections.first().waitFor();
      await view.frame.getByRole('grid').press('End');
      await view.frame.locator('[data-connection="199999"][aria-selected=true]').waitFor();
      assert.ok((await view.frame.getByRole('grid').getByRole('row').count()) <= 100);
    });
  });

  describe('its verdict', () => {
    it('leads to the packets that each clause rests on', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      const verdict = view.frame.getByRole('group', { name: 'What happened' });
      assert.equal(
        (await verdict.innerText()).replace(/\s+/g, ' '),
        'Opened by the client in 20.9 ms 1 2 3; closed in order, server first 17 18 19 20',
      );
      await verdict.getByRole('link', { name: 'Packet 17' }).click();
      await view.isSelected(17);
      assert.deepEqual(await view.faults(), []);
    });
  });

  describe('its diagram', () => {
    it('is walked through by the keyboard, and the details follow', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segments.press('Home');
      await view.isSelected(1);
      await view.segments.press('ArrowDown');
      await view.isSelected(2);
      await view.frame.getByText('Endpoints after packet 2', { exact: true }).waitFor();
      assert.match(await view.endpoints.innerText(), new RegExp(`ISS\\s+0 · raw ${X}\\s+0 · raw ${Y}`));
      await view.segments.press('End');
      await view.isSelected(20);
      assert.deepEqual(await view.faults(), []);
    });

    it('says each row as a sentence with both states', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      assert.match(
        (await view.segment(2).getAttribute('aria-label')) ?? '',
        /^Packet 2, .*server to client: SYN ACK seq 0 ack 1 .*Client ESTABLISHED, server SYN-RECEIVED\.$/,
      );
    });

    it('names the calls that segments betray, at the end that made them', async () => {
      const view = await openSegments('half-close.pcap');
      const callsAt = (side: string): Promise<string[]> =>
        view.segments.locator(`[data-packet]:visible .state.${side} .call:not(:empty)`).allInnerTexts();
      // connect(), send() and shutdown(SHUT_WR), as test/support/samples/capture.py has it.
      assert.deepEqual((await callsAt('client')).sort(), ['connect()', 'send()?', 'shutdown()']);
      await view.segment(5).locator('.label').hover();
      await view.card.getByText('Socket call').waitFor();
    });

    it('prints raw numbers when asked to', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.frame.locator('.display-options vscode-dropdown').first().click();
      await view.frame.getByRole('option', { name: 'Seq: absolute' }).click();
      await view
        .segment(2)
        .getByText(`seq ${Y} ack ${X + 1}`)
        .waitFor();
    });

    it('folds quiet runs, and unfolds them by Enter and by a click', async () => {
      const view = await openSegments('fast-retransmit.pcap');
      const run = view.segments.locator('[data-run]:visible').first();
      await run.waitFor();
      const packets = await view.segments.locator('[data-packet]:visible').count();
      assert.match(await run.innerText(), /\d+ data segments · .* bytes → · \d+ ACKs? ←/);
      await run.click();
      await view.segments.locator('.run.open').waitFor();
      await view.frame.getByText(/ · Enter or ← folds it\.$/).waitFor();
      await view.segments.press('ArrowDown');
      await view.segments.locator('[data-packet][aria-selected=true]').waitFor();
      await view.segments.press('ArrowLeft');
      await view.segments.locator('.run:not(.open)[aria-selected=true]').waitFor();
      assert.equal(await view.segments.locator('[data-packet]:visible').count(), packets);
      await view.segments.press('Enter');
      await view.segments.locator('.run.open').waitFor();
    });

    for (const width of [1400, 1046, 940, 700, 320])
      it(`cuts nothing off what a run says in ${width} px`, async () => {
        const view = await openSegments('fast-retransmit.pcap', { width });
        for (const state of ['.run:not(.open)', '.run.open']) {
          const run = view.segments.locator(`${state}:visible`).first();
          await run.waitFor();
          const [needed, there] = await run
            .locator('.label')
            .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth] as const);
          assert.ok(needed <= there, `${state}: ${needed} px in ${there} px`);
          await run.click();
        }
      });

    it('steps through the problems by n and p, and says when asked by the host', async () => {
      const view = await openSegments('fast-retransmit.pcap');
      const problem = async (): Promise<number> => {
        await view.segments.locator('.problem[aria-selected=true]').waitFor();
        return Number(await view.selected.getAttribute('data-packet'));
      };
      await view.segments.press('n');
      const first = await problem();
      await view.tell({ type: 'step', what: 'problem', direction: 1 });
      await view.segments.locator(`.problem[aria-selected=true]:not([data-packet="${first}"])`).waitFor();
      assert.ok((await problem()) > first);
      await view.segments.press('p');
      await view.isSelected(first);
    });

    it('brings any of a million rows into view', async () => {
      const view = await openSegments('million');
      await view.tell({ type: 'reveal', focus: true, connection: 0, row: 654_320 });
      await view.isSelected(654_321);
      await view.segments.press('End');
      await view.isSelected(1_000_000);
      await view.segments.press('PageUp');
      await view.segments.press('ArrowDown');
      assert.ok((await view.segments.locator('[role=option]').count()) <= 100);
      const box = (await view.selected.boundingBox())!;
      const list = (await view.segments.boundingBox())!;
      assert.ok(box.y >= list.y && box.y + box.height <= list.y + list.height + 1, 'the selected row is in view');
      assert.deepEqual(await view.faults(), []);
    });

    it('goes to a place in the overview by a click', async () => {
      const view = await openSegments('million');
      const overview = view.frame.getByRole('img', { name: /^Overview: / });
      const { height } = (await overview.boundingBox())!;
      await overview.click({ position: { x: 5, y: height / 2 } });
      await view.segments.locator('[data-packet]:visible').first().waitFor();
      const row = Number(await view.segments.locator('[data-packet]:visible').first().getAttribute('data-row'));
      assert.ok(Math.abs(row - 500_000) < 60_000, `row ${row}`);
    });

    it('moves three rows a notch where the scroll bar stands for a million', async () => {
      const view = await openSegments('million');
      await view.frame.getByRole('checkbox', { name: 'Fold quiet runs' }).click();
      await view.tell({ type: 'reveal', focus: true, connection: 0, row: 500_000 });
      await view.isSelected(500_001);
      const place = async (): Promise<number> => (await view.segment(500_001).boundingBox())!.y;
      const before = await place();
      await view.segments.hover();
      await view.page.mouse.wheel(0, 90);
      await view.page.waitForTimeout(200);
      assert.equal(Math.round(before - (await place())), 90);
    });

    it('lets what is being typed be finished when the trace is read again meanwhile', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      const again = (): Promise<void> =>
        view.tell({ type: 'init', beginning: null, name: 'a', source: 'a', l10n: {}, language: 'en' });
      const filter = view.frame.getByRole('combobox', { name: 'Filter' });
      await filter.pressSequentially('tcp.port = 21');
      // Behind "=".
      for (let i = 0; i < 3; i++) await filter.press('ArrowLeft');
      await again();
      await view.page.keyboard.type('=');
      assert.equal(await filter.inputValue(), 'tcp.port == 21');
      assert.equal(await view.frame.locator(':focus').getAttribute('aria-label'), 'Filter');
      await filter.press('Escape');
      // A tab cannot have the keyboard before it is drawn: what it shows gets it.
      await view.chooseTab('Connections');
      await again();
      await view.frame.locator(':focus').waitFor();
    });

    it('shows the same place after a reload', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segment(7).click();
      await view.isSelected(7);
      await view.page.waitForTimeout(300);
      await view.page.reload();
      const frame = view.page.frames().find((candidate) => candidate.url().includes('/view'))!;
      await frame.locator('.diagram [data-packet="7"][aria-selected=true]').waitFor();
    });
  });

  describe('its card', () => {
    it('shows the decoded fields, stays while the pointer is in it, and goes', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segment(2).locator('.label').hover();
      // The options are asked for, and come behind the rest.
      await view.card.filter({ hasText: /Maximum Segment Size\s*1460/ }).waitFor();
      assert.match(await view.card.innerText(), new RegExp(`raw ${Y}`));
      assert.match(await view.card.innerText(), /Maximum Segment Size 1460/);
      // RFC 9293, figure 6, line 3; the client's move has a name in textbooks only where its new state has one.
      assert.match(await view.card.innerText(), /SYN-SENT → ESTABLISHED · client\s+SYN-RECEIVED · server/);
      await view.card.hover();
      await view.page.waitForTimeout(500);
      assert.ok(await view.card.isVisible());
      await view.page.mouse.move(5, 5);
      await view.card.waitFor({ state: 'hidden' });
    });

    it('comes to the keyboard too, and Escape closes it', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segments.press('ArrowDown');
      await view.segments.press(' ');
      await view.card.waitFor();
      await view.segments.press('Escape');
      await view.card.waitFor({ state: 'hidden' });
      await view.segments.press(' ');
      await view.card.waitFor();
      // It must not cover what is read while walking on.
      await view.segments.press('ArrowDown');
      await view.card.waitFor({ state: 'hidden' });
      await view.page.waitForTimeout(1000);
      assert.equal(await view.card.isVisible(), false);
    });

    const leaving: Readonly<Record<string, (view: View) => Promise<unknown>>> = {
      'the window is resized': ({ page }) => page.setViewportSize({ width: 1200, height: 900 }),
      // VS Code's pickers and other editors are outside the webview.
      'the keyboard leaves the view': ({ page }) =>
        page.evaluate(() => {
          const field = document.createElement('input');
          document.body.prepend(field);
          field.focus();
        }),
      'the keyboard scrolls': ({ segments }) => segments.press('PageDown'),
      'the keyboard goes to the details': ({ segments }) => segments.press('Enter'),
      'another tab is chosen': ({ frame }) => frame.getByRole('tab', { name: 'Connections' }).click(),
      'another connection is chosen': ({ frame }) => frame.getByRole('button', { name: 'Next connection' }).click(),
    };
    for (const by of ['pointer', 'keyboard'])
      for (const [what, act] of Object.entries(leaving))
        it(`that came by the ${by} goes when ${what}`, async () => {
          const view = await openSegments('start-here.pcapng', { height: 500 });
          await view.segments.focus();
          if (by === 'pointer') await view.segment(2).locator('.label').hover();
          else {
            await view.segments.press('ArrowDown');
            await view.segments.press(' ');
          }
          await view.card.waitFor();
          await act(view);
          await view.card.waitFor({ state: 'hidden', timeout: 600 });
        });

    for (const width of [320, 700, 1400])
      it(`is not cut at ${width} px`, async () => {
        const view = await openSegments('hostile', { width });
        for (const row of [0, 5]) {
          await view.segments.locator(`[data-row="${row}"]:visible .label`).hover();
          await view.card.filter({ hasText: `Packet ${row + 1}` }).waitFor();
          const box = (await view.card.boundingBox())!;
          assert.ok(
            box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= 900,
            JSON.stringify(box),
          );
        }
      });
  });

  describe('its details', () => {
    it('mark the bytes of a field, and the field of a byte', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segment(1).click();
      await view.field('Sequence Number').hover();
      assert.equal((await view.markedBytes.allInnerTexts()).join(''), X.toString(16));
      // Ethernet's header takes 14 bytes, IPv4's 20: the third and fourth byte of TCP are the destination port.
      await view.frame.locator('.bytes-row', { hasText: /^0020/ }).locator('.hex [data-column="4"]').hover();
      await view.frame.locator('.picture .cell.marked[aria-label^="Destination Port"]').waitFor();
      assert.equal(await view.frame.locator('.picture .cell.marked').count(), 1);
    });

    it('are walked through by the keyboard', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segment(1).click();
      await view.field('Source Port').waitFor();
      await view.page.mouse.move(5, 5); // no card that Escape would close first
      await view.segments.press('Enter');
      await view.frame.locator('.cell:focus').press('ArrowRight');
      await view.frame.locator('.cell:focus').press('ArrowRight');
      assert.equal((await view.markedBytes.allInnerTexts()).join(''), X.toString(16));
      await view.frame.locator('.cell:focus').press('Escape');
      assert.equal(await view.segments.evaluate((list) => list === list.ownerDocument.activeElement), true);
    });

    it('show another layer', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.frame.getByRole('tab', { name: 'IPv4' }).click();
      await view.field('Source Address').or(view.field('Source')).first().waitFor();
    });

    it('grow and shrink by the keyboard', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      const details = view.frame.getByRole('region', { name: 'Details' });
      const before = (await details.boundingBox())!.height;
      await view.frame.getByRole('separator').press('ArrowUp');
      assert.equal((await details.boundingBox())!.height, before + 24);
      await view.frame.getByRole('separator').press('End');
      await details.waitFor({ state: 'hidden' });
    });

    it('open the RFC that a sentence names', async () => {
      const view = await openSegments('hostile');
      await view.segments.locator('[data-row="0"]:visible').click();
      // Nor does the bracket before it stay behind on another line.
      const [before] = await view.frame
        .getByRole('link', { name: 'RFC 9293 §3.5.2' })
        .evaluateAll((links) => links.map((link) => getComputedStyle(link.parentElement!).whiteSpace));
      assert.equal(before, 'nowrap');
      await view.frame.getByRole('link', { name: 'RFC 9293 §3.5.2' }).click();
      assert.deepEqual(await view.asked('openRfc'), [{ type: 'openRfc', rfc: 9293, section: '3.5.2' }]);
    });
  });

  describe('its host', () => {
    it('is asked for what VS Code does natively', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segments.press('Control+g');
      await view.frame.getByRole('button', { name: /Choose another$/ }).click();
      assert.deepEqual(
        (await view.asked('command', 2)).map(({ command }) => command),
        ['goToPacket', 'showConnection'],
      );
    });

    it('hears of the selection', async () => {
      const view = await openSegments('ftp-textbook.pcap');
      await view.segment(3).click();
      await view.isSelected(3);
      await view.hasSaid({ tab: 'sequence', connection: 0, row: 2 });
    });

    it('may say that there is nothing to show', async () => {
      const view = await open('failed');
      assert.match(await view.frame.getByRole('alert').innerText(), /Not a capture file/);
      await view.frame.getByRole('button', { name: 'Retry' }).click();
      assert.deepEqual(await view.asked('command'), [{ type: 'command', command: 'retry' }]);
    });

    it('reports its progress and can be told to stop', async () => {
      const view = await open('reading');
      await view.frame.getByText(/^Reading: \d+ % of 1\.07 GB/).waitFor();
      await view.frame.getByRole('button', { name: 'Cancel' }).click();
      assert.deepEqual(await view.asked('command'), [{ type: 'command', command: 'cancel' }]);
    });
  });

  it('says what is wrong with the capture', async () => {
    const view = await open('damaged');
    const status = view.frame.getByRole('status');
    assert.match(await status.innerText(), /cut in packet 12 at byte 3.400/);
    await status.getByRole('button', { name: /1.202 more notices/ }).click();
    await status.getByText(/LINKTYPE 147/).waitFor();
    await status.getByRole('button', { name: 'Hide' }).click();
    await status.waitFor({ state: 'hidden' });
    // The status bar's "damaged" shows them again.
    await view.tell({ type: 'showNotices' });
    await status.getByText(/LINKTYPE 147/).waitFor();
    await view.frame.locator('.notices:focus').waitFor();
  });

  it('says which packets are not loaded, and offers others', async () => {
    const view = await open('partly');
    const status = view.frame.getByRole('status');
    assert.match(await status.innerText(), /Only 1.000 packets are loaded/);
    const offers = [
      ['Load a Range of Packets…', 'loadRange'],
      ['Load Only What Matches…', 'loadMatching'],
      ['Load All', 'loadAll'],
    ] as const;
    for (const [name] of offers) await status.getByRole('button', { name }).click();
    assert.deepEqual(
      await view.asked('command', offers.length),
      offers.map(([, command]) => ({ type: 'command', command })),
    );
  });

  it('says that there are no connections', async () => {
    const view = await open('empty');
    await view.frame.getByText('No TCP connections in this capture (42 packets).').waitFor();
  });

  it('shows names that the capture carries, beside their addresses where there is room', async () => {
    const IN_FULL = 'backup.office.example (ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255):65535';
    const view = await open('hostile');
    const cell = view.frame.locator('.row .cell.server:visible').first();
    await cell.getByText('backup.office.example:65535', { exact: true }).waitFor();
    assert.equal(await cell.getAttribute('title'), IN_FULL);
    await view.openConnection(0);
    assert.equal(await view.frame.locator('.diagram-heads .server').getAttribute('title'), IN_FULL);
    await view.segments.locator('[data-row="0"]:visible').click();
    await view.endpoints.getByText(IN_FULL).waitFor();
    await view.segments.locator('[data-row="0"]:visible .label').hover();
    await view.card.getByText(IN_FULL).waitFor();
  });

  it('shows hostile text as inert text', async () => {
    const view = await openSegments('hostile');
    await view.segments.locator('[data-row="3"]:visible').click();
    await view.endpoints.waitFor();
    assert.equal(await view.frame.locator('body img, body script[src]:not([nonce]), body iframe').count(), 0);
    const texts = await view.frame.evaluate(
      () =>
        document.body.innerText +
        Array.from(document.querySelectorAll('[title], [aria-label]'))
          .map((element) => `${element.getAttribute('title')}${element.getAttribute('aria-label')}`)
          .join(''),
    );
    assert.doesNotMatch(texts, /[\u0000\u001b\u202e\u2066]/);
    assert.match(texts, /<img src=x onerror=alert\(1\)>‹ESC›\[31m‹U\+202E›gnp\.exe/);
    assert.deepEqual(await view.faults(), []);
  });

  for (const width of [320, 400, 516, 600, 700, 850, 1000, 1400])
    it(`keeps within ${width} px`, async () => {
      for (const trace of ['hostile', 'ftp-textbook.pcap']) {
        const view = await open(trace, { width });
        await view.connections.first().waitFor();
        const beyond = (): Promise<string[]> =>
          view.frame.evaluate(() =>
            Array.from(document.querySelectorAll<HTMLElement>('.app *'))
              .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
              // What its own parent cuts is cut on purpose, with an ellipsis.
              .filter((element) => !['hidden', 'clip'].includes(getComputedStyle(element.parentElement!).overflowX))
              .map((element) => `${element.tagName}.${element.className}`),
          );
        assert.deepEqual(await beyond(), [], 'connections');
        await view.openConnection(0);
        await view.endpoints.waitFor();
        assert.deepEqual(await beyond(), [], 'sequence');
        await view.chooseTab('Packets');
        await view.frame.locator('.packets [data-packet]:visible').first().waitFor();
        assert.deepEqual(await beyond(), [], 'packets');
        await view.chooseTab('Stream');
        await view.frame.locator('.stream .row:visible').first().waitFor();
        assert.deepEqual(await beyond(), [], 'stream');
      }
    });
});
