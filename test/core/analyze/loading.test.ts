import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Trace } from '../../../src/core/analyze';
import { bytesSource } from '../../../src/core/bytes/source';
import { loadFilterFault } from '../../../src/core/filter/load-filter';
import { render } from '../../../src/core/format/message';
import { LOAD_ALL, type Load } from '../../../src/core/model/load';
import type { SegmentRow } from '../../../src/core/model/segment';
import { packetsFound } from '../../support/filters';
import { hostileTraffic } from '../../support/hostile-traffic';
import { encodePcapNs } from '../../support/pcap-ns';
import { readTrace, sampleFile } from '../../support/traces';
import { fixtureGroups, framesOf } from '../../support/wire/decode';
import { SAMPLES } from '../text/samples';

function load(bytes: Uint8Array, part: Partial<Load>): Trace {
  const trace = Trace.open(bytesSource(bytes), { decompressionLimit: 1 << 20, load: { ...LOAD_ALL, ...part } });
  while (trace.step());
  return trace;
}

const numbersOf = (trace: Trace): number[] => trace.packetRows('', null, 0, 1e9).map(({ packet }) => packet);
const count = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const sentences = (trace: Trace): string[] => trace.summary().notices.map((notice) => render(notice.message));

/** A row as it is where `before` packets more come before it in the file. */
const later = (row: SegmentRow, before: number): unknown => ({
  ...structural(row),
  packet: row.packet + before,
  acks: row.acks === null ? null : row.acks + before,
  notes: row.notes.map(({ kind, of }) => [kind, of === undefined ? undefined : of + before]),
});
const STRUCTURAL = [
  'row',
  'packet',
  'timeNs',
  'connection',
  'from',
  'seq',
  'ack',
  'flags',
  'len',
  'acks',
  'client',
  'server',
  'label',
] as const satisfies readonly (keyof SegmentRow)[];
/** What of a row does not depend on what else was loaded. */
const structural = (row: SegmentRow) => ({
  ...Object.fromEntries(STRUCTURAL.map((name) => [name, row[name]])),
  notes: row.notes.map(({ kind, of }) => [kind, of]),
});

const RECORDS = Array.from({ length: 40 }, (_, seed) => hostileTraffic(seed + 1, 50)).flat();
const FILE = encodePcapNs(RECORDS);

