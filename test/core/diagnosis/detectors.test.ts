import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { render } from '../../../src/core/format/message';
import { patternOf } from '../../../src/core/diagnosis/predictable-isn';
import { DETECTORS } from '../../../src/core/diagnosis/registry';
import { hopsOf } from '../../../src/core/diagnosis/hops';
import { KeyTable } from '../../../src/core/diagnosis/key-table';
import { DistinctKeys, RoughCounts } from '../../../src/core/diagnosis/sketches';
import { ACK, PSH, RST, SYN } from '../../../src/core/model/flags';
import { DIAGNOSIS_KINDS, THRESHOLDS, thresholdsOf } from '../../../src/core/model/diagnosis';
import { alarms, detailsOf, diagnosed, only, station, Talk, textOf, Traffic } from '../../support/diagnosed';
import {
  block,
  bytes,
  END_OF_OPTIONS,
  enhancedPacket,
  LITTLE,
  interfaceBlock,
  option,
  section,
} from '../../support/capture-builders';
import { mutate } from '../../support/mutate';
import { sampleFile } from '../../support/traces';
import { encodePcapNs } from '../../support/pcap-ns';
import { encodeFrame } from '../../support/tcp-frames';
import { random } from '../../support/random';

const CLIENT = station('10.1.0.2', 64, 100);
const SERVER = station('10.2.0.9', 60, 7000);
const fresh = () => ({ client: { ...CLIENT }, server: { ...SERVER } });

/** SYNs to one server, one each `everyMs`, each from a port of its own; answered, and reset after `heldMs` where given. */
function flood(
  n: number,
  everyMs: number,
  heldMs: number | null,
  sourceOf: (i: number) => string = () => '198.51.100.7',
) {
  const traffic = new Traffic();
  const { server } = fresh();
  const events: { readonly ms: number; readonly say: () => void }[] = [];
  for (let i = 0; i < n; i++) {
    const from = station(sourceOf(i));
    const ports = { sourcePort: 2000 + i, destinationPort: 80 };
    const back = { sourcePort: 80, destinationPort: 2000 + i };
    const synMs = i * everyMs;
    events.push({ ms: synMs, say: () => traffic.send(from, server, { ...ports, seq: 77 * i, flags: SYN }) });
    if (heldMs === null) continue;
    events.push({
      ms: synMs + 1,
      say: () =>
        traffic.send(server, from, { ...back, seq: (i * 2654435761) >>> 0, ack: 77 * i + 1, flags: SYN | ACK }),
    });
    events.push({
      ms: synMs + 1 + heldMs,
      say: () => traffic.send(from, server, { ...ports, seq: 77 * i + 1, flags: RST, window: 0 }),
    });
  }
  for (const { ms, say } of events.sort((a, b) => a.ms - b.ms)) {
    traffic.at(ms);
    say();
  }
  return traffic.pcap();
}

describe('SYN floods', () => {
  it('begin at the threshold of half-open connections at a time', () => {
    assert.deepEqual(
      alarms(diagnosed(flood(19, 10, null))).filter((kind) => kind === 'syn-flood'),
      [],
    );
    assert.deepEqual(
      alarms(diagnosed(flood(20, 10, null))).filter((kind) => kind === 'syn-flood'),
      ['syn-flood'],
    );
    assert.deepEqual(only(diagnosed(flood(19, 10, null), { synFloodHalfOpen: 19 }), 'syn-flood').length, 1);
  });

  it('count those at a time, not all of them', () => {
    // One each second, unanswered, which counts for three seconds: three at a time.
    assert.deepEqual(only(diagnosed(flood(60, 1000, null)), 'syn-flood'), []);
  });

  it('make a queue as long as what is held over what arrives', () => {
    // One each 100 ms, held for 2.05 s: 21 at a time.
    const [finding] = only(diagnosed(flood(60, 100, 2050)), 'syn-flood');
    assert.ok(finding?.chart?.chart === 'half-open-queue');
    assert.equal(Math.max(...finding.chart.lengths), 21);
    assert.deepEqual(
      finding.crossed.find(({ threshold }) => threshold === 'synFloodHalfOpen'),
      {
        threshold: 'synFloodHalfOpen',
        limit: 20,
        found: 21,
      },
    );
  });

  it('are no floods where the attempts are taken back at once', () => {
    assert.deepEqual(only(diagnosed(flood(60, 10, 500)), 'syn-flood'), []);
  });

  it('have varying sources from the threshold on', () => {
    const from = (hosts: number) => (i: number) => `198.18.0.${1 + (i % hosts)}`;
    const kinds = (hosts: number) =>
      diagnosed(flood(60, 10, null, from(hosts)))
        .map(({ kind }) => kind)
        .filter((kind) => kind.startsWith('syn-flood'));
    assert.deepEqual(kinds(9), ['syn-flood']);
    assert.deepEqual(kinds(10), ['syn-flood-spoofed']);
  });

  it('are no floods where only what clients send was captured', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    for (let i = 0; i < 60; i++) {
      const t = new Talk(traffic, [client, server], [3000 + i, 80], [i * 7919, 5]);
      traffic.at(i * 50);
      t.say(0, SYN);
      traffic.at(i * 50 + 20);
      t.say(0, ACK);
      t.data(0, 'GET /');
    }
    assert.deepEqual(
      diagnosed(traffic.pcap())
        .filter(({ group }) => group !== 'quality')
        .map(({ kind }) => kind),
      [],
    );
  });

  it('are no floods where most attempts are completed', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    for (let i = 0; i < 40; i++) {
      const talk = new Talk(traffic, [client, server], [3000 + i, 80], [i * 7919, (i * 104_729) >>> 0]);
      if (i % 2 === 0) talk.open(i * 50);
      else {
        traffic.at(i * 50);
        talk.say(0, SYN);
      }
    }
    assert.deepEqual(only(diagnosed(traffic.pcap()), 'syn-flood'), []);
  });
});

