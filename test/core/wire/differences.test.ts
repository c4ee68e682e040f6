import assert from 'node:assert/strict';
import { decodeAll, fromHex, type FoundSegment, type TestFrame } from '../../support/wire/decode';

/** Where this project knows better than tshark 4.0, with the reason; `test/conformance/README.md` lists the same. */

const PORTS = '9c40 c350';
const TCP = `${PORTS} 00000001 00000002 5018 0100 0000 0000 41424344`;
const IPV4 = `4500 002c 0001 0000 4006 0000 0a010002 0a020009 ${TCP}`;
const ETHERNET = `020000005102 020000005101 0800 ${IPV4}`;
const IPV6_ADDRESSES = '20010db8000000000000000000000001 20010db8000000000000000000000002';
const IPV6 = `60000000 0018 06 40 ${IPV6_ADDRESSES} ${TCP}`;

const frame = (linkType: number, hex: string): TestFrame => {
  const bytes = fromHex(hex);
  return { linkType, fcsBytes: 0, bytes, original: bytes.length, seconds: 0 };
};

/** The one segment in a frame. */
function only(linkType: number, hex: string): FoundSegment {
  const [found] = decodeAll([frame(linkType, hex)]);
  assert.equal(found!.length, 1);
  return found![0]!;
}

const V4_ENDS = ['10.1.0.2 40000', '10.2.0.9 50000'];
const V6_ENDS = ['2001:db8::1 40000', '2001:db8::2 50000'];
const endsOf = ({ source, destination }: FoundSegment): string[] => [source, destination];

