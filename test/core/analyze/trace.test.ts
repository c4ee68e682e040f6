import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Trace } from '../../../src/core/analyze';
import { CannotOpen } from '../../../src/core/trace-reader';
import { bytesSource, type ByteSource, ReadError } from '../../../src/core/bytes/source';
import { encodePcapNs } from '../../support/pcap-ns';
import { encodeFrame } from '../../support/tcp-frames';
import { hostileTraffic } from '../../support/hostile-traffic';
import { captured, HANDSHAKE } from '../../support/script';
import { readTrace, sampleFile } from '../../support/traces';

const OPTIONS = { decompressionLimit: 1 << 20 };

describe('a trace', () => {
  it('answers from what has been read so far, and in the end the same as if it had been read at once', () => {
    const bytes = encodePcapNs(Array.from({ length: 250 }, (_, seed) => hostileTraffic(seed, 60)).flat());
    const whole = readTrace(bytes);
    const trace = Trace.open(bytesSource(bytes), OPTIONS);
    let steps = 0;
    let segments = 0;
    while (trace.step()) {
      steps++;
      const summary = trace.summary();
      assert.ok(summary.segments >= segments && !summary.done);
      segments = summary.segments;
      // Views that were made on the way must not disturb what they show later.
      for (const row of trace.connections(0, 20)) trace.segments(row.connection, 0, 100);
    }
    assert.ok(steps > 2, `${steps} steps`);
    assert.deepEqual(trace.summary(), whole.summary());
    assert.ok(trace.summary().done);
    assert.deepEqual(trace.connections(0, 10_000), whole.connections(0, 10_000));
    for (let connection = 0; connection < 60; connection++)
      assert.deepEqual(trace.segments(connection, 0, 1000), whole.segments(connection, 0, 1000));
  }).timeout(30_000);

  it('clips ranges to what there is', () => {
    const trace = readTrace(sampleFile('ftp-textbook.pcap'));
    assert.equal(trace.segments(0, 15, 1000).length, 5);
    assert.deepEqual(trace.segments(0, 20, 30), []);
    assert.deepEqual(trace.segments(1, 0, 10), []);
    assert.equal(trace.connections(0, 1000).length, 1);
    assert.deepEqual(trace.connections(5, 10), []);
  });

  it('knows where a packet is', () => {
    const trace = readTrace(sampleFile('start-here.pcapng'));
    const seen = new Map<number, number>();
    for (const row of trace.allSegments()) {
      assert.deepEqual(trace.place(row.packet), { packet: row.packet, connection: row.connection, row: row.row });
      seen.set(row.connection, row.row);
    }
    assert.equal(trace.place(0), null);
    assert.equal(trace.place(trace.summary().frames + 1), null);
  });

  it('tells a packet down to the bit, and none that is not there', () => {
    const trace = readTrace(sampleFile('ftp-textbook.pcap'));
    const packet = trace.packet(1)!;
    assert.deepEqual(
      packet.layers.map(({ id }) => id),
      ['eth', 'ip', 'tcp'],
    );
    assert.equal(packet.time, '1709631000.000040000');
    assert.equal(trace.packet(0), null);
    assert.equal(trace.packet(21), null);
  });

  it('counts problems as its connections do', () => {
    for (const sample of ['start-here.pcapng', 'retransmission-timeout.pcap', 'hijack-injection.pcap']) {
      const trace = readTrace(sampleFile(sample));
      const sum = trace.connections(0, 1000).reduce((total, row) => total + row.problems, 0);
      assert.equal(trace.summary().problems, sum, sample);
    }
  });

  it('has a time span from the earliest to the latest packet, whatever their order', () => {
    const trace = readTrace(captured({}, '> S 0:0\n +5 > S 0:0\n -9 > S 0:0\n +1 > S 0:0'));
    assert.equal(trace.summary().durationNs, 9e9);
    assert.equal(trace.summary().start, '1700000000.000000000');
  });

  it('with no packet in it is open and empty', () => {
    const trace = readTrace(encodePcapNs([]));
    const { frames, segments, connections, start, durationNs, done } = trace.summary();
    assert.deepEqual([frames, segments, connections, start, durationNs, done], [0, 0, 0, null, 0, true]);
    assert.deepEqual([...trace.allSegments()], []);
  });

  it('that is none cannot be opened', () => {
    for (const bytes of [new Uint8Array(), Buffer.from('no capture at all'), new Uint8Array(5000)])
      assert.throws(() => Trace.open(bytesSource(bytes), OPTIONS), CannotOpen);
  });

  it('keeps what was read before the source fails', () => {
    const bytes = captured({}, HANDSHAKE.repeat(2000));
    const failing: ByteSource = {
      size: bytes.length,
      read(position, target, at, length) {
        if (position >= bytes.length / 2) throw new ReadError('the disk is gone', position);
        return bytesSource(bytes).read(position, target, at, Math.min(length, bytes.length / 2 - position));
      },
    };
    const trace = Trace.open(failing, OPTIONS);
    while (trace.step());
    const { done, notices, frames, segments } = trace.summary();
    assert.ok(done);
    assert.ok(frames > 1000 && segments === frames);
    assert.deepEqual(
      notices.map(({ code, severity }) => [code, severity]),
      [['read-error', 'error']],
    );
  });

  it('says what it cannot show any more where the bytes are gone', () => {
    const bytes = Uint8Array.from(readFileSync(sampleFile('ftp-textbook.pcap')));
    let gone = false;
    const source: ByteSource = {
      size: bytes.length,
      read(position, target, at, length) {
        if (gone) throw new ReadError('the file was deleted', position);
        return bytesSource(bytes).read(position, target, at, length);
      },
    };
    const trace = Trace.open(source, OPTIONS);
    while (trace.step());
    gone = true;
    assert.equal(trace.segments(0, 0, 100).length, 20);
    const packet = trace.packet(3)!;
    assert.deepEqual(packet.layers, []);
    assert.deepEqual(
      packet.notices.map(({ code }) => code),
      ['read-error'],
    );
    assert.deepEqual(trace.options(0), []);
  });

  describe('of frames that are no segments', () => {
    const ETHERTYPE_IPV4 = '0800';
    const ETHERNET = `020000000002020000000001${ETHERTYPE_IPV4}`;
    // RFC 792: type 3 (destination unreachable), code 3 (port), and the IP header and 64 bits of what caused it.
    const segment = synPacket();
    const quoted = segment.slice(0, 28);

    it('tells which connection an ICMP error is about', () => {
      const icmp = icmpError(quoted);
      const trace = readTrace(
        encodePcapNs([
          { timeNs: 1n, bytes: segment },
          { timeNs: 2n, bytes: icmp },
        ]),
      );
      assert.equal(trace.summary().segments, 1);
      const [notice] = trace.packet(2)!.notices.filter(({ code }) => code === 'icmp-error');
      assert.deepEqual(notice?.message, { text: 'An ICMP error about connection #{0}', args: [0] });
    });

    it('counts what it cannot decode, and says so once', () => {
      const USER0 = 147;
      const records = [1n, 2n, 3n].map((timeNs) => ({ timeNs, bytes: Buffer.from(ETHERNET, 'hex') }));
      const summary = readTrace(encodePcapNs(records, USER0)).summary();
      assert.deepEqual(
        summary.linkTypes.map(({ linkType, frames, supported }) => ({ linkType, frames, supported })),
        [{ linkType: USER0, frames: 3, supported: false }],
      );
      assert.deepEqual(
        summary.notices.map(({ code, packet }) => ({ code, packet })),
        [{ code: 'unsupported-link-type', packet: 1 }],
      );
    });
  });
});

/** A SYN from 10.0.0.1:1000 to 10.0.0.2:80 as a raw IPv4 packet. */
function synPacket(): Uint8Array {
  return encodeFrame({
    source: 0x0a000001,
    destination: 0x0a000002,
    sourcePort: 1000,
    destinationPort: 80,
    seq: 100,
    ack: 0,
    flags: 0x002,
    window: 1000,
  });
}

/** Destination unreachable, port (RFC 792), from 10.0.0.2 to 10.0.0.1 about `quoted`; a raw IPv4 packet. */
function icmpError(quoted: Uint8Array): Uint8Array {
  const head = Buffer.from('4500003800000000400100000a0000020a000001' + '0303000000000000', 'hex');
  return Buffer.concat([head, quoted]);
}