describe('port scans', () => {
  const probes = (n: number, flags: number, answer: (port: number) => number | null) => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    for (let i = 0; i < n; i++) {
      const port = 20 + i;
      const ports = { sourcePort: 55_555, destinationPort: port };
      traffic.at(i * 10).send(client, server, { ...ports, seq: 9, ack: flags & ACK ? 5 : 0, flags });
      const window = answer(port);
      if (window !== null)
        traffic
          .at(i * 10 + 1)
          .send(server, client, { sourcePort: port, destinationPort: 55_555, seq: 5, flags: RST, window });
    }
    return diagnosed(traffic.pcap());
  };

  it('begin at the threshold of ports', () => {
    assert.deepEqual(
      only(
        probes(14, SYN, () => 0),
        'syn-scan',
      ),
      [],
    );
    assert.equal(
      only(
        probes(15, SYN, () => 0),
        'syn-scan',
      ).length,
      1,
    );
  });

  it('are window scans where the windows of resets tell open ports from closed ones', () => {
    const [finding] = only(
      probes(20, ACK, (port) => (port === 22 || port === 25 ? 4096 : port === 30 ? null : 0)),
      'window-scan',
    );
    assert.deepEqual(detailsOf(finding!), [
      'Open, reset with a window above 0 (2): 22, 25',
      'Closed, reset with a window of 0 (17): 20, 21, 23, 24, 26, 27, 28, 29, 31, 32, 33, 34, 35, 36, 37, 38, 39',
      'Filtered, no answer (1): 30',
    ]);
  });

  it('are not seen in bare ACKs that nobody resets', () => {
    assert.deepEqual(
      alarms(probes(60, ACK, () => null)).filter((kind) => kind.endsWith('scan')),
      [],
    );
  });

  it('explain the refusals that they cause', () => {
    assert.deepEqual(
      only(
        probes(20, SYN, () => 0),
        'refused-attempts',
      ),
      [],
    );
    assert.equal(
      only(
        probes(12, SYN, () => 0),
        'refused-attempts',
      ).length,
      1,
    );
  });
});

describe('initial sequence numbers', () => {
  const times = (n: number, everyNs = 1e8): number[] => Array.from({ length: n }, (_, i) => i * everyNs);
  it('that never change are constant', () => {
    assert.deepEqual(patternOf(times(8), Array<number>(8).fill(1)), { kind: 'constant', value: 1 });
  });
  it('of 4.2BSD grow by 64 000 a connection, past 2^32 as well', () => {
    const numbers = times(20).map((_, i) => (2 ** 32 - 300_000 + i * 64_000) % 2 ** 32);
    const irregular = times(20).map((ns, i) => ns + (i % 3) * 3e7);
    assert.deepEqual(patternOf(irregular, numbers), { kind: 'fixed-step', step: 64_000, share: 1 });
  });
  it('of RFC 793 grow by 250 000 a second', () => {
    const moments = [0, 1, 2.5, 2.7, 5, 9, 20, 21, 40, 41, 60].map((s) => s * 1e9);
    const numbers = moments.map((ns) => (7_000_000 + ns * 250e3 * 1e-9) % 2 ** 32);
    const pattern = patternOf(moments, numbers);
    assert.ok(pattern?.kind === 'clock');
    assert.equal(pattern.perSecond, 250_000);
  });
  it('that grow by small random steps are small steps', () => {
    const pick = random(3);
    let number = 5;
    const numbers = times(30).map(() => (number += 1 + pick(100_000)));
    // All at one time: no clock can be told.
    assert.equal(patternOf(Array<number>(30).fill(0), numbers)?.kind, 'small-steps');
  });
  it('that are random have no pattern, whatever the seed', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const pick = random(seed);
      const numbers = times(8).map(() => pick(2 ** 30) * 4);
      assert.equal(patternOf(times(8), numbers), null, `seed ${seed}`);
    }
  });
});

