import assert from 'node:assert/strict';
import type { Field, Layer } from '../../../src/core/model/packet';
import { describePacket, type PacketRequest } from '../../../src/core/wire/describe';
import { render } from '../../../src/core/format/message';
import { fromHex } from '../../support/wire/decode';

/** The SYN of the FTP session in textbooks: client ISN 2452765130 (0x923239ca), MSS 1460, window scale 7. */
const ETHERNET = '001b21aabbcc 00155d010203 0800';
const IP = '4500 0030 1234 4000 40 06 1280 0a010002 0a020009';
const TCP = 'c822 0015 923239ca 00000000 7002 7210 0000 0000 020405b4 01 030307';

function describeFrame(
  hex: string,
  more: Partial<PacketRequest> = {},
): { layers: Layer[]; text: string[]; all: string[] } {
  const bytes = fromHex(hex);
  const { layers, notices } = describePacket({
    linkType: 1,
    fcsBytes: 0,
    bytes,
    originalBytes: bytes.length,
    ...more,
  });
  return {
    layers,
    text: layers.map(({ id, start, end }) => `${id} [${start}, ${end})`),
    all: notices.map(({ code, offset, length }) => `${code} ${offset}+${length}`),
  };
}

const layerOf = (layers: readonly Layer[], id: string): Layer => layers.find((layer) => layer.id === id)!;

/** `id = value @bit+bits (meaning) !verdict`, bits counted from the start of the layer. */
const line = (field: Field, { start }: Layer): string =>
  `${field.id} = ${field.value} @${field.bit - start * 8}+${field.bits}` +
  (field.meaning ? ` (${render(field.meaning)})` : '') +
  (field.verdict ? ` !${field.verdict}` : '');

const lines = (layer: Layer): string[] => layer.fields.map((field) => line(field, layer));

