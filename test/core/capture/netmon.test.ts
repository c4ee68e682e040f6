import assert from 'node:assert/strict';
import { NETMON_ATM } from '../../../src/core/model/capture';
import {
  bytes,
  LITTLE,
  netmonFile,
  netmonRecord1,
  netmonRecord2,
  netmonTrailer,
  pattern,
} from '../../support/capture-builders';
import { readCapture, said, type ReadCapture } from '../../support/capture-reading';

const read = (content: Uint8Array): ReadCapture => readCapture(content)!;
const times = (capture: ReadCapture): (string | null)[] => capture.frames.map((f) => f.time);
/** The start of the builders' captures on this machine's clock, in seconds. */
const START = new Date(2010, 5, 16, 18, 20, 10).getTime() / 1000;
const fileTime = (unixSeconds: bigint, tenths: bigint): bigint =>
  (unixSeconds + 11_644_473_600n) * 10_000_000n + tenths;

describe('Network Monitor', () => {
  it('1.x counts milliseconds since the start, on the clock of the machine', () => {
    const capture = read(
      netmonFile([netmonRecord1(pattern(60), 5), netmonRecord1(pattern(50), 4_000_000_000, 100)], { version: [1, 1] }),
    );
    assert.equal(capture.description, 'Network Monitor 1.1');
    assert.deepEqual(times(capture), [`${START}.376000000`, `${START + 4_000_000}.371000000`]);
    assert.deepEqual([capture.frames[1]!.captured, capture.frames[1]!.original], [50, 100]);
    assert.deepEqual(capture.frames[0]!.bytes, pattern(60));
  });

  it('2.x counts microseconds, also backwards', () => {
    const records = [5, -5_000_000, 2 ** 40].map((micros) => netmonRecord2(pattern(60), micros));
    const capture = read(netmonFile(records));
    assert.deepEqual(times(capture), [
      `${START}.371005000`,
      `${START - 5}.371000000`,
      // 2^40 µs are 1 099 511 s and 627 776 µs.
      `${START + 1_099_511}.998776000`,
    ]);
  });

  for (const [minor, trailer] of [
    [1, LITTLE.u16(1)],
    [2, bytes(LITTLE.u16(1), LITTLE.u32(0))],
  ] as const) {
    it(`2.${minor} has a trailer of ${trailer.length} bytes`, () => {
      const records = [netmonRecord2(pattern(60), 5, trailer), netmonRecord2(pattern(61), 7, trailer)];
      const capture = read(netmonFile(records, { version: [2, minor] }));
      assert.deepEqual(times(capture), [`${START}.371005000`, `${START}.371007000`]);
    });
  }

  it('2.3 gives the time in UTC with every packet', () => {
    const records = [
      netmonRecord2(pattern(60), 5, netmonTrailer(1, fileTime(1_700_000_000n, 1_234_567n))),
      netmonRecord2(pattern(60), 7, netmonTrailer(1, 0n)),
    ];
    assert.deepEqual(times(read(netmonFile(records, { version: [2, 3] }))), [
      '1700000000.123456700',
      `${START}.371007000`,
    ]);
  });

  it('has a media type for all packets, or one with each', () => {
    const types = [0, 1, 2, 3, 4, 5, 7, 8, 9, 0xe071, 0xffe0, 0xfffb, 0xffff];
    const linkTypes = [1, 1, 6, 10, NETMON_ATM, -2, 101, 101, 101, 113, -1, -1, -1];
    const records = types.map((type) => netmonRecord2(pattern(60), 0, netmonTrailer(type, 0n)));
    assert.deepEqual(
      read(netmonFile(records, { version: [2, 3] })).frames.map((f) => f.linkType),
      linkTypes,
    );
    for (const [i, network] of types.slice(0, 9).entries())
      assert.equal(read(netmonFile([netmonRecord2(pattern(60), 0)], { network })).frames[0]!.linkType, linkTypes[i]);
  });

  it('leaves out the records that tshark does not number', () => {
    const records = [0xfffc, 0xfffd, 0xfffe, 1].map((type) => netmonRecord2(pattern(60), 0, netmonTrailer(type, 0n)));
    assert.equal(read(netmonFile(records, { version: [2, 3] })).frames.length, 1);
  });

  it('takes the radio header off 802.11 frames', () => {
    const frame = bytes([2, 32, 0], pattern(57));
    const capture = read(netmonFile([netmonRecord2(frame, 0, netmonTrailer(6, 0n))], { version: [2, 3] }));
    const [{ linkType, captured, original, bytes: content }] = capture.frames as [ReadCapture['frames'][0]];
    assert.deepEqual([linkType, captured, original], [105, 28, 28]);
    assert.deepEqual(content, frame.subarray(32));
  });

  it('has its packets in the order of its table', () => {
    const records = [60, 61, 62].map((length) => netmonRecord2(pattern(length), length));
    const capture = read(netmonFile(records, { order: [2, 0, 1] }));
    assert.deepEqual(
      capture.frames.map((f) => f.captured),
      [62, 60, 61],
    );
  });

  describe('that is damaged', () => {
    const records = [60, 61, 62].map((length) => netmonRecord2(pattern(length), length));

    it('is read one packet after another where the table is missing', () => {
      const capture = read(netmonFile(records, { withTable: false }));
      assert.deepEqual(
        capture.frames.map((f) => f.captured),
        [60, 61, 62],
      );
      assert.deepEqual(
        capture.notices.map((one) => one.code),
        ['cut-table'],
      );
    });

    it('goes on with the next entry of the table', () => {
      const broken = bytes(LITTLE.u64(1), LITTLE.u32(300_000), LITTLE.u32(300_000), pattern(60));
      const capture = read(netmonFile([records[0]!, broken, records[2]!]));
      assert.deepEqual(
        capture.frames.map((f) => f.captured),
        [60, 62],
      );
      assert.deepEqual(said(capture.notices), [
        'Packet 2 at byte 204 claims 300000 captured bytes, more than any packet has.',
      ]);
    });

    it('says which entries lead nowhere', () => {
      const whole = netmonFile(records);
      whole.set(LITTLE.u32(0x7fff_ffff), whole.length - 8);
      const capture = read(whole);
      assert.deepEqual(
        capture.frames.map((f) => f.captured),
        [60, 62],
      );
      assert.deepEqual(
        capture.notices.map(({ code, packet, offset }) => ({ code, packet, offset })),
        [{ code: 'cut-record', packet: 2, offset: 0x7fff_ffff }],
      );
    });
  });
});