describe('one connection', () => {
  const talk = (isns?: [number, number]) => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    return { traffic, client, server, talk: new Talk(traffic, [client, server], [40_000, 80], isns).open(0) };
  };

  it('that repeats its own bytes is no overlap, and one that repeats others is', () => {
    for (const [again, found] of [
      ['Hello, server.', 0],
      ['Hello, Server.', 1],
    ] as const) {
      const { traffic, talk: t } = talk([2 ** 32 - 5, 1]);
      traffic.at(100);
      t.data(0, 'Hello, server.');
      traffic.at(400);
      t.data(0, again, { seq: (2 ** 32 - 4) >>> 0 });
      const overlaps = only(diagnosed(traffic.pcap()), 'overlapping-payloads');
      assert.equal(overlaps.length, found);
      // The eighth byte: relative number 1 is the first.
      if (found > 0)
        assert.match(
          detailsOf(overlaps[0]!)[0]!,
          /^From relative sequence number 8 on: “server\.” in packet 4, “Server\.” in packet 5\.$/,
        );
    }
  });

  it('is compared where segments overlap in part', () => {
    const { traffic, talk: t } = talk();
    traffic.at(100);
    t.data(0, 'abcdefgh'); // 1001..1008
    traffic.at(400);
    t.data(0, 'ghXX', { seq: 1007 });
    traffic.at(800);
    t.data(0, 'cdeF', { seq: 1003 });
    const [overlap] = only(diagnosed(traffic.pcap()), 'overlapping-payloads');
    assert.deepEqual(overlap?.packets, [4, 6]);
  });

  it('storms from the threshold on, and not where the ACKs are keep-alives', () => {
    const storm = (acks: number, keepAlive: boolean): number => {
      const { traffic, client, server, talk: t } = talk();
      traffic.at(100);
      t.data(0, 'x');
      traffic.at(120);
      t.data(1, 'y');
      for (let i = 0; i < acks; i++) {
        traffic.at(200 + i * 5);
        const fromClient = i % 2 === 0;
        const seq = fromClient ? 1002 - (keepAlive ? 1 : 0) : 5002;
        const ack = fromClient ? 5002 : keepAlive ? 1002 : 1500;
        const ports = fromClient ? [40_000, 80] : [80, 40_000];
        traffic.send(fromClient ? client : server, fromClient ? server : client, {
          sourcePort: ports[0]!,
          destinationPort: ports[1]!,
          seq,
          ack,
          flags: ACK,
        });
      }
      return only(diagnosed(traffic.pcap()), 'ack-storm').length;
    };
    assert.equal(storm(19, false), 0);
    assert.equal(storm(20, false), 1);
    assert.equal(storm(60, true), 0);
  });

  it('has foreign segments where some come from another distance, not where all take a new way', () => {
    const run = (ttls: readonly number[]) => {
      const { traffic, client, talk: t } = talk();
      ttls.forEach((ttl, i) => {
        traffic.at(100 + i * 10);
        (client as { ttl: number }).ttl = ttl;
        t.data(0, `line ${i}`);
      });
      return only(diagnosed(traffic.pcap()), 'foreign-segments');
    };
    assert.deepEqual(
      run([64, 64, 64, 64, 58, 64, 64, 64]).map((one) => one.packets),
      [[8]],
    );
    assert.deepEqual(run([64, 64, 64, 64, 63, 64, 64, 64]), [], 'one hop is below the threshold');
    assert.deepEqual(run([64, 64, 64, 64, 58, 58, 58, 58, 58, 58]), [], 'a new way');
  });

  it('is reset by its end, or by somebody at another distance, or by nobody who was there', () => {
    const run = (ttl: number, goesOn: boolean, own = false) => {
      const { traffic, client, server, talk: t } = talk();
      for (let i = 0; i < 4; i++) {
        traffic.at(100 + i * 50);
        t.data(0, 'ask');
        traffic.at(120 + i * 50);
        t.data(1, 'answer');
      }
      traffic.at(500);
      const forger = { ...server, ttl, ipId: own ? server.ipId : 40_000 };
      traffic.send(forger, client, { sourcePort: 80, destinationPort: 40_000, seq: t.next[1], flags: RST });
      if (goesOn) {
        traffic.at(3000);
        t.data(1, 'more');
      }
      const found = diagnosed(traffic.pcap());
      return {
        injected: only(found, 'reset-injection').map((one) => detailsOf(one)[0]),
        summary: textOf(only(found, 'resets')[0]!),
      };
    };
    const byItsEnd = run(60, false);
    assert.deepEqual(byItsEnd.injected, []);
    assert.match(byItsEnd.summary, /0 by the client itself, 1 by the server itself, 0 by somebody else, 0 that/);
    assert.match(run(47, false).injected[0]!, /^It came with a TTL of 47, the sender’s other segments with 60\.$/);
    // 124 is four hops from 128, as 60 is from 64: another initial value, the same distance.
    assert.deepEqual(run(124, false).injected, []);
    assert.match(run(60, true).injected[0]!, /^Its sender went on 2\.50 s later \(packet 13\)/);
    assert.deepEqual(run(60, true, true).injected, [], 'the identification shows that it is its own');
  });

  it('does not work after a silence', () => {
    const run = (silenceMs: number, end: 'reset' | 'nothing' | 'answer') => {
      const { traffic, talk: t } = talk();
      traffic.at(100);
      t.data(0, 'ask');
      traffic.at(130);
      t.data(1, 'answer');
      const seq = t.next[0];
      for (const [i, ms] of [0, 300, 1200].entries()) {
        traffic.at(130 + silenceMs + ms);
        if (i === 0 || end === 'nothing') t.data(0, 'again', i === 0 ? {} : { seq });
      }
      if (end !== 'nothing') {
        traffic.at(130 + silenceMs + 1220);
        t.say(1, end === 'reset' ? RST : ACK);
      }
      return only(diagnosed(traffic.pcap()), 'idle-cut').map(textOf);
    };
    assert.deepEqual(run(59_000, 'nothing'), []);
    assert.deepEqual(run(61_000, 'answer'), []);
    assert.deepEqual(run(61_000, 'reset'), [
      'Connection 0 was silent for 1 min 1 s; then the client spoke and got a reset.',
    ]);
    assert.deepEqual(run(61_000, 'nothing'), [
      'Connection 0 was silent for 1 min 1 s; then the client spoke and got no answer to 3 segments.',
    ]);
  });

  it('is slow by its server, its network or its client', () => {
    const run = (tripMs: number, serverMs: number, clientMs: number) => {
      const traffic = new Traffic();
      const { client, server } = fresh();
      for (let n = 0; n < 3; n++) {
        const t = new Talk(traffic, [client, server], [40_000 + n, 80], [n * 31_337, n * 99_991]);
        let ms = n * 60_000;
        t.open(ms, tripMs, 1);
        ms += tripMs + 1;
        for (let i = 0; i < 5; i++) {
          traffic.at((ms += clientMs));
          t.data(0, 'ask');
          traffic.at((ms += serverMs + tripMs));
          t.data(1, 'answer');
        }
      }
      return diagnosed(traffic.pcap()).filter(({ group }) => group === 'performance');
    };
    assert.deepEqual(run(20, 900, 500), []);
    const [slow] = run(20, 1500, 500);
    assert.equal(slow!.kind, 'slow-server');
    assert.match(textOf(slow!), /^10\.2\.0\.9:80 took long for 15 of 15 answers, 1\.50 s at most/);
    assert.deepEqual(
      slow!.details.map((one) => render(one)),
      ['Medians: 1.50 s in the server, 500 ms in the client, 21.0 ms of round trip.'],
    );
    assert.deepEqual(
      run(400, 10, 500).map(({ kind }) => kind),
      ['slow-network'],
    );
    assert.deepEqual(
      run(20, 10, 5000).map(({ kind }) => kind),
      ['slow-client'],
    );
  });

  it('stays half-open', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    const t = new Talk(traffic, [client, server]);
    t.say(0, SYN);
    for (const ms of [10, 1010, 3010, 7010]) {
      traffic.at(ms);
      t.say(1, SYN | ACK, ms === 10 ? {} : { seq: 5000 });
    }
    traffic.at(9000);
    new Talk(traffic, [client, server], [41_000, 81]).say(0, SYN);
    const [found] = only(diagnosed(traffic.pcap()), 'half-open-connections');
    assert.match(textOf(found!), /^10\.2\.0\.9:80 waited in vain .*\(connections: 1\)\.$/);
    assert.deepEqual(detailsOf(found!), ['It sent one SYN-ACK up to 4 times within 7.00 s.']);
  });
});