describe('describePacket', () => {
  it('gives one layer a header, outermost first', () => {
    const { text, all } = describeFrame(`${ETHERNET} ${IP} ${TCP}`);
    assert.deepEqual(text, ['eth [0, 14)', 'ip [14, 34)', 'tcp [34, 62)']);
    assert.deepEqual(all, []);
  });

  it("places TCP's fields as RFC 9293's figure does (§3.1)", () => {
    const { layers } = describeFrame(`${ETHERNET} ${IP} ${TCP}`);
    assert.deepEqual(lines(layerOf(layers, 'tcp')), [
      'tcp.srcport = 51234 @0+16',
      'tcp.dstport = 21 @16+16 (ftp)',
      'tcp.seq = 2452765130 @32+32',
      'tcp.ack = 0 @64+32 (not used)',
      'tcp.hdr_len = 7 @96+4 (28 bytes)',
      'tcp.flags.res = 0 @100+3',
      'tcp.flags = 0x002 @103+9 (SYN)',
      'tcp.window_size_value = 29200 @112+16',
      'tcp.checksum = 0x0000 @128+16 (incorrect) !bad',
      'tcp.urgent_pointer = 0 @144+16 (not used)',
      'tcp.options = 020405b401030307 @160+64',
    ]);
  });

  it('names every flag, and every part of an option', () => {
    const tcp = layerOf(describeFrame(`${ETHERNET} ${IP} ${TCP}`).layers, 'tcp');
    const flags = tcp.fields.find(({ id }) => id === 'tcp.flags')!;
    assert.deepEqual(
      flags.children!.map((flag) => `${flag.name} ${flag.bit - tcp.start * 8} ${flag.value}`),
      [
        'Accurate ECN 103 0',
        'Congestion Window Reduced 104 0',
        'ECN-Echo 105 0',
        'Urgent 106 0',
        'Acknowledgment 107 0',
        'Push 108 0',
        'Reset 109 0',
        'Synchronize 110 1',
        'Finish 111 0',
      ],
    );
    const options = tcp.fields.find(({ id }) => id === 'tcp.options')!;
    assert.deepEqual(
      options.children!.map((option) => [line(option, tcp), (option.children ?? []).map((part) => line(part, tcp))]),
      [
        [
          'tcp.options.mss = 020405b4 @160+32 (1460 bytes)',
          ['tcp.option_kind = 2 @160+8', 'tcp.option_len = 4 @168+8', 'tcp.options.mss_val = 1460 @176+16'],
        ],
        ['tcp.options.nop = 01 @192+8', []],
        [
          'tcp.options.wscale = 030307 @200+24 (shift 7: × 128)',
          ['tcp.option_kind = 3 @200+8', 'tcp.option_len = 3 @208+8', 'tcp.options.wscale.shift = 7 @216+8'],
        ],
      ],
    );
  });

  it('explains numbers by what is known about the connection', () => {
    const tcp = 'c822 0015 923239cb 76f99a25 5010 00e5 0000 0000';
    const context = {
      seqBase: 2452765130,
      seqName: 'X',
      ackBase: 1996069412,
      ackName: 'Y',
      withoutIsn: false,
      scaledWindow: 29312,
    };
    const { layers } = describeFrame(`${ETHERNET} ${IP.replace('0030', '0028')} ${tcp}`, { tcp: [context] });
    const text = lines(layerOf(layers, 'tcp'));
    assert.ok(text.includes('tcp.seq = 2452765131 @32+32 (= X + 1)'));
    assert.ok(text.includes('tcp.ack = 1996069413 @64+32 (= Y + 1)'));
    assert.ok(text.includes('tcp.window_size_value = 229 @112+16 (× 128 = 29312 bytes)'));
    const plain = describeFrame(`${ETHERNET} ${IP.replace('0030', '0028')} ${tcp}`, {
      tcp: [{ ...context, seqName: null, ackName: null }],
    });
    assert.ok(lines(layerOf(plain.layers, 'tcp')).includes('tcp.seq = 2452765131 @32+32 (relative 1)'));
  });

  it("places IPv4's fields as RFC 791's figure does (§3.1)", () => {
    const { layers } = describeFrame(`${ETHERNET} ${IP} ${TCP}`);
    // 4500+0030+1234+4000+4006+0a01+0002+0a02+0009 = eb78, so the checksum has to be 1487.
    assert.deepEqual(lines(layerOf(layers, 'ip')), [
      'ip.version = 4 @0+4',
      'ip.hdr_len = 5 @4+4 (20 bytes)',
      'ip.dsfield = 0x00 @8+8',
      'ip.len = 48 @16+16',
      'ip.id = 0x1234 @32+16',
      "ip.flags = 0x2 @48+3 (don't fragment)",
      'ip.frag_offset = 0 @51+13',
      'ip.ttl = 64 @64+8',
      'ip.proto = 6 @72+8 (TCP)',
      'ip.checksum = 0x1280 @80+16 (incorrect) !bad',
      'ip.src = 10.1.0.2 @96+32',
      'ip.dst = 10.2.0.9 @128+32',
    ]);
    const good = describeFrame(`${ETHERNET} ${IP.replace('1280', '1487')} ${TCP}`);
    assert.ok(lines(layerOf(good.layers, 'ip')).includes('ip.checksum = 0x1487 @80+16 (correct) !good'));
  });

  it('tells a checksum that is right from one that is left to the network card', () => {
    // The pseudo-header alone: 0a01+0002+0a02+0009+0006+001c = 1430.
    const header = (checksum: string): string =>
      `${ETHERNET} ${IP} c822 0015 923239ca 00000000 7002 7210 ${checksum} 0000 020405b4 01 030307`;
    const verdictOf = (checksum: string): string =>
      lines(layerOf(describeFrame(header(checksum)).layers, 'tcp')).find((text) => text.startsWith('tcp.checksum'))!;
    assert.match(verdictOf('1430'), /left to the network card \(offload\)\) !warning$/);
    assert.match(verdictOf('1431'), /\(incorrect\) !bad$/);
  });

  it('shows payload and padding apart', () => {
    const tcp = 'c822 0015 00000001 00000002 5018 0100 0000 0000 414243';
    const { layers, text } = describeFrame(`${ETHERNET} ${IP.replace('0030', '002b')} ${tcp} 000000`);
    assert.deepEqual(text, [
      'eth [0, 14)',
      'ip [14, 34)',
      'tcp [34, 54)',
      'tcp.payload [54, 57)',
      'eth.padding [57, 60)',
    ]);
    assert.deepEqual(lines(layerOf(layers, 'tcp.payload')), ['tcp.payload = 414243 @0+24']);
  });

  it('tells padding, trailer and frame check sequence apart as tshark -V does', () => {
    const ip = '4500 0028 1234 4000 4006 0000 0a010002 0a020009';
    const tcp = 'c822 0015 923239ca 00000000 5002 7210 0000 0000';
    const ethernet = '020000000002 020000000001';
    const plain = `${ethernet} 0800 ${ip} ${tcp}`;
    const tagged = `${ethernet} 8100 0064 0800 ${ip} ${tcp}`;
    const ends = (hex: string, more: Partial<PacketRequest> = {}): string[] =>
      describeFrame(hex, more).text.filter((text) => text.startsWith('eth.'));
    // Expected: Padding, Trailer and Frame check sequence of tshark 4.0.17 for these frames.
    assert.deepEqual(ends(`${plain} 000000000000`), ['eth.padding [54, 60)']);
    assert.deepEqual(ends(`${plain} 010203040506`), ['eth.trailer [54, 60)']);
    assert.deepEqual(ends(`${plain} 0000000000`), ['eth.trailer [54, 59)']);
    assert.deepEqual(ends(`${tagged} 0000`), ['eth.padding [58, 60)']);
    assert.deepEqual(ends(`${tagged} 000000000000`), ['eth.padding [58, 60)', 'eth.trailer [60, 64)']);
    assert.deepEqual(ends(`${plain} 000000000000 deadbeef`), ['eth.padding [54, 60)', 'eth.trailer [60, 64)']);
    assert.deepEqual(ends(`${plain} 000000000000 a98052b3`), ['eth.padding [54, 60)', 'eth.fcs [60, 64)']);
    // It takes any last four bytes of such a frame for one, and says "incorrect"; here they must be right, or told by the
    // capture.
    const told = { fcsBytes: 4 };
    assert.deepEqual(ends(`${plain} 000000000000 deadbeef`, told), ['eth.padding [54, 60)', 'eth.fcs [60, 64)']);
  });

  it('names the check sequence of an 802.11 frame that Radiotap tells of (flag 0x10)', () => {
    const wlan = '0801 0000 001b21aabbcc 00155d010203 001b21aabbcc 1000';
    const llc = 'aaaa03 000000 0800';
    const ip = '4500 0028 0001 0000 4006 0000 0a010002 0a020009';
    const tcp = 'c822 0015 00000001 00000002 5010 0100 0000 0000';
    const ends = (flags: string, fcs: string): string | undefined =>
      describeFrame(`00 00 0900 02000000 ${flags} ${wlan} ${llc} ${ip} ${tcp} ${fcs}`, { linkType: 127 }).text.at(-1);
    // 9 of Radiotap, 24 + 8 of 802.11 and LLC, 40 of IP and TCP; tshark 4.0.17: wlan.fcs, whether it is right or not.
    assert.equal(ends('10', 'deadbeef'), 'wlan.fcs [81, 85)');
    assert.equal(ends('00', ''), 'tcp [61, 81)');
  });

  it('shows a segment that came in fragments in a buffer of its own', () => {
    // 4500+0024+0001+2000+4006+0a01+0002+0a02+0009 = b939; with offset 2 instead of the flag: 993b.
    const ip = (offset: string, sum: string): string => `4500 0024 0001 ${offset} 4006 ${sum} 0a010002 0a020009`;
    const bytes = [
      `${ETHERNET} ${ip('2000', '46c6')} c822 0015 00000001 00000002 5018 0100`,
      `${ETHERNET} ${ip('0002', '66c4')} 0000 0000 4142434445464748494a4b4c`,
    ].map(fromHex);
    const frames = bytes.map((frame) => ({ linkType: 1, fcsBytes: 0, bytes: frame, originalBytes: frame.length }));
    const { layers, buffers } = describePacket({ ...frames[1]!, earlier: [frames[0]!] });
    assert.deepEqual(
      layers.map(({ id, buffer, start, end }) => `${id} ${buffer} [${start}, ${end})`),
      ['eth 0 [0, 14)', 'ip 0 [14, 34)', 'data 0 [34, 50)', 'tcp 1 [0, 20)', 'tcp.payload 1 [20, 32)'],
    );
    assert.deepEqual(
      buffers.map(({ name, bytes: content }) => [render(name), content.length]),
      [
        ['Frame', 50],
        ['Reassembled datagram', 32],
      ],
    );
  });

  it('notes what is wrong at its byte', () => {
    const tcp = 'c822 0015 00000001 00000002 7018 0100 0000 0000 0105 ff00 00000000';
    const { layers, all } = describeFrame(`${ETHERNET} ${IP} ${tcp}`);
    assert.deepEqual(all, ['bad-tcp-option 55+7']);
    const options = layerOf(layers, 'tcp').fields.at(-1)!;
    assert.equal(options.children!.at(-1)!.verdict, 'bad');
    const offset = describeFrame(`${ETHERNET} ${IP} ${tcp.replace('7018', '4018')}`);
    assert.deepEqual(offset.all, ['bad-data-offset 46+1']);
    const cut = describeFrame(`${ETHERNET} ${IP} c822 0015 0000`, { originalBytes: 62 });
    assert.deepEqual(cut.all, ['cut-header 40+0']);
    assert.deepEqual(
      layerOf(cut.layers, 'tcp').fields.map(({ id }) => id),
      ['tcp.srcport', 'tcp.dstport'],
    );
  });

  it('shows a frame of a link type that it does not know as bytes', () => {
    const { text } = describeFrame('01020304', { linkType: 147 });
    assert.deepEqual(text, ['data [0, 4)']);
  });
});
