import assert from 'node:assert/strict';
import { useHarness, type View } from './harness';

describe('the stream', () => {
  const open = useHarness();

  const rows = (view: View) => view.frame.locator('.stream .row:visible');

  async function openStream(trace: string, options?: Parameters<typeof open>[1]): Promise<View> {
    const view = await open(trace, options);
    await view.openConnection(0);
    await view.chooseTab('Stream');
    await rows(view).first().locator('.content').filter({ hasText: /./ }).waitFor();
    return view;
  }

  /** Chooses in a dropdown by the keyboard. */
  async function choose(view: View, name: string, down: number): Promise<void> {
    const dropdown = view.frame.getByRole('combobox', { name, exact: true });
    await dropdown.focus();
    for (let i = 0; i < down; i++) await dropdown.press('ArrowDown');
  }

  /** Who says what, from the top. */
  async function spoken(view: View): Promise<string[]> {
    const placed = await Promise.all(
      (await rows(view).all()).map(async (row) => ({
        y: (await row.boundingBox())!.y,
        text: `${await row.locator('.side').innerText()} ${await row.locator('.content').innerText()}`,
      })),
    );
    return placed.sort((a, b) => a.y - b.y).map(({ text }) => text.trim());
  }

  it('is a conversation, of which either side can be read alone', async () => {
    const view = await openStream('ftp-textbook.pcap');
    const both = await spoken(view);
    assert.match(both[0]!, /^← server 220 /);
    assert.match(both[1]!, /^→ client USER /);
    await choose(view, 'Whose bytes', 1);
    await view.frame.locator('.stream .row.server:visible').first().waitFor({ state: 'detached' });
    await rows(view).first().locator('.content').filter({ hasText: 'USER' }).waitFor();
    assert.ok((await spoken(view)).every((line) => line.startsWith('→ client')));
    assert.deepEqual(await view.faults(), []);
  });

  it('is hexadecimal when asked to be, with offsets', async () => {
    const view = await openStream('ftp-textbook.pcap');
    await choose(view, 'Form', 1);
    // "220 " begins the server's greeting.
    const first = rows(view).filter({ hasText: '00000000' }).first();
    await first.waitFor();
    assert.match(await first.locator('.stream-hex').innerText(), /^32 32 30 20 /);
    assert.match(await first.locator('.stream-ascii').innerText(), /^220 /);
  });

  it('goes to the segment that brought the bytes, by a click and by Enter', async () => {
    const view = await openStream('ftp-textbook.pcap');
    const user = rows(view).filter({ hasText: 'USER' });
    const packet = Number(await user.locator('.packet').innerText());
    await user.locator('.stream-part').click();
    await view.isSelected(packet);
    await view.chooseTab('Stream');
    // It is the chosen row now.
    await view.frame.locator('.stream .row[aria-selected=true]', { hasText: 'USER' }).waitFor();
    await view.frame.getByRole('grid', { name: 'Stream' }).press('ArrowDown');
    const next = view.frame.locator('.stream .row[aria-selected=true]');
    const other = Number(await next.locator('.packet').innerText());
    assert.ok(other > packet);
    await view.frame.getByRole('grid', { name: 'Stream' }).press('Enter');
    await view.isSelected(other);
  });

  it('flags bytes that were sent again and differ', async () => {
    const view = await openStream('hijack-injection.pcap');
    await view.frame.locator('.stream-bar', { hasText: 'with other bytes' }).waitFor();
    const part = view.frame.locator('.stream-part.conflict').first();
    assert.match(await part.innerText(), /^⚠/);
    assert.match((await part.getAttribute('title')) ?? '', /^Packet \d+; sent again in packet \d+ with other bytes$/);
  });

  it('is saved and opened by the host', async () => {
    const view = await openStream('ftp-textbook.pcap');
    await view.frame.getByRole('button', { name: 'Save…' }).click();
    await view.frame.getByRole('button', { name: 'Open as Document' }).click();
    assert.deepEqual(await view.asked('stream', 2), [
      { type: 'stream', action: 'save', connection: 0, sides: 'both' },
      { type: 'stream', action: 'open', connection: 0, sides: 'both' },
    ]);
  });

  const box = (view: View) => view.frame.getByRole('textbox', { name: 'Find in the stream' });
  const status = (view: View, text: string) =>
    view.frame.locator('.find-status', { hasText: new RegExp(`^${text}$`) }).waitFor();
  /** Waits until these bytes are marked, from the top, those of the match that is shown in brackets. */
  async function areMarked(view: View, ...expected: readonly string[]): Promise<void> {
    await view.frame.waitForFunction((wanted) => {
      const marks = Array.from(document.querySelectorAll<HTMLElement>('.stream .found'))
        .filter((mark) => mark.checkVisibility())
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((mark) => (mark.classList.contains('current') ? `[${mark.innerText}]` : mark.innerText));
      return JSON.stringify(marks) === JSON.stringify(wanted);
    }, expected);
  }

  it('finds text, goes through the matches and is closed, all by the keyboard', async () => {
    const view = await openStream('ftp-textbook.pcap');
    await view.frame.getByRole('grid', { name: 'Stream' }).press('Control+f');
    // Where the keyboard goes.
    await view.page.keyboard.type('ss');
    // password, PASS, successful: the numbers are in the core's test.
    await status(view, '1 of 3');
    await areMarked(view, '[ss]', 'SS', 'ss');
    await box(view).press('Enter');
    await status(view, '2 of 3');
    await areMarked(view, 'ss', '[SS]', 'ss');
    await box(view).press('F3');
    await status(view, '3 of 3');
    // From the last to the first, and back.
    await box(view).press('Enter');
    await status(view, '1 of 3');
    await box(view).press('Shift+Enter');
    await status(view, '3 of 3');
    await box(view).press('Shift+F3');
    await status(view, '2 of 3');
    // A key of the view's own is a letter here.
    await box(view).fill('a/b');
    await status(view, 'No matches');
    await areMarked(view);
    await box(view).press('Escape');
    await box(view).waitFor({ state: 'hidden' });
    await view.frame.locator('.stream .table-scroller:focus').waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('finds letters of one case alone when asked to', async () => {
    const view = await openStream('ftp-textbook.pcap');
    await view.frame.getByRole('button', { name: /^Find/ }).click();
    await box(view).fill('ss');
    await status(view, '1 of 3');
    await view.frame.getByRole('checkbox', { name: 'Match case' }).click();
    await status(view, '1 of 2');
    await areMarked(view, '[ss]', 'ss');
  });

  it('finds bytes, in either form, and keeps the place in the other', async () => {
    const view = await openStream('ftp-textbook.pcap');
    await view.frame.getByRole('button', { name: /^Find/ }).click();
    await box(view).fill('0x0d 0a');
    await status(view, '1 of 7');
    await view.frame.getByRole('button', { name: 'Next match' }).click();
    await status(view, '2 of 7');
    await areMarked(view, '␍␊', '[␍␊]', '␍␊', '␍␊', '␍␊', '␍␊', '␍␊');
    await choose(view, 'Form', 1);
    // In digits and in letters. "USER ftp" are the eight bytes before.
    await view.frame.locator('.stream-hex .found.current', { hasText: '0d 0a' }).waitFor();
    assert.equal(await view.frame.locator('.stream-ascii .found.current').innerText(), '··');
    await status(view, '2 of 7');
    await box(view).fill('0x0d 0');
    await status(view, 'No matches');
    await box(view).fill('0x0d0');
    await status(view, 'Two hexadecimal digits make a byte');
  });

  it('finds in the side that is shown, across what the other says', async () => {
    const view = await openStream('ftp-textbook.pcap');
    await view.frame.getByRole('button', { name: /^Find/ }).click();
    // The end of USER and the beginning of PASS.
    await box(view).fill('0x70 0d 0a 50');
    await status(view, '1 of 1');
    await areMarked(view, '[p␍␊]', '[P]');
    await choose(view, 'Whose bytes', 2);
    await status(view, 'No matches');
  });

  it('still finds the same after a reload', async () => {
    const view = await openStream('ftp-textbook.pcap');
    await view.frame.getByRole('button', { name: /^Find/ }).click();
    await box(view).fill('QUIT');
    await status(view, '1 of 1');
    await view.page.waitForTimeout(300); // state is remembered in a while
    await view.page.reload();
    const frame = view.page.frames().find((candidate) => candidate.url().includes('/view'))!;
    await frame.locator('.find-status', { hasText: '1 of 1' }).waitFor();
    assert.equal(await frame.locator('.stream .found.current:visible').innerText(), 'QUIT');
  });

  it('of any length is a few rows', async () => {
    const view = await openStream('million');
    const grid = view.frame.getByRole('grid', { name: 'Stream' });
    await grid.press('End');
    await view.frame.locator('.stream [data-row="999999"][aria-selected=true]:visible').waitFor();
    assert.ok((await grid.getByRole('row').count()) <= 100);
  });
});