describe('handshakes that take several tries', () => {
  /** Opens `n` connections a minute apart by what comes at which millisecond: S a SYN, A a SYN-ACK, . the third segment. */
  const found = (steps: readonly (readonly [ms: number, what: 'S' | 'A' | '.'])[], n = 1) => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    for (let i = 0; i < n; i++) {
      const talk = new Talk(traffic, [client, server], [40_000 + i, 80], [1000 * i, 5000 * i]);
      const sent = { S: 0, A: 0 };
      for (const [ms, what] of steps) {
        traffic.at(60_000 * i + ms);
        if (what === '.') talk.say(0, ACK);
        else {
          const [who, flags, isn] = what === 'S' ? ([0, SYN, 1000 * i] as const) : ([1, SYN | ACK, 5000 * i] as const);
          talk.say(who, flags, sent[what]++ === 0 ? {} : { seq: isn });
        }
      }
    }
    return only(diagnosed(traffic.pcap()), 'delayed-handshakes');
  };
  const said = (...steps: Parameters<typeof found>[0]): string[] => found(steps).flatMap(detailsOf);

  it('have lost a SYN where no answer came before the next', () =>
    assert.deepEqual(said([0, 'S'], [1000, 'S'], [1020, 'A'], [1021, '.']), [
      'The SYN was lost before it was captured or answered, or the server dropped it (connections: 1).',
    ]));

  it('have lost a SYN-ACK where it came before the next SYN, or was sent again alone', () => {
    const lost = ['The SYN-ACK was lost on its way: the client did not answer it (connections: 1).'];
    assert.deepEqual(said([0, 'S'], [1, 'A'], [1000, 'S'], [1001, 'A'], [1020, '.']), lost);
    assert.deepEqual(said([0, 'S'], [1, 'A'], [1001, 'A'], [1020, '.']), lost);
  });

  it('have lost the third segment where the SYN-ACK came again after it', () =>
    assert.deepEqual(said([0, 'S'], [1, 'A'], [20, '.'], [1001, 'A'], [1020, '.']), [
      'The third segment was lost, or a server with a full accept queue dropped it: the SYN-ACK came again after it (connections: 1).',
    ]));

  it('are none where the network copied a segment, nor where the handshake fails', () => {
    assert.deepEqual(said([0, 'S'], [2, 'S'], [20, 'A'], [21, 'A'], [22, '.']), []);
    assert.deepEqual(said([0, 'S'], [1, 'A'], [1001, 'A'], [3001, 'A']), []);
  });

  it('are an alarm from the threshold on', () => {
    const slow: Parameters<typeof found>[0] = [
      [0, 'S'],
      [1000, 'S'],
      [1020, 'A'],
      [1021, '.'],
    ];
    assert.deepEqual(alarms(found(slow, 9)), []);
    const [many] = found(slow, 10);
    assert.deepEqual(many?.crossed, [{ threshold: 'delayedHandshakes', limit: 10, found: 10 }]);
    assert.deepEqual(alarms([many]), ['delayed-handshakes']);
  });
});