describe('a part of a trace', () => {
  it('is analysed as a file that was cut to it, under the packet numbers of the whole', () => {
    const part = load(FILE, { from: 501, to: 1200 });
    const cut = readTrace(encodePcapNs(RECORDS.slice(500, 1200)));
    assert.deepEqual(numbersOf(part), count(501, 1200));
    assert.deepEqual(
      [...part.allSegments()].map(structural),
      [...cut.allSegments()].map((row) => later(row, 500)),
    );
    const { frames, segments, connections, start, durationNs } = part.summary();
    const whole = cut.summary();
    assert.deepEqual(
      [frames, segments, connections, start, durationNs],
      [700, whole.segments, whole.connections, whole.start, whole.durationNs],
    );
    for (const { connection, firstPacket, lastPacket } of cut.connections(0, 1000)) {
      const row = part.connections(connection, connection + 1)[0]!;
      assert.deepEqual([row.firstPacket, row.lastPacket], [firstPacket + 500, lastPacket + 500]);
    }
  });

  it('finds its packets by their numbers in the file, and no others', () => {
    const part = load(FILE, { from: 501, to: 1200 });
    assert.deepEqual(part.packet(501)!.buffers[0]!.bytes, new Uint8Array(RECORDS[500]!.bytes));
    assert.deepEqual(part.packet(1200)!.buffers[0]!.bytes, new Uint8Array(RECORDS[1199]!.bytes));
    for (const packet of [0, 1, 500, 1201, 2000, 1e9]) {
      assert.equal(part.packet(packet), null);
      assert.equal(part.place(packet), null);
    }
    assert.equal(part.place(501)?.packet, 501);
    assert.deepEqual(part.packetIndex('', null, 600), { length: 700, index: 99 });
    assert.deepEqual(part.packetIndex('', null, 3), { length: 700, index: 0 });
    assert.deepEqual(packetsFound(part, 'packet >= 700 && packet < 703'), [700, 701, 702]);
  });

  it('says in notes and explanations what the numbers in the file are', () => {
    const part = load(FILE, { from: 501, to: 1200 });
    const again = [...part.allSegments()].find((row) => row.notes.some(({ of }) => of !== undefined))!;
    const { of, text } = again.notes.find((note) => note.of !== undefined)!;
    assert.ok(of! >= 501);
    assert.match(render(text), new RegExp(`\\b${of}\\b`));
  });

  it('ends at the limit, says so, and what was left out', () => {
    const part = load(FILE, { maxPackets: 500 });
    assert.deepEqual(numbersOf(part), count(1, 500));
    const { notices, part: told, bytesRead, bytesTotal } = part.summary();
    assert.equal(notices[0]!.code, 'partly-loaded');
    assert.equal(notices[0]!.severity, 'warning');
    // 24 bytes of file header, 16 of each record's (pcap).
    assert.equal(bytesRead, 24 + RECORDS.slice(0, 500).reduce((sum, { bytes }) => sum + 16 + bytes.length, 0));
    assert.equal(bytesTotal, FILE.length);
    assert.match(
      sentences(part)[0]!,
      /^Only 500 packets are loaded, .*What follows packet 500 was not read: .*some \d/,
    );
    assert.deepEqual(told, {
      load: { ...LOAD_ALL, maxPackets: 500 },
      first: 1,
      last: 500,
      read: 500,
      stopped: 'limit',
    });
  });

  it('is the whole where the limit is not reached or just reached', () => {
    for (const maxPackets of [RECORDS.length, RECORDS.length + 1]) {
      const trace = load(FILE, { maxPackets });
      assert.equal(trace.summary().part, null);
      assert.deepEqual(sentences(trace), []);
      assert.equal(trace.summary().frames, RECORDS.length);
    }
  });

  it('says that a range behind the end of the file has nothing in it', () => {
    const trace = load(FILE, { from: 5000 });
    assert.equal(trace.summary().frames, 0);
    assert.match(sentences(trace)[0]!, /^No packet is loaded: .* 5.000, .* ends after 2.000\.$/);
  });

  it('counts the limit from the first packet of the range', () => {
    assert.deepEqual(numbersOf(load(FILE, { from: 901, maxPackets: 10 })), count(901, 910));
  });
});

