import assert from 'node:assert/strict';
import type { DiagnosisKind } from '../../../src/core/model/diagnosis';
import { alarms, detailsOf, diagnosed, only, textOf } from '../../support/diagnosed';
import { sampleFile } from '../../support/traces';

/** What each sample must raise, by how it was made (media/samples/README.md); the others raise nothing. */
const ALARMS: Readonly<Record<string, readonly DiagnosisKind[]>> = {
  'start-here.pcapng': [],
  'ftp-textbook.pcap': [],
  'http-ipv6.pcap': [],
  'handshake.pcap': [],
  'simultaneous-open.pcap': [],
  'refused.pcap': [],
  'lost-syn-ack.pcap': [],
  'four-way-close.pcap': [],
  'half-close.pcap': [],
  'simultaneous-close.pcap': [],
  'reset-unread-data.pcap': [],
  'reset-linger-zero.pcap': [],
  'retransmission-timeout.pcap': [],
  'fast-retransmit.pcap': [],
  'out-of-order.pcap': [],
  'keep-alive.pcap': [],
  'zero-window.pcap': ['zero-window-receiver'],
  'syn-flood.pcap': ['syn-flood'],
  'syn-flood-spoofed.pcap': ['syn-flood-spoofed'],
  'syn-flood-cookies.pcap': ['syn-flood-spoofed'],
  'scan-syn.pcap': ['syn-scan'],
  'scan-connect.pcap': ['connect-scan'],
  'scan-fin.pcap': ['fin-scan'],
  'scan-null.pcap': ['null-scan'],
  'scan-xmas.pcap': ['xmas-scan'],
  'scan-ack.pcap': ['ack-scan'],
  'scan-window.pcap': ['ack-scan'],
  'hijack-injection.pcap': ['overlapping-payloads', 'ack-storm', 'foreign-segments', 'reset-injection'],
  'hijack-mitnick.pcap': ['syn-flood', 'impersonated-host', 'predictable-isn', 'predictable-isn'],
};

