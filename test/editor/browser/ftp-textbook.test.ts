import assert from 'node:assert/strict';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

/** Initial sequence numbers of the FTP session in the textbooks, as the client and the server chose them. */
const X = 2452765130;
const Y = 1996069412;

/** States of client and server after each step, by RFC 9293 §3.5 and §3.6, for an open by the client and a close by the server. */
const OPENING = [
  ['SYN-SENT', 'SYN-RECEIVED'],
  ['ESTABLISHED', 'SYN-RECEIVED'],
  ['ESTABLISHED', 'ESTABLISHED'],
] as const;
const CLOSING = [
  ['CLOSE-WAIT', 'FIN-WAIT-1'],
  ['CLOSE-WAIT', 'FIN-WAIT-2'],
  ['LAST-ACK', 'TIME-WAIT'],
  ['CLOSED', 'TIME-WAIT'],
] as const;
const PACKETS = 20;

describe('the FTP session of the textbooks, in the editor', () => {
  const editor = useEditor();
  let view: TraceView;

  before(async () => {
    view = new TraceView(editor());
    await editor().openFromExplorer('ftp-textbook.pcap');
    await view.connectionRow(0).waitFor();
  });

  it('is found by its port with Show TCP Connection', async () => {
    await editor().runCommand('TCP Trace: Show TCP Connection');
    await editor().fillQuickInput('Show TCP Connection', '21 time-wait');
    await editor()
      .quickInputOptions()
      .filter({ hasText: /10\.1\.0\.2:\d+ ⇄ 10\.2\.0\.9:21/ })
      .waitFor();
    await editor().screenshot('show connection');
    await editor().quickInputField.press('Enter');
    await view.segment(1).waitFor();
  });

  it('opens in three steps', async () => {
    for (const [i, states] of OPENING.entries())
      assert.deepEqual(await view.statesAt(i + 1), states, `packet ${i + 1}`);
  });

  it('shows the numbers of a segment that is clicked', async () => {
    await view.segment(3).click();
    // The header of the segment before stays until this one's is there.
    await view.field(`Acknowledgment Number: ${Y + 1}\\b`).waitFor();
    assert.match((await view.field('Sequence Number').getAttribute('aria-label')) ?? '', new RegExp(`\\b${X + 1}\\b`));
    const endpoints = await view.endpoints.innerText();
    assert.match(endpoints, new RegExp(`ISS\\s+0 · raw ${X}\\s+0 · raw ${Y}\\b`));
    assert.match(endpoints, new RegExp(`IRS\\s+0 · raw ${Y}\\s+0 · raw ${X}\\b`));
    await editor().screenshot('details');
  });

  it('shows the decoded fields of a segment that the pointer rests on', async () => {
    await view.segment(2).hover();
    await view.card.filter({ hasText: /^Packet 2\b/ }).waitFor();
    const card = await view.card.innerText();
    assert.match(card, new RegExp(`raw ${Y}\\b`));
    assert.match(card, new RegExp(`raw ${X + 1}\\b`));
    await editor().screenshot('hover');
    await editor().page.mouse.move(5, 5);
    await view.card.waitFor({ state: 'hidden' });
  });

  it('marks the bytes of a field that the pointer is on', async () => {
    await view.segment(1).click();
    await view.field('Sequence Number').hover();
    const marked = view.details.locator('.bytes-panel [data-column].marked:visible');
    await marked.first().waitFor();
    const hex = (await marked.allInnerTexts()).filter((text) => /^[0-9a-f]{2}$/.test(text.trim()));
    assert.equal(hex.map((text) => text.trim()).join(''), X.toString(16).padStart(8, '0'));
  });

  it('goes to a packet by its number with Ctrl+G', async () => {
    await view.segments.focus();
    await editor().page.keyboard.press('ControlOrMeta+g');
    await editor().fillQuickInput('Go to Packet', String(PACKETS));
    await editor().quickInputField.press('Enter');
    await view.isSelected(PACKETS);
    assert.ok(await view.segment(PACKETS).isVisible());
  });

  it('closes in four steps that the server begins', async () => {
    for (const [i, states] of CLOSING.entries()) {
      const packet = PACKETS - CLOSING.length + 1 + i;
      assert.deepEqual(await view.statesAt(packet), states, `packet ${packet}`);
    }
    await editor().screenshot('closing');
  });

  it('is walked through by the keyboard', async () => {
    await view.segments.press('Home');
    await view.isSelected(1);
    await view.segments.press('ArrowDown');
    await view.isSelected(2);
    await view.segments.press('End');
    await view.isSelected(PACKETS);
  });

  it('refuses what is no packet number, while it is typed', async () => {
    await view.segments.focus();
    await editor().page.keyboard.press('ControlOrMeta+g');
    for (const [typed, said] of [
      [String(PACKETS + 1), 'There is no packet 21: packets count from 1 to 20.'],
      ['1.5', 'Type a whole number: packets count from 1 to 20.'],
    ] as const) {
      await editor().fillQuickInput('Go to Packet', typed);
      await editor().quickInput.getByText(said).first().waitFor();
    }
    await editor().quickInputField.press('Enter'); // does nothing
    await editor().quickInputField.press('Escape');
    await view.isSelected(PACKETS);
  });

  it('shows the same place after the window was reloaded', async () => {
    await view.segments.press('Home');
    await view.segments.press('ArrowDown');
    await view.isSelected(2);
    await editor().reload();
    await view.isSelected(2);
  });

  it('breaks no rule of the content security policy', () => {
    const violations = editor().messages.filter((text) => text.includes('Content Security Policy'));
    assert.deepEqual(violations, []);
  });
});