describe('attempts that fail', () => {
  it('are unanswered only where there was time for an answer', () => {
    const run = (lastMs: number) => {
      const traffic = new Traffic();
      const { client, server } = fresh();
      new Talk(traffic, [client, server], [40_000, 8080]).say(0, SYN);
      traffic.at(lastMs);
      new Talk(traffic, [client, station('10.9.9.9')], [40_001, 80]).open(lastMs);
      return only(diagnosed(traffic.pcap()), 'unanswered-attempts').map(textOf);
    };
    assert.deepEqual(run(500), []);
    assert.deepEqual(run(5000), ['10.2.0.9 did not answer SYNs (attempts: 1; ports: 8080).']);
  });

  it('of others than a scanner are told alone, with their own ports and packets', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    const refuse = (from: typeof client, port: number, ms: number): void => {
      const ports = { sourcePort: 55_555, destinationPort: port };
      traffic.at(ms).send(from, server, { ...ports, seq: 9, flags: SYN });
      traffic
        .at(ms + 1)
        .send(server, from, { sourcePort: port, destinationPort: 55_555, seq: 0, ack: 10, flags: RST | ACK });
    };
    for (let port = 20; port < 40; port++) refuse(client, port, port);
    refuse(station('10.9.9.9'), 4321, 100);
    const [found, ...others] = only(diagnosed(traffic.pcap()), 'refused-attempts');
    assert.deepEqual(others, []);
    assert.equal(textOf(found!), '10.2.0.9 refused connections by a reset (attempts: 1; ports: 4321).');
    // Two packets for each of the scanner's twenty ports, then the SYN and its reset.
    assert.deepEqual([found!.packets, found!.packetsTotal], [[42], 1]);
  });

  it('are unreachable where an ICMP error quotes their segment', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    new Talk(traffic, [client, server], [40_000, 8080]).say(0, SYN);
    // The quoted IP header and eight bytes of TCP (RFC 792).
    const quoted = encodeFrame({
      source: 0x0a010002,
      destination: 0x0a020009,
      sourcePort: 40_000,
      destinationPort: 8080,
      seq: 1000,
      ack: 0,
      flags: SYN,
      window: 4096,
    }).subarray(0, 28);
    const icmp = Buffer.concat([
      Buffer.from('020000000001020000000002080045000038000100003f0100000a0200010a010002', 'hex'),
      Buffer.from('030d000000000000', 'hex'),
      quoted,
    ]);
    traffic.at(20).frame(icmp);
    const [found] = only(diagnosed(traffic.pcap()), 'unreachable');
    assert.equal(
      textOf(found!),
      'ICMP says “communication administratively prohibited” about segments to 10.2.0.9 (errors: 1).',
    );
    assert.deepEqual(found!.packets, [2]);
  });
});