describe('the diagnosis of the samples', () => {
  for (const [name, expected] of Object.entries(ALARMS))
    it(`raises ${expected.length === 0 ? 'no alarm' : expected.join(', ')} in ${name}`, () => {
      assert.deepEqual(alarms(diagnosed(sampleFile(name))), expected);
    });

  const one = (name: string, kind: DiagnosisKind) => {
    const [finding, ...more] = only(diagnosed(sampleFile(name)), kind);
    assert.ok(finding !== undefined && more.length === 0, `one finding of ${kind}`);
    return finding;
  };

  it('tells how many SYNs the floods have and from where', () => {
    // 160 SYNs at 40 a second; the last one leaves 159/40 s after the first.
    assert.match(
      textOf(one('syn-flood.pcap', 'syn-flood')),
      /^10\.2\.0\.9:80 got 160 SYNs within [34]\.\d+ s .* 160 of them from 198\.18\.7\.7\.$/,
    );
    assert.match(
      textOf(one('syn-flood-spoofed.pcap', 'syn-flood-spoofed')),
      /got 160 SYNs within .*, from 160 addresses\.$/,
    );
  });

  it('estimates the queue of half-open connections as the kernel holds it', () => {
    for (const [name, kind] of [
      ['syn-flood.pcap', 'syn-flood'],
      ['syn-flood-spoofed.pcap', 'syn-flood-spoofed'],
      ['syn-flood-cookies.pcap', 'syn-flood-spoofed'],
    ] as const) {
      const { chart } = one(name, kind);
      assert.ok(chart?.chart === 'half-open-queue');
      // A backlog of 64: Linux refuses more once the queue is longer than that.
      assert.equal(Math.max(...chart.lengths), 65, name);
      assert.equal(chart.backlog, 128);
      const unanswered = chart.unanswered.reduce((sum, n) => sum + n, 0);
      assert.equal(unanswered, name.includes('cookies') ? 0 : 160 - 65, name);
    }
  });

  it('tells of a handshake that lost its SYN-ACKs', () => {
    const finding = one('lost-syn-ack.pcap', 'delayed-handshakes');
    // tshark: the first SYN at 0 s, the ACK of the last SYN-ACK at 3.038662 s; packet 6 is the SYN that got through.
    assert.equal(
      textOf(finding),
      'Handshakes with 10.2.0.9:4000 took several tries (connections: 1; the longest took 3.04 s).',
    );
    assert.deepEqual(detailsOf(finding), [
      'The SYN-ACK was lost on its way: the client did not answer it (connections: 1).',
    ]);
    assert.deepEqual(finding.packets, [6]);
  });

  it('suspects SYN cookies where they were on, and only there', () => {
    assert.match(textOf(one('syn-flood-cookies.pcap', 'syn-cookies')), /answered every SYN of the flood/);
    for (const name of ['syn-flood.pcap', 'syn-flood-spoofed.pcap', 'hijack-mitnick.pcap'])
      assert.deepEqual(only(diagnosed(sampleFile(name)), 'syn-cookies'), [], name);
  });

  it('tells which ports a scanner has found to be what', () => {
    for (const [name, kind] of [
      ['scan-syn.pcap', 'syn-scan'],
      ['scan-connect.pcap', 'connect-scan'],
    ] as const) {
      const finding = one(name, kind);
      assert.match(textOf(finding), /^10\.1\.0\.2 probed 50 ports of 10\.2\.0\.9 within 1\.\d+ s\.$/);
      const details = detailsOf(finding);
      assert.equal(details[0], 'Open, answered by a SYN-ACK (3): 22, 80, 443');
      assert.match(details[1]!, /^Closed, answered by a reset \(46\): 21, 23, 25, /);
      assert.equal(details[2], 'Filtered, no answer (1): 8080');
    }
    for (const [name, kind] of [
      ['scan-fin.pcap', 'fin-scan'],
      ['scan-null.pcap', 'null-scan'],
      ['scan-xmas.pcap', 'xmas-scan'],
    ] as const)
      assert.equal(detailsOf(one(name, kind))[1], 'Open or filtered, no answer (4): 22, 80, 443, 8080', name);
    for (const name of ['scan-ack.pcap', 'scan-window.pcap'])
      assert.equal(detailsOf(one(name, 'ack-scan'))[1], 'Filtered, no answer (1): 8080', name);
  });

  it('finds what gives the injected command away', () => {
    const name = 'hijack-injection.pcap';
    assert.deepEqual(one(name, 'overlapping-payloads').packets, [15, 41]);
    assert.match(
      detailsOf(one(name, 'overlapping-payloads'))[0]!,
      /“echo \+ \+ >>~\/\.rh…” in packet 15, “ls” in packet 41/,
    );
    assert.match(textOf(one(name, 'foreign-segments')), /TTL of 59, the others with 62/);
    assert.deepEqual(detailsOf(one(name, 'foreign-segments')), [
      'Packet 15 has the IP identification 66; the sender’s counter was at about 14873.', // 0x42; 0x3a10 and 9 sent
    ]);
    assert.equal(one(name, 'reset-injection').packets[0], 73);
  });

  it('tells how far apart the initial sequence numbers of the Mitnick sample are', () => {
    const [trusted, target] = only(diagnosed(sampleFile('hijack-mitnick.pcap')), 'predictable-isn');
    assert.match(textOf(trusted!), /10\.3\.0\.10 grow by 64\u202f000 /);
    assert.match(textOf(target!), /10\.3\.0\.20 grow by 128\u202f000 .* 100 % of the steps between 21 numbers/);
    assert.ok(target!.chart?.chart === 'isn');
    assert.equal(target!.chart.numbers.length, 21); // twenty probes and the forged connection
    assert.equal(target!.chart.numbers[1]! - target!.chart.numbers[0]!, 128_000);
  });

  it('tells where they were captured', () => {
    assert.match(textOf(one('start-here.pcapng', 'vantage-point')), /^At the clients/);
    assert.match(textOf(one('hijack-injection.pcap', 'vantage-point')), /^At the servers/);
  });
});
