import assert from 'node:assert/strict';
import type { Field } from '../../src/core/model/packet';
import { FIELD_DOCS } from '../../webview/fieldDocs';
import { fieldBytes, fieldFilter } from '../../webview/panels/fieldCard';
import { readTrace, sampleFile } from '../support/traces';
import { useHarness, type View } from './harness';

const field = (id: string, value: string, more: Partial<Field> = {}): Field => ({
  id,
  name: id,
  value,
  bit: 0,
  bits: 16,
  ...more,
});

describe('a field of a header', () => {
  it('as a filter has the name by which its raw value is known', () => {
    assert.equal(fieldFilter(field('tcp.srcport', '51234')), 'tcp.srcport == 51234');
    assert.equal(fieldFilter(field('ip.src', '10.1.0.2')), 'ip.src == 10.1.0.2');
    assert.equal(fieldFilter(field('ipv6.dst', '2001:db8::1')), 'ipv6.dst == 2001:db8::1');
    assert.equal(fieldFilter(field('tcp.checksum', '0x241e')), 'tcp.checksum == 0x241e');
    // Wireshark's tcp.seq is relative, its tcp.hdr_len is in bytes.
    assert.equal(fieldFilter(field('tcp.seq', '2452765130')), 'tcp.seq_raw == 2452765130');
    assert.equal(fieldFilter(field('tcp.hdr_len', '10')), 'tcp.hdr_len == 40');
    // Bytes are no literal: that it is there at all.
    assert.equal(
      fieldFilter(field('tcp.options.sack_perm', '0402', { children: [field('tcp.option_kind', '4')] })),
      'tcp.options.sack_perm',
    );
    assert.equal(fieldFilter(field('tcp.payload', 'text & more')), 'tcp.payload');
  });

  it('has the bytes that any of its bits stand in', () => {
    const bytes = Uint8Array.of(0x92, 0x32, 0x25, 0xcb);
    assert.equal(fieldBytes({ bit: 8, bits: 16 }, bytes), '32 25');
    assert.equal(fieldBytes({ bit: 7, bits: 2 }, bytes), '92 32');
  });

  it('of Ethernet, IP and TCP says what it is for', () => {
    const silent = new Set<string>();
    const walk = ({ id, bits, children = [] }: Field): void => {
      if (bits > 0 && /^(eth|ip|ipv6|tcp)\./.test(id) && FIELD_DOCS[id] === undefined) silent.add(id);
      children.forEach(walk);
    };
    for (const name of ['ftp-textbook.pcap', 'http-ipv6.pcap', 'fast-retransmit.pcap', 'start-here.pcapng']) {
      const trace = readTrace(sampleFile(name));
      for (let packet = 1; packet <= 20; packet++)
        for (const { fields } of trace.packet(packet)?.layers ?? []) fields.forEach(walk);
    }
    assert.deepEqual([...silent], []);
  });
});

describe('the header', () => {
  const open = useHarness();

  async function openPacket(trace: string, packet: number): Promise<View> {
    const view = await open(trace, { height: 1200 });
    await view.openConnection(0);
    await view.segment(packet).click();
    await view.frame.locator('.sequence').getByText(`Packet ${packet}`, { exact: true }).waitFor();
    return view;
  }

  it('says what a field is for and where that is laid down, and copies it', async () => {
    const view = await openPacket('ftp-textbook.pcap', 2);
    await view.field('Acknowledgment Number').click();
    // It stays when the pointer goes to the buttons.
    await view.page.mouse.move(5, 5);
    await view.frame.getByText('The next number that the sender of this segment expects').waitFor();
    for (const name of ['Copy value', 'Copy as filter', 'Copy bytes'])
      await view.frame.getByRole('button', { name, exact: true }).click();
    // tshark: tcp.ack_raw 2452765131, which is 0x923239cb.
    assert.deepEqual(
      (await view.asked('copy', 3)).map(({ text }) => text),
      ['2452765131', 'tcp.ack_raw == 2452765131', '92 32 39 cb'],
    );
    await view.frame.getByRole('link', { name: 'RFC 9293 §3.4' }).click();
    assert.deepEqual(await view.asked('openRfc'), [{ type: 'openRfc', rfc: 9293, section: '3.4' }]);
    // And in the next packet.
    await view.segment(3).click();
    await view.frame.locator('.readout', { hasText: 'Acknowledgment Number 1996069413' }).waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('explains each flag', async () => {
    const view = await openPacket('ftp-textbook.pcap', 2);
    await view.frame.locator('.picture .part[title^="Synchronize"]').click();
    await view.frame.locator('.field-about', { hasText: 'Opens a direction' }).waitFor();
  });

  it('is a tree of every layer, whose fields and bytes mark each other', async () => {
    const view = await openPacket('ftp-textbook.pcap', 2);
    await view.frame.getByRole('button', { name: 'As a tree' }).click();
    const tree = view.frame.getByRole('tree');
    const item = (name: RegExp) => tree.getByRole('treeitem', { name });
    for (const name of [/^Ethernet/, /^Internet Protocol Version 4:/, /^Transmission Control Protocol:/])
      await item(name).waitFor();
    // A field of another layer than the one in the picture.
    await item(/^Time to Live:/)
      .locator('.tree-line')
      .hover();
    assert.deepEqual(await view.markedBytes.allInnerTexts(), ['3e']);
    await view.frame.locator('.bytes-row', { hasText: /^0028/ }).locator('.hex [data-column="2"]').hover();
    await view.frame.locator('[role=treeitem].marked', { hasText: /^Acknowledgment Number/ }).waitFor();
    // By keyboard.
    await item(/^Control Bits:/).focus();
    assert.equal(await item(/^Synchronize:/).count(), 0);
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('End');
    await view.page.keyboard.press('Home');
    await view.frame.locator('[role=treeitem]:focus', { hasText: 'Ethernet' }).waitFor();
    await item(/^Synchronize:/)
      .locator('.tree-line')
      .click();
    await view.frame.locator('.field-about', { hasText: 'Opens a direction' }).waitFor();
    await view.frame.getByRole('button', { name: 'As a picture' }).click();
    await view.field('Source Port').waitFor();
    assert.deepEqual(await view.faults(), []);
  });

  it('has the edges of SACK blocks', async () => {
    const view = await openPacket('fast-retransmit.pcap', 46);
    // tshark: tcp.options.sack_le 18825 and sack_re 20273 from 3289837031 on.
    await view.frame.locator('.picture').getByText('3289855856–3289857304').waitFor();
  });
});
