import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { encodePcapNs } from '../support/pcap-ns';
import { fromHex } from '../support/wire/decode';
import { useHarness, type OpenOptions, type View } from './harness';

const MACS = '020000000002 020000000001';
const ADDRESSES = '0a010002 0a020009';
const TCP = 'c822 0015 923239ca 00000000 5002 7210 0000 0000';
const SYN = `4500 0028 1234 0000 4006 0000 ${ADDRESSES} ${TCP}`;

const PADDED = 1;
const VLAN = 2;
const VXLAN = 3;
const LAST_FRAGMENT = 5;
/**
 * Of each frame every header by the interval that tshark 4.0.17 gives it (`pos` and `size` in `-T pdml`), as first and
 * last byte. Only what fills up the inner frame of the tunnel it calls a trailer: it measures the outer frame.
 */
const FRAMES = [
  `${MACS} 0800 ${SYN} 000000000000`,
  `${MACS} 8100 0064 0800 ${SYN} 0000`,
  `${MACS} 0800 4500 0060 1234 0000 4011 0000 ${ADDRESSES} d903 12b5 004c 0000 0800000000002a00 ${MACS} 0800 ${SYN} 000000000000`,
  // A segment in two fragments, with the checksums of their headers: only intact ones are put together.
  `${MACS} 0800 4500 0024 0001 2000 4006 46c6 ${ADDRESSES} c822 0015 00000001 00000002 5018 0100`,
  `${MACS} 0800 4500 0024 0001 0002 4006 66c4 ${ADDRESSES} 0000 0000 4142434445464748494a4b4c`,
];