describe('the quality of a capture', () => {
  const exchange = (traffic: Traffic, from: number, lines: number): void => {
    const { client, server } = fresh();
    const t = new Talk(traffic, [client, server]).open(from);
    for (let i = 0; i < lines; i++) {
      traffic.at(from + 100 + i * 50);
      t.data(0, `question ${i}`);
      traffic.at(from + 121 + i * 50);
      t.data(1, `answer ${i}`);
    }
  };

  it('tells copies of packets', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    const t = new Talk(traffic, [client, server]).open(0);
    for (let i = 0; i < 5; i++) {
      traffic.at(100 + i * 50);
      t.data(0, `question ${i}`);
      traffic.at(100.1 + i * 50).again();
      traffic.at(121 + i * 50);
      t.data(1, `answer ${i}`);
    }
    const [found] = only(diagnosed(traffic.pcap()), 'duplicate-packets');
    assert.equal(textOf(found!), '5 of 18 segments are copies of a packet that had just been captured.');
    assert.deepEqual(found!.packets, [5, 8, 11, 14, 17]);
  });

  it('tells retransmissions from copies', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    const t = new Talk(traffic, [client, server]).open(0);
    const seq = t.next[0];
    for (const ms of [100, 110, 300]) {
      traffic.at(ms);
      t.data(0, 'the same', ms === 100 ? {} : { seq });
    }
    assert.deepEqual(only(diagnosed(traffic.pcap()), 'duplicate-packets'), []);
  });

  it('tells where it was taken from what the handshakes take', () => {
    const run = (serverMs: number, clientMs: number): string => {
      const traffic = new Traffic();
      const { client, server } = fresh();
      for (let i = 0; i < 3; i++)
        new Talk(traffic, [client, server], [50_000 + i, 80]).open(i * 1000, serverMs, clientMs);
      return textOf(only(diagnosed(traffic.pcap()), 'vantage-point')[0]!);
    };
    assert.equal(run(30, 0.1), 'At the clients, or near them (handshakes: 3).');
    assert.equal(run(0.1, 30), 'At the servers, or near them (handshakes: 3).');
    assert.equal(run(15, 20), 'Somewhere between clients and servers (handshakes: 3).');
    assert.equal(run(0.05, 0.04), 'Both ends are so near that the handshakes do not tell (handshakes: 3).');
  });

  it('tells steps of the clock', () => {
    const traffic = new Traffic();
    exchange(traffic, 1000, 2);
    exchange(traffic, 0, 2); // the second connection begins a second before the first one: 171 ms and 1 s back
    const [found] = only(diagnosed(traffic.pcap()), 'clock-steps');
    assert.equal(textOf(found!), 'The clock goes back by up to 1.17 s (places: 1).');
    assert.deepEqual(found!.packets, [8]);
    assert.deepEqual(only(diagnosed(traffic.pcap(), { clockStep: 2000 }), 'clock-steps'), []);
  });

  it('tells missing handshakes, and what was acknowledged but not captured', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    const t = new Talk(traffic, [client, server]);
    for (let i = 0; i < 8; i++) {
      traffic.at(100 + i * 50);
      t.data(0, 'question');
      t.next[0] += 8; // the next eight bytes are not captured, and acknowledged all the same
      traffic.at(120 + i * 50);
      t.say(1, ACK);
    }
    const found = diagnosed(traffic.pcap());
    assert.equal(
      textOf(only(found, 'missing-handshakes')[0]!),
      '1 of 1 connections were captured without their handshake.',
    );
    assert.equal(textOf(only(found, 'capture-drops')[0]!), '8 of 16 segments acknowledge data that was not captured.');
  });

  it('tells what the capture says that it lost', () => {
    const packet = encodeFrame({
      source: 0x0a010002,
      destination: 0x0a020009,
      sourcePort: 40_000,
      destinationPort: 80,
      seq: 1,
      ack: 0,
      flags: SYN,
      window: 4096,
    });
    // Interface statistics with isb_ifdrop (option 5) of 17.
    const statistics = block(5, bytes(LITTLE.u32(0), LITTLE.u64(0), option(5, LITTLE.u64(17)), END_OF_OPTIONS));
    const file = bytes(section(), interfaceBlock({ linkType: 101 }), enhancedPacket(packet), statistics);
    const [found] = only(diagnosed(file), 'capture-drops');
    assert.equal(found!.severity, 'warning');
    assert.equal(textOf(found!), 'The capture says of itself that it lost 17 packets.');
  });

  it('tells that one direction is missing', () => {
    const run = (acks: boolean) => {
      const traffic = new Traffic();
      const { client, server } = fresh();
      const t = new Talk(traffic, [client, server]);
      for (let i = 0; i < 6; i++) {
        traffic.at(i * 20);
        if (acks) t.next[1] += 1460;
        t.say(0, ACK);
      }
      return only(diagnosed(traffic.pcap()), 'one-sided').length;
    };
    assert.equal(run(true), 1);
    assert.equal(run(false), 0, 'an end that repeats itself may be alone');
  });

  it('tells cut packets, unfinished and wrong checksums, and segments that no wire carries', () => {
    const frame = (seq: number, from: 0 | 1, payloadBytes: number, flags: number, mss?: number) =>
      encodeFrame({
        source: from === 0 ? 0x0a010002 : 0x0a020009,
        destination: from === 0 ? 0x0a020009 : 0x0a010002,
        sourcePort: from === 0 ? 40_000 : 80,
        destinationPort: from === 0 ? 80 : 40_000,
        seq,
        ack: flags & ACK ? 1 : 0,
        flags,
        window: 65_000,
        payloadBytes,
        ...(mss === undefined ? {} : { options: { mss } }),
      });
    const time = (ms: number): bigint => 1_700_000_000_000_000_000n + BigInt(ms) * 1_000_000n;
    const wrong = frame(301, 0, 10, ACK | PSH);
    wrong[36]! ^= 0xff;
    // The sum of the pseudo-header alone: 10.1.0.2, 10.2.0.9, protocol 6, length 30.
    const partial = frame(201, 0, 10, ACK | PSH);
    const sum = 0x0a01 + 0x0002 + 0x0a02 + 0x0009 + 6 + 30;
    partial[36] = sum >> 8;
    partial[37] = sum & 0xff;
    const whole = [
      frame(0, 0, 0, SYN, 1460),
      frame(0, 1, 0, SYN | ACK, 1460),
      frame(1, 0, 0, ACK),
      frame(1, 1, 4380, ACK | PSH), // three segments of 1460 bytes in one
      partial,
      wrong,
    ];
    const records = whole.map((bytes, i) => ({ timeNs: time(i * 10), bytes }));
    const found = diagnosed(encodePcapNs(records));
    assert.deepEqual(
      only(found, 'partial-checksums').map((one) => one.packets),
      [[5]],
    );
    assert.match(textOf(only(found, 'partial-checksums')[0]!), /on their sender \(10\.1\.0\.2\)\.$/);
    assert.deepEqual(
      only(found, 'bad-checksums').map((one) => one.packets),
      [[6]],
    );
    assert.match(textOf(only(found, 'bad-checksums')[0]!), /^Wrong checksums: 1 of 6 segments, which their receivers/);
    // Five of six: a connection that throws most of its segments away does not get on.
    const altered = whole.map((bytes, i) =>
      i < 4 ? Uint8Array.from(bytes, (byte, at) => (at === 36 ? byte ^ 1 : byte)) : bytes,
    );
    const [many] = only(
      diagnosed(encodePcapNs(altered.map((bytes, i) => ({ timeNs: time(i * 10), bytes })))),
      'bad-checksums',
    );
    assert.equal(many?.severity, 'info');
    assert.match(textOf(many), /^Wrong checksums: 5 of 6 segments, more than any network damages/);
    assert.match(
      textOf(only(found, 'offload-segments')[0]!),
      /^Segments of up to 4\u202f380 bytes, more than their receivers take \(1\u202f460\): 1\./,
    );
    assert.deepEqual(
      only(found, 'offload-segments').map((one) => one.packets),
      [[4]],
    );
    const cut = records.map((one, i) =>
      i === 3 ? { ...one, bytes: one.bytes.subarray(0, 96), originalBytes: 4420 } : one,
    );
    assert.equal(
      textOf(only(diagnosed(encodePcapNs(cut)), 'cut-packets')[0]!),
      '1 of 6 packets were cut: 96 bytes of them were kept at most.',
    );
  });

  it('tells many retransmissions, a closed window and large segments that do not get through', () => {
    const traffic = new Traffic();
    const { client, server } = fresh();
    const t = new Talk(traffic, [client, server]).open(0);
    for (let i = 0; i < 25; i++) {
      const seq = t.next[0];
      traffic.at(100 + i * 1000);
      t.data(0, 'question');
      traffic.at(600 + i * 1000);
      t.data(0, 'question', { seq });
      traffic.at(620 + i * 1000);
      t.say(1, ACK);
    }
    const [storm] = only(diagnosed(traffic.pcap()), 'retransmission-storm');
    const copied = new Traffic();
    const twice = fresh();
    const d = new Talk(copied, [twice.client, twice.server]).open(0);
    for (let i = 0; i < 25; i++) {
      copied.at(100 + i * 1000);
      d.data(0, 'question');
      copied.at(101 + i * 1000).again();
      copied.at(120 + i * 1000);
      d.say(1, ACK);
    }
    assert.deepEqual(only(diagnosed(copied.pcap()), 'retransmission-storm'), [], 'copies are none');
    assert.match(textOf(storm!), /^In connection 0, 25 of 50 data segments of the client are retransmissions\.$/);

    const closed = new Traffic();
    const ends = fresh();
    const c = new Talk(closed, [ends.client, ends.server]).open(0);
    closed.at(100);
    c.data(0, 'x'.repeat(1000));
    closed.at(110);
    c.say(1, ACK, { window: 0 });
    closed.at(410);
    c.say(1, ACK, { window: 4096 });
    const [window] = only(diagnosed(closed.pcap()), 'zero-window-receiver');
    assert.match(textOf(window!), /closed for 300 ms in all \(times: 1\)/);

    const hole = new Traffic();
    const h = fresh();
    const b = new Talk(hole, [h.client, h.server]).open(0);
    hole.at(100);
    b.data(0, 'small');
    hole.at(120);
    b.say(1, ACK);
    const seq = b.next[0];
    for (const ms of [200, 500, 1100, 2300, 4700]) {
      hole.at(ms);
      b.data(0, 'L'.repeat(1400), ms === 200 ? {} : { seq });
    }
    const [black] = only(diagnosed(hole.pcap()), 'mtu-black-hole');
    assert.match(textOf(black!), /Segments of 1\u202f400 bytes do not get through/);
  });
});

