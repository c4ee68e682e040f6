import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
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
