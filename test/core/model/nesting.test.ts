import assert from 'node:assert/strict';
import { nest, type NestedLayer } from '../../../src/core/model/nesting';
import { describePacket, type FrameBytes } from '../../../src/core/wire/describe';
import { fromHex } from '../../support/wire/decode';

/** Ends of ten frames by hand: Ethernet 14 bytes, VLAN 4, IPv4 20, IPv6 40, UDP 8, TCP 20, VXLAN 8, GRE 4, MPLS 4. */
const MACS = '020000000002 020000000001';
const ADDRESSES = '0a010002 0a020009';
const TCP = 'c822 0015 923239ca 00000000 5002 7210 0000 0000';

/** An IPv4 header for that much payload. */
const ip = (protocol: string, payloadBytes: number): string =>
  `4500 ${(20 + payloadBytes).toString(16).padStart(4, '0')} 1234 0000 40 ${protocol} 0000 ${ADDRESSES}`;

const frame = (hex: string, more: Partial<FrameBytes> = {}): FrameBytes => {
  const bytes = fromHex(hex);
  return { linkType: 1, fcsBytes: 0, bytes, originalBytes: bytes.length, ...more };
};

/** One line a layer, indented by its depth: `entry id [start, end) until`, the buffer before it where it is not 0. */
function lines(nested: readonly NestedLayer[], depth = 0): string[] {
  return nested.flatMap(({ layer, entry, inside }) => [
    `${'  '.repeat(depth)}${entry === null ? '' : `${entry}: `}${layer.id} ${layer.buffer === 0 ? '' : `#${layer.buffer} `}[${layer.start}, ${layer.end}) ${layer.until}`,
    ...lines(inside, depth + 1),
  ]);
}

const nestFrame = (hex: string, more: Partial<FrameBytes> = {}): string[] =>
  lines(nest(describePacket(frame(hex, more)).layers));

describe('layers, one inside the other', () => {
  it('a frame that was filled up to 60 bytes, with a frame check sequence', () => {
    assert.deepEqual(nestFrame(`${MACS} 0800 ${ip('06', 23)} ${TCP} 414243 000000 01020304`, { fcsBytes: 4 }), [
      'eth [0, 14) 64',
      '  ip [14, 34) 57',
      '    tcp [34, 54) 57',
      '      tcp.payload [54, 57) 57',
      '  eth.padding [57, 60) 60',
      '  eth.fcs [60, 64) 64',
    ]);
  });

  it('tags are in the frame, what fills it up is not in them (IEEE 802.1Q §9.3)', () => {
    assert.deepEqual(nestFrame(`${MACS} 88a8 0064 8100 0065 0800 ${ip('06', 20)} ${TCP} 0000`), [
      'eth [0, 14) 64',
      '  ieee8021ad [14, 18) 62',
      '    vlan [18, 22) 62',
      '      ip [22, 42) 62',
      '        tcp [42, 62) 62',
      '  eth.trailer [62, 64) 64',
    ]);
  });

  it('a frame inside VXLAN is a tunnel, and has padding of its own', () => {
    const inner = `${MACS} 0800 ${ip('06', 20)} ${TCP} 000000000000`; // 60 bytes
    const udp = 'd903 12b5 004c 0000'; // 8 + 8 + 60 = 76
    assert.deepEqual(nestFrame(`${MACS} 0800 ${ip('11', 76)} ${udp} 0800000000002a00 ${inner}`), [
      'eth [0, 14) 110',
      '  ip [14, 34) 110',
      '    udp [34, 42) 110',
      '      vxlan [42, 50) 110',
      '        tunnel: eth [50, 64) 110',
      '          ip [64, 84) 104',
      '            tcp [84, 104) 104',
      '          eth.padding [104, 110) 110',
    ]);
  });

  it('GRE, IP in IP and a frame over MPLS are tunnels; MPLS before IP is none', () => {
    assert.deepEqual(nestFrame(`${MACS} 0800 ${ip('2f', 44)} 0000 0800 ${ip('06', 20)} ${TCP}`), [
      'eth [0, 14) 78',
      '  ip [14, 34) 78',
      '    gre [34, 38) 78',
      '      tunnel: ip [38, 58) 78',
      '        tcp [58, 78) 78',
    ]);
    assert.deepEqual(nestFrame(`${MACS} 0800 ${ip('04', 40)} ${ip('06', 20)} ${TCP}`), [
      'eth [0, 14) 74',
      '  ip [14, 34) 74',
      '    tunnel: ip [34, 54) 74',
      '      tcp [54, 74) 74',
    ]);
    assert.deepEqual(nestFrame(`${MACS} 8847 00064140 ${ip('06', 20)} ${TCP}`), [
      'eth [0, 14) 58',
      '  mpls [14, 18) 58',
      '    ip [18, 38) 58',
      '      tcp [38, 58) 58',
    ]);
    assert.deepEqual(nestFrame(`${MACS} 8847 00064140 ${MACS} 0800 ${ip('06', 20)} ${TCP}`), [
      'eth [0, 14) 72',
      '  mpls [14, 18) 72',
      '    tunnel: eth [18, 32) 72',
      '      ip [32, 52) 72',
      '        tcp [52, 72) 72',
    ]);
  });

  it('what an ICMP error quotes is no tunnel', () => {
    const quoted = `${ip('06', 20)} ${TCP}`;
    assert.deepEqual(nestFrame(`${MACS} 0800 ${ip('01', 48)} 0303 0000 00000000 ${quoted}`).slice(2), [
      '    icmp [34, 42) 82',
      '      quoted: ip [42, 62) 82',
      '        tcp [62, 82) 82',
    ]);
  });

  it('a datagram put together is inside the IP header of its last fragment, beside that fragment', () => {
    // With the checksums of their headers: only intact ones are put together.
    const header = (offset: string, sum: string): string => `4500 0024 0001 ${offset} 4006 ${sum} ${ADDRESSES}`;
    const first = frame(`${MACS} 0800 ${header('2000', '46c6')} c822 0015 00000001 00000002 5018 0100`);
    const last = frame(`${MACS} 0800 ${header('0002', '66c4')} 0000 0000 4142434445464748494a4b4c`);
    assert.deepEqual(lines(nest(describePacket({ ...last, earlier: [first] }).layers)), [
      'eth [0, 14) 50',
      '  ip [14, 34) 50',
      '    data [34, 50) 50',
      '    reassembled: tcp #1 [0, 20) 32',
      '      tcp.payload #1 [20, 32) 32',
    ]);
  });

  it('a header that the capture cuts ends where the capture does', () => {
    assert.deepEqual(nestFrame(`${MACS} 0800 ${ip('06', 20)} ${TCP.slice(0, 19)}`, { originalBytes: 54 }), [
      'eth [0, 14) 42',
      '  ip [14, 34) 42',
      '    tcp [34, 42) 42',
    ]);
  });

  it('headers that are told in words carry all that follow', () => {
    const [eth, network, tcp] = describePacket(frame(`${MACS} 0800 ${ip('06', 20)} ${TCP}`)).layers;
    const told = [eth!, network!, tcp!].map((layer) => ({ ...layer, until: null }));
    assert.deepEqual(lines(nest(told)), ['eth [0, 14) null', '  ip [14, 34) null', '    tcp [34, 54) null']);
  });
});