describe('the parts', () => {
  it('know every kind once, and each has a title, a clause and what else looks like it', () => {
    const kinds = DETECTORS.flatMap((detector) => detector.kinds.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), [...DIAGNOSIS_KINDS].sort());
    assert.equal(new Set(kinds).size, kinds.length);
    for (const { title, cites, caution } of DETECTORS.flatMap((detector) => detector.kinds)) {
      assert.ok(render(title).length > 3 && render(caution).length > 20);
      assert.match(cites, /^(RFC \d+|draft-)/);
    }
  });

  it('keep thresholds within their bounds', () => {
    const all = thresholdsOf({ portScanPorts: 1e9, clockStep: -5, idleCut: 30 });
    assert.equal(all.portScanPorts, THRESHOLDS.portScanPorts.maximum);
    assert.equal(all.clockStep, THRESHOLDS.clockStep.minimum);
    assert.equal(all.idleCut, 30);
    assert.equal(all.isnSamples, THRESHOLDS.isnSamples.default);
  });

  it('count hops from the likeliest initial time to live', () => {
    assert.deepEqual([0, 1, 32, 33, 64, 57, 128, 113, 255, 250].map(hopsOf), [-1, 31, 0, 31, 0, 7, 0, 15, 0, 5]);
  });

  it('find rows by three integers, also when they have grown', () => {
    const table = new KeyTable(1);
    for (let i = 0; i < 5000; i++) {
      const row = table.add(i, -i, i % 7);
      table.columns[0]![row]! += i;
    }
    for (let i = 0; i < 5000; i++) assert.equal(table.columns[0]![table.find(i, -i, i % 7)], i);
    assert.equal(table.find(1, 1, 1), -1);
    const small = new KeyTable(0, 2);
    assert.deepEqual([small.add(1, 1, 1), small.add(2, 2, 2), small.add(3, 3, 3), small.add(1, 1, 1)], [0, 1, -1, 0]);
  });

  it('never count less than there was, and estimate how many there are', () => {
    const rough = new RoughCounts();
    const distinct = new DistinctKeys();
    for (let i = 0; i < 100_000; i++) {
      rough.add(4, i % 100, 1);
      distinct.add(4, i % 50_000);
    }
    for (let i = 0; i < 100; i++) assert.ok(rough.mayReach(255, 4, i, 1));
    assert.ok(Math.abs(distinct.count - 50_000) < 500, String(distinct.count));
  });

  it('bear damaged captures', function () {
    this.timeout(60_000);
    for (const name of ['hijack-injection.pcap', 'syn-flood-cookies.pcap', 'scan-fin.pcap', 'start-here.pcapng']) {
      const whole = readFileSync(sampleFile(name));
      for (let seed = 1; seed <= 40; seed++) {
        const pick = random(seed);
        for (const { text, packets, packetsTotal } of diagnosed(mutate(whole, pick))) {
          assert.doesNotMatch(render(text), /undefined|NaN|\{\d/, `${name}, seed ${seed}`);
          assert.ok(packetsTotal >= packets.length && packets.every((packet) => packet >= 1), `${name}, seed ${seed}`);
        }
      }
    }
  });

  it('give nothing, and no error, for a capture without packets', () => {
    assert.deepEqual(diagnosed(encodePcapNs([])), []);
  });
});
