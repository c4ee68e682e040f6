import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { readMessage } from '../../src/extension/editor/messages';
import { inProject } from '../support/command';
import { useHarness, type View } from './harness';

describe('graphs', () => {
  const open = useHarness();

  async function openGraphs(trace: string, options?: Parameters<typeof open>[1]): Promise<[View, Locator]> {
    const view = await open(trace, options);
    await view.openConnection(0);
    await view.chooseTab('Graphs');
    const graph = view.frame.getByRole('application');
    await graph.focus();
    return [view, graph];
  }

  async function choose(view: View, control: string, option: string): Promise<void> {
    await view.frame.getByRole('combobox', { name: control, exact: true }).click();
    await view.frame.getByRole('option', { name: option }).click();
  }

  const readout = (view: View): Locator => view.frame.locator('.graph-readout');
  const summary = (view: View): Locator => view.frame.locator('.graph-summary');

  it('say in words what they show, in either direction', async () => {
    const [view, graph] = await openGraphs('fast-retransmit.pcap');
    // What tshark counts: 31 segments with tcp.len > 0 from port 50001, one of them a fast retransmission.
    await summary(view).getByText('31 data segments').waitFor();
    await summary(view).getByText('0 retransmissions, 1 fast, 0 spurious').waitFor();
    assert.equal(await graph.getAttribute('aria-label'), 'Time–sequence, Client → server');
    await choose(view, 'Direction', 'Server → client');
    await summary(view).getByText('Server → client').waitFor();
    await choose(view, 'Graph', 'Round trip time');
    await view.frame.getByRole('application', { name: 'Round trip time, Server → client' }).waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('explain each mark that they draw', async () => {
    const [view] = await openGraphs('fast-retransmit.pcap');
    const legend = view.frame.getByRole('list', { name: 'Legend' });
    for (const name of [
      'Data',
      'Fast retransmission',
      'SACK',
      'Duplicate ACK',
      'Acknowledged',
      'Right edge of the window',
    ])
      await legend.getByText(name, { exact: true }).waitFor();
    await choose(view, 'Style', 'Style: Stevens');
    await legend.getByText('SACK', { exact: true }).waitFor({ state: 'detached' });
    await legend.getByText('Fast retransmission', { exact: true }).waitFor();
  });

  it('go from point to point by keyboard, and from there to the packet', async () => {
    const [view, graph] = await openGraphs('fast-retransmit.pcap');
    await summary(view).getByText('31 data segments').waitFor();
    await graph.press('Home');
    await readout(view).getByText('0.000000 s · Data · 0 to 1 · Packet 1: SYN').waitFor();
    await graph.press('End');
    // The last point in this direction; its packet is said as soon as it is known.
    await readout(view)
      .getByText(/Packet \d+:/)
      .waitFor();
    const packet = Number(/Packet (\d+)/.exec((await readout(view).textContent())!)![1]);
    await graph.press('Enter');
    await view.isSelected(packet);
    assert.deepEqual(await view.faults(), []);
  });

  it('zoom by a drag, the wheel and keys, and show the whole again', async () => {
    const [view, graph] = await openGraphs('fast-retransmit.pcap');
    await summary(view).getByText('31 data segments').waitFor();
    const ranges = async (): Promise<[number, number]> => {
      await view.page.waitForTimeout(300);
      const asked = (await view.asked('query')).filter(({ query }) => query === 'graph');
      const { from, to } = asked.at(-1)!.params as { from: number; to: number };
      return [from, to];
    };
    const [, whole] = await ranges();
    await graph.press('+');
    const [from, to] = await ranges();
    assert.ok(Math.abs((to - from) * 1.3 - whole) < 2, `${from} to ${to} of ${whole}`);
    await graph.press('Shift+ArrowRight');
    assert.ok((await ranges())[0] > from);
    await graph.press('0');
    assert.deepEqual(await ranges(), [0, whole]);
    const box = (await view.frame.locator('.u-over').boundingBox())!;
    await view.page.mouse.move(box.x + box.width * 0.25, box.y + 50);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
    await view.page.mouse.up();
    const dragged = await ranges();
    assert.ok(Math.abs(dragged[0] / whole - 0.25) < 0.01 && Math.abs(dragged[1] / whole - 0.5) < 0.01, String(dragged));
    await view.page.mouse.wheel(0, 4000);
    assert.deepEqual(await ranges(), [0, whole]);
    assert.deepEqual(await view.faults(), []);
  });

  it('zoom values as well: by a box, keys and Alt with the wheel', async () => {
    const [view, graph] = await openGraphs('fast-retransmit.pcap');
    await summary(view).getByText('31 data segments').waitFor();
    let said = '';
    /** What is shown, as it is said once that is something else; numbers are grouped by spaces. */
    const shown = async (): Promise<{ time: number; low: number; high: number }> => {
      const text = readout(view).filter({ hasText: /^Shown: / });
      await (said === '' ? text : text.filter({ hasNotText: said })).waitFor();
      said = (await text.textContent())!;
      const [, from, to, low, high] = /^Shown: ([\d.]+) s to ([\d.]+) s, ([\d\s]+) to ([\d\s]+)$/.exec(said)!;
      const number = (digits: string): number => Number(digits.replace(/\s/g, ''));
      return { time: Number(to) - Number(from), low: number(low!), high: number(high!) };
    };
    await graph.press('ArrowUp');
    const taller = await shown();
    await graph.press('ArrowUp');
    const tallest = await shown();
    const ratio = (taller.high - taller.low) / (tallest.high - tallest.low);
    assert.ok(Math.abs(ratio - 1.3) < 0.01, `${ratio} instead of 1.3`);
    assert.equal(tallest.time, taller.time);
    await graph.press('Shift+ArrowUp');
    const higher = await shown();
    assert.ok(higher.low > tallest.low && higher.high > tallest.high, JSON.stringify([tallest, higher]));
    await graph.press('0');
    await readout(view).filter({ hasText: 'Shown' }).waitFor({ state: 'detached' });

    await graph.press('ArrowUp');
    const whole = await shown();
    await graph.press('0');
    const box = (await view.frame.locator('.u-over').boundingBox())!;
    await view.page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.25);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.75, { steps: 4 });
    await view.page.mouse.up();
    await view.page.mouse.move(box.x - 20, box.y - 20);
    await graph.press('Escape');
    const boxed = await shown();
    assert.ok(Math.abs(boxed.time / whole.time - 0.25) < 0.01, JSON.stringify([whole, boxed]));
    assert.ok(
      Math.abs((boxed.high - boxed.low) / ((whole.high - whole.low) * 1.3) - 0.5) < 0.02,
      JSON.stringify(boxed),
    );
    // Over the numbers of the vertical axis, the wheel zooms values, here back to all that there are in the time shown.
    await view.page.mouse.move(box.x - 20, box.y + box.height / 2);
    await view.page.mouse.wheel(0, 4000);
    const back = await shown();
    assert.ok(back.low < boxed.low && back.time === boxed.time, JSON.stringify(back));
    assert.deepEqual(await view.faults(), []);
  });

  it('are saved as a picture by the host, with their legend', async () => {
    const [view] = await openGraphs('fast-retransmit.pcap');
    await summary(view).getByText('31 data segments').waitFor();
    await view.frame.getByRole('button', { name: 'Save the graph as a picture…' }).click();
    const [saved] = await view.asked('saveGraph');
    assert.deepEqual([saved!.connection, saved!.graph], [0, 'sequence']);
    assert.ok(saved!.svg.includes('Fast retransmission'), saved!.svg.slice(0, 500));
    // The host takes it as one, and so does the browser that makes pixels of it.
    assert.deepEqual(readMessage(saved), saved);
    await view.tell({ type: 'rasterise', id: 7, svg: saved!.svg });
    const [picture] = await view.asked('picture');
    assert.ok(picture!.png !== null);
    writeFileSync(inProject('artefacts', 'webview', 'saved-graph.svg'), saved!.svg);
    assert.deepEqual(await view.faults(), []);
  });

  it('open the packet of a point that is clicked', async () => {
    const [view] = await openGraphs('fast-retransmit.pcap');
    await summary(view).getByText('31 data segments').waitFor();
    const box = (await view.frame.locator('.u-over').boundingBox())!;
    // The SYN is the first segment and has the lowest number: in the corner.
    await view.page.mouse.move(box.x + 3, box.y + box.height * 0.96);
    await readout(view).getByText('0.000000 s · Data').waitFor();
    await view.page.mouse.down();
    await view.page.mouse.up();
    await view.isSelected(1);
  });

  it('fit narrow windows', async () => {
    for (const width of [320, 700]) {
      const [view, graph] = await openGraphs('fast-retransmit.pcap', { width });
      await summary(view).getByText('31 data segments').waitFor();
      const box = (await graph.boundingBox())!;
      assert.ok(box.width <= width && box.width > width - 20 && box.height >= 120, JSON.stringify(box));
      await choose(view, 'Graph', 'Bytes in flight');
      await summary(view).getByText('in flight').waitFor();
    }
  });
});