describe('frames that tshark 4.0 reads otherwise', () => {
  it('finds Ethernet in an MPLS pseudowire whoever made the cards (tshark wants vendors that it knows)', () => {
    const labels = '001b21aabbcc 00155d010203 8847 00064140';
    assert.deepEqual(endsOf(only(1, `${labels} ${ETHERNET}`)), V4_ENDS);
    assert.deepEqual(endsOf(only(1, `${labels} 00000000 ${ETHERNET}`)), V4_ENDS);
    assert.deepEqual(endsOf(only(1, `${labels} ${ETHERNET.replace('02000000', '52540000')}`)), V4_ENDS);
  });

  it('takes the end of a source route for the destination, as its connection and checksum do (RFC 8200 §4.4)', () => {
    const final = '20010db8000000000000000000000077';
    const route = (left: number): string => `06 02 00 0${left} 00000000 ${final}`;
    const header = `001b21aabbcc 00155d010203 86dd 60000000 0030 2b 40 ${IPV6_ADDRESSES}`;
    assert.equal(only(1, `${header} ${route(1)} ${TCP}`).destination, '2001:db8::77 50000');
    assert.equal(only(1, `${header} ${route(0)} ${TCP}`).destination, '2001:db8::2 50000');
  });

  it('takes the home address of a mobile node for the source (RFC 6275 §6.3)', () => {
    const option = '06 02 01 02 0000 c9 10 20010db8000000000000000000000077';
    const header = `001b21aabbcc 00155d010203 86dd 60000000 0030 3c 40 ${IPV6_ADDRESSES}`;
    assert.equal(only(1, `${header} ${option} ${TCP}`).source, '2001:db8::77 40000');
  });

  it('reads netfilter logs of big-endian hosts, and cut ones', () => {
    assert.deepEqual(endsOf(only(239, `02 00 0001 0008 0001 08000000 0030 0009 ${IPV4}`)), V4_ENDS);
    const whole = fromHex(`02 00 0001 3000 0900 ${IPV4}`);
    const cut = { ...frame(239, ''), bytes: whole.subarray(0, whole.length - 4), original: whole.length };
    assert.deepEqual(endsOf(decodeAll([cut])[0]![0]!), V4_ENDS);
  });

  it('takes loopback headers in either byte order', () => {
    assert.deepEqual(endsOf(only(108, `02000000 ${IPV4}`)), V4_ENDS);
    assert.deepEqual(endsOf(only(108, `1e000000 ${IPV6}`)), V6_ENDS);
  });

  it("knows every BSD's number for IPv6 on encapsulation devices", () => {
    for (const family of ['18', '1c', '1e'])
      assert.deepEqual(endsOf(only(109, `${family}000000 00000001 00000000 ${IPV6}`)), V6_ENDS);
  });

  it('reads link types with a direction and MPLS without a link, which neither tshark 4.0 nor tcpdump 4.99 knows', () => {
    assert.deepEqual(endsOf(only(205, `00 0f00 0800 ${IPV4}`)), V4_ENDS);
    assert.deepEqual(endsOf(only(219, `00064040 00064140 ${IPV4}`)), V4_ENDS);
    assert.deepEqual(endsOf(only(206, `00 1841 0800 ${IPV4}`)), V4_ENDS);
  });

  it('follows frames of netANALYZER with their preamble (tshark shows them as bytes)', () => {
    const whole = fromHex(`00460000 55555555555555d5 ${ETHERNET} 00000000`);
    // Where the end was not captured the check sequence is not looked at.
    const cut = { ...frame(241, ''), bytes: whole.subarray(0, -4), original: whole.length };
    assert.deepEqual(endsOf(decodeAll([cut])[0]![0]!), V4_ENDS);
    const event = cut.bytes.slice();
    event[1] = 0x47;
    assert.deepEqual(decodeAll([{ ...cut, bytes: event }])[0], []);
  });

  it('leaves the check sequence out when it puts 802.11 fragments together', () => {
    const header = (control: string, piece: string): string =>
      `${control} 0000 001b21aabbcc 00155d010203 001b21aabbcc ${piece}00`;
    const payload = `aaaa03 000000 0800 ${IPV4}`.replace(/\s+/g, '');
    const fcs = '01020304';
    const frames = [
      `${header('0805', '50')} ${payload.slice(0, 48)} ${fcs}`,
      `${header('0801', '51')} ${payload.slice(48)} ${fcs}`,
    ].map((hex) => ({ ...frame(105, hex), fcsBytes: 4 }));
    const [first, second] = decodeAll(frames);
    assert.deepEqual(first, []);
    assert.deepEqual(endsOf(second![0]!), V4_ENDS);
    assert.equal(second![0]!.len, 4);
  });

  it('shows what an ICMP error quotes of a fragment (tshark waits for its other pieces)', () => {
    const fragment = IPV4.replace('0001 0000', '0001 2000');
    const icmp = `001b21aabbcc 00155d010203 0800 4500 0048 0001 0000 4001 0000 0a020009 0a010002 0304 0000 00000000`;
    const quoted = only(1, `${icmp} ${fragment}`);
    assert.deepEqual([quoted.quoted, ...endsOf(quoted)], [true, ...V4_ENDS]);
  });

  it('lets fragments of different VLANs alone, and those that are two minutes apart', () => {
    const piece = (vlan: number, offset: string, part: string, seconds: number): TestFrame => ({
      ...frame(
        1,
        `001b21aabbcc 00155d010203 8100 000${vlan} 0800 4500 0024 0009 ${offset} 4006 0000 0a010002 0a020009 ${part}`,
      ),
      seconds,
    });
    const tcp = TCP.replace(/\s+/g, '').padEnd(64, '0');
    const first = tcp.slice(0, 32);
    const last = tcp.slice(32);
    // Fragments with a wrong header checksum are not put together.
    const right = (f: TestFrame): TestFrame => {
      const sum = (at: number): number => (f.bytes[at]! << 8) | f.bytes[at + 1]!;
      let total = 0;
      for (let at = 18; at < 38; at += 2) total += at === 28 ? 0 : sum(at);
      total = (total & 0xffff) + (total >>> 16);
      const checksum = ~((total & 0xffff) + (total >>> 16)) & 0xffff;
      f.bytes[28] = checksum >>> 8;
      f.bytes[29] = checksum & 0xff;
      return f;
    };
    const of = (vlanA: number, vlanB: number, gap: number): number =>
      decodeAll([right(piece(vlanA, '2000', first, 0)), right(piece(vlanB, '0002', last, gap))])[1]!.length;
    assert.equal(of(5, 5, 120), 1);
    assert.equal(of(5, 6, 0), 0);
    assert.equal(of(5, 5, 121), 0);
  });
});