describe('loading what matches', () => {
  it('is analysed as a file of those packets alone', () => {
    // Seed n talks on 10.0.n.0/24 (hostileTraffic).
    const part = load(FILE, { only: 'ip.addr == 10.0.7.0/24 || ip.addr == 10.0.30.0/24' });
    const [seventh, thirtieth] = [RECORDS.slice(300, 350), RECORDS.slice(1450, 1500)];
    const alone = readTrace(encodePcapNs([...seventh, ...thirtieth]));
    assert.deepEqual(numbersOf(part), [...count(301, 350), ...count(1451, 1500)]);
    assert.deepEqual(
      [...part.allSegments()].map(structural),
      [...alone.allSegments()].map((row) => ({
        ...(later(row, 300) as object),
        ...(row.packet <= 50 ? {} : (later(row, 1400) as object)),
      })),
    );
    assert.match(sentences(part)[0]!, /^100 of 2.000 packets are loaded: those that match ip\.addr/);
    assert.equal(part.packet(300), null);
    assert.deepEqual(part.packet(1451)!.buffers[0]!.bytes, new Uint8Array(RECORDS[1450]!.bytes));
  });

  const FILTERS = [
    'tcp.port == 80',
    'tcp.srcport == 80 || tcp.dstport in {20..22, 443}',
    'port < 1024',
    'address == 10.1.0.2',
    'ip.src == 10.1.0.2 && !(tcp.dstport == 80)',
    'ipv6.addr == 2001:db8::/32',
    'ip',
    'tcp',
    'udp.port == 53 || icmp',
  ];

  it('takes what the filter finds in the whole capture', () => {
    for (const name of ['start-here.pcapng', 'http-ipv6.pcap', 'scan-syn.pcap', 'ftp-textbook.pcap']) {
      const bytes = readFileSync(sampleFile(name));
      const whole = readTrace(bytes);
      for (const only of FILTERS)
        assert.deepEqual(numbersOf(load(bytes, { only })), packetsFound(whole, only), `${name}: ${only}`);
    }
  });

  it('takes with every kind of header what the filter finds, and nothing else but pieces of IP packets', function () {
    this.timeout(60_000);
    let found = 0;
    for (const group of fixtureGroups().filter(({ fcsBytes }) => fcsBytes === undefined)) {
      const records = framesOf(group).map(({ bytes }, i) => ({ timeNs: BigInt(i), bytes }));
      const bytes = encodePcapNs(records, group.linkType);
      const whole = readTrace(bytes);
      for (const only of FILTERS) {
        const loaded = numbersOf(load(bytes, { only }));
        const expected = packetsFound(whole, only);
        found += expected.length;
        const missing = expected.filter((packet) => !loaded.includes(packet));
        assert.deepEqual(missing, [], `${group.name}: ${only}`);
        for (const packet of loaded)
          assert.ok(
            expected.includes(packet) ||
              whole
                .packet(packet)!
                .layers.some(
                  ({ id, fields }) => id === 'ipv6.fraghdr' || fields.some((field) => field.id === 'ip.frag_offset'),
                ),
            `${group.name}: ${only}: packet ${packet}`,
          );
      }
    }
    assert.ok(found > 100, `${found} packets`);
  });

  it('keeps the pieces of a packet that matches as a whole', () => {
    const group = fixtureGroups().find(({ name }) => name === 'frag4')!;
    const records = framesOf(group).map(({ bytes }, i) => ({ timeNs: BigInt(i), bytes }));
    const bytes = encodePcapNs(records, group.linkType);
    const whole = readTrace(bytes);
    const loaded = load(bytes, { only: 'tcp' });
    const fragmented = packetsFound(whole, 'tcp').filter((packet) => whole.packet(packet)!.fragments.length > 0);
    assert.ok(fragmented.length > 5);
    for (const packet of fragmented)
      assert.deepEqual(loaded.packet(packet)!.fragments, whole.packet(packet)!.fragments, `packet ${packet}`);
    assert.equal(loaded.summary().segments, whole.summary().segments);
  });

  for (const [name, part, expected] of [
    ['a range', { from: 2, to: 3 }, [2, 3]],
    ['a limit', { maxPackets: 2 }, [1, 2]],
    ['a filter', { only: 'tcp.srcport == 80' }, [2]],
  ] as const)
    it(`holds for a text, too: ${name}`, () => {
      const bytes = Buffer.from(SAMPLES['tcpdump']!);
      assert.deepEqual(numbersOf(load(bytes, part)), expected);
      assert.equal(load(bytes, part).linesOf(expected[0])?.first, readTrace(bytes).linesOf(expected[0])?.first);
    });

  it('refuses what only an analysis knows, and what cannot be read', () => {
    assert.equal(loadFilterFault('tcp.port == 80 && ip.addr == 10.0.0.0/8'), null);
    assert.equal(loadFilterFault(''), null);
    const late = loadFilterFault('tcp.port == 80 && tcp.stream == 3')!;
    assert.deepEqual([late.start, late.end], [18, 28]);
    assert.match(render(late.message), /^tcp\.stream is known only once packets are loaded/);
    assert.notEqual(loadFilterFault('tcp.port == '), null);
  });
});