describe('the layers of a packet', () => {
  let folder = '';
  const open = useHarness(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'layers-'));
    const records = FRAMES.map((hex, i) => ({ timeNs: BigInt(i) * 1_000_000n, bytes: fromHex(hex) }));
    writeFileSync(path.join(folder, 'layers.pcap'), encodePcapNs(records, 1));
    return folder;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function openPacket(packet: number, options: OpenOptions = {}): Promise<View> {
    const view = await open('layers.pcap', { height: 1400, ...options });
    await view.connections.first().waitFor();
    await view.chooseTab('Packets');
    await view.frame.locator(`.packets [data-packet="${packet}"]`).click();
    await view.frame.getByRole('button', { name: 'As layers' }).click();
    await view.frame.getByRole('tree', { name: `Layers of packet ${packet}` }).waitFor();
    return view;
  }

  const boxes = (view: View): Locator => view.frame.getByRole('tree').getByRole('treeitem');
  const box = (view: View, name: RegExp): Locator => view.frame.getByRole('tree').getByRole('treeitem', { name });

  /** What is drawn, a line a box: depth, number in the OSI model, name and layer in TCP/IP, bytes. */
  const drawn = (view: View): Promise<string[]> =>
    boxes(view).evaluateAll((elements) =>
      elements.map((element) => {
        // Nested in the page as it says.
        let depth = 1;
        for (let up = element.parentElement!.closest('[role=treeitem]'); up !== null; depth++)
          up = up.parentElement!.closest('[role=treeitem]');
        const entry = element.querySelector(':scope > .layer-entry')?.textContent ?? '';
        const texts = ['layer-osi', 'layer-name', 'layer-bytes'].map(
          (name) => element.querySelector(`:scope > .layer-strip > .${name}`)?.textContent?.trim() ?? '',
        );
        return [String(depth), ...texts, entry].filter((part) => part !== '').join(' | ');
      }),
    );

  it('are boxes with their bytes; a short frame is filled up (tshark: Padding 000000000000)', async () => {
    const view = await openPacket(PADDED);
    assert.deepEqual(await drawn(view), [
      '1 | 2 | Ethernet link | bytes 0–13 · 14 bytes',
      '2 | 3 | Internet Protocol Version 4 internet | bytes 14–33 · 20 bytes',
      '3 | 4 | Transmission Control Protocol transport | bytes 34–53 · 20 bytes',
      '2 | 2 | Padding link | bytes 54–59 · 6 bytes',
    ]);
    assert.deepEqual(await view.faults(), []);
  });

  it('have a VLAN tag in the frame, which what fills it up is not part of', async () => {
    const view = await openPacket(VLAN);
    assert.deepEqual(await drawn(view), [
      '1 | 2 | Ethernet link | bytes 0–13 · 14 bytes',
      '2 | 2 | 802.1Q Virtual LAN link | bytes 14–17 · 4 bytes',
      '3 | 3 | Internet Protocol Version 4 internet | bytes 18–37 · 20 bytes',
      '4 | 4 | Transmission Control Protocol transport | bytes 38–57 · 20 bytes',
      '2 | 2 | Padding link | bytes 58–59 · 2 bytes',
    ]);
  });

  it('begin anew in a tunnel', async () => {
    const view = await openPacket(VXLAN);
    assert.deepEqual(await drawn(view), [
      '1 | 2 | Ethernet link | bytes 0–13 · 14 bytes',
      '2 | 3 | Internet Protocol Version 4 internet | bytes 14–33 · 20 bytes',
      '3 | 4 | User Datagram Protocol transport | bytes 34–41 · 8 bytes',
      '4 | Virtual eXtensible Local Area Network tunnel | bytes 42–49 · 8 bytes',
      '5 | 2 | Ethernet link | bytes 50–63 · 14 bytes | Tunnelled: in here the layers begin anew',
      '6 | 3 | Internet Protocol Version 4 internet | bytes 64–83 · 20 bytes',
      '7 | 4 | Transmission Control Protocol transport | bytes 84–103 · 20 bytes',
      '6 | 2 | Padding link | bytes 104–109 · 6 bytes',
    ]);
    // To scale: the inner Ethernet header begins at byte 50 of 110, and its frame fills the rest.
    const [left, width, carried] = await view.frame
      .locator('.layers-figure:visible [data-place=tunnel] [data-place=link] > .layer-strip .layer-scale')
      .first()
      .evaluate((scale) => {
        const { left: from, width: all } = scale.getBoundingClientRect();
        const own = scale.querySelector('.own')!.getBoundingClientRect();
        const held = scale.querySelector('.carried')!.getBoundingClientRect();
        return [(own.left - from) / all, own.width / all, held.width / all];
      });
    for (const [share, expected] of [
      [left, 50 / 110],
      [width, 14 / 110],
      [carried, 60 / 110],
    ] as const)
      assert.ok(Math.abs(share - expected) < 0.01, `${share} for ${expected}`);
  });

  it('say of what a datagram was put together', async () => {
    const view = await openPacket(LAST_FRAGMENT);
    assert.deepEqual(await drawn(view), [
      '1 | 2 | Ethernet link | bytes 0–13 · 14 bytes',
      '2 | 3 | Internet Protocol Version 4 internet | bytes 14–33 · 20 bytes',
      '3 | Fragment | bytes 34–49 · 16 bytes',
      '3 | 4 | Transmission Control Protocol transport | bytes 0–19 · 20 bytes | Reassembled datagram: this fragment together with those of packets 4',
      '4 | 5–7 | TCP Payload application | bytes 20–31 · 12 bytes',
    ]);
  });

  it('and the bytes mark each other; a click chooses, Enter shows the fields', async () => {
    const view = await openPacket(VLAN);
    await box(view, /^802.1Q Virtual LAN,/)
      .locator('> .layer-strip')
      .hover();
    assert.deepEqual(await view.markedBytes.allInnerTexts(), ['00', '64', '08', '00']);
    await view.frame.getByText('Layer 2 of OSI (data link), link layer of TCP/IP').waitFor();
    await view.frame.locator('.bytes-row', { hasText: /^0010/ }).locator('.hex [data-column="3"]').hover();
    // Byte 19 is the IP header's second.
    await view.frame.locator('[data-place=network].marked').waitFor();
    assert.equal(await view.frame.locator('.layer-box.marked').count(), 1);
    await view.frame.locator('.bytes-row', { hasText: /^0038/ }).locator('.hex [data-column="2"]').hover();
    // Byte 58 is the first that fills up.
    await view.frame.locator('[data-place=trailer].marked').waitFor();
    await box(view, /^Internet Protocol Version 4,/)
      .locator('> .layer-strip')
      .click();
    await view.frame.getByRole('tab', { name: 'IPv4', selected: true }).waitFor();
    await view.frame.locator('[data-place=network][aria-selected=true]').waitFor();
    // By keyboard: up and down, out and in, first and last.
    const focused = (name: string): Promise<void> =>
      view.frame.locator(`[role=treeitem]:focus[aria-label^="${name}"]`).waitFor();
    await view.page.keyboard.press('ArrowDown');
    await focused('Transmission');
    await view.page.keyboard.press('ArrowLeft');
    await focused('Internet');
    await view.page.keyboard.press('Home');
    await focused('Ethernet');
    await view.page.keyboard.press('ArrowRight');
    await focused('802.1Q');
    await view.page.keyboard.press('End');
    await focused('Padding');
    await view.page.keyboard.press('ArrowUp');
    await focused('Transmission');
    await view.page.keyboard.press('Enter');
    await view.field('Source Port').waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('at 320 px, without anything beyond the edge', async () => {
    const view = await openPacket(VXLAN, { width: 320 });
    const widest = await view.frame
      .locator('.layers-figure:visible')
      .evaluate((figure) => [figure.scrollWidth, figure.clientWidth]);
    assert.ok(widest[0]! <= widest[1]!, String(widest));
    await view.picture('layers-320');
  });
});
