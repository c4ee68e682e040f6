import { ACK, PSH, RST, SYN } from '../../../src/core/model/flags';
import type { Frame } from './packets';
import { seededRandom } from './random';
import { type Station, Story } from './station';

const TELNET = 23;
const CLIENT_PORT = 51777;
const STORM_ROUNDS = 12;

/**
 * A Telnet session that somebody on the path takes over, seen at the server: a command is injected with the client's
 * next sequence number; the client, acknowledged for bytes that it never sent, protests, the server protests back, and
 * the two go on for ever (an ACK storm), until a forged reset ends it. In the midst of it the client types a command of its
 * own for the very numbers that the injected one had taken.
 */
export function hijackInjection(): Frame[] {
  const client: Station = { address: '10.1.0.2', mac: '02:00:0a:02:00:01', ttl: 62, ipId: 0x3a10 };
  const server: Station = { address: '10.2.0.9', mac: '02:00:0a:02:00:09', ttl: 64, ipId: 0x9b52 };
  const attacker: Station = { address: '10.1.0.66', mac: '02:00:0a:02:00:01', ttl: 59, ipId: 0x0042 };

  const story = new Story(Date.UTC(2024, 2, 5, 11, 5) * 1000);
  const random = seededRandom(66);
  const around = (ms: number): number => ms * (0.95 + 0.1 * random());
  const roundTripMs = 18;

  const toServer = { sourcePort: CLIENT_PORT, destinationPort: TELNET, window: 64240 };
  const toClient = { sourcePort: TELNET, destinationPort: CLIENT_PORT, window: 65160 };
  /** What each end believes to have sent and received; the attack drives them apart. */
  const clientBelieves = { sndNxt: 3_117_405_210, rcvNxt: 0 };
  const serverBelieves = { sndNxt: 904_221_873, rcvNxt: 0 };

  const clientSays = (flags: number, text = '', seq = clientBelieves.sndNxt): void => {
    const ack = flags & ACK ? clientBelieves.rcvNxt : 0;
    const options = flags & SYN ? { mss: 1460 } : {};
    story.send(client, server, { ...toServer, seq, ack, flags: text ? flags | PSH : flags, text, options });
  };
  const serverSays = (flags: number, text = ''): void => {
    const { sndNxt: seq, rcvNxt: ack } = serverBelieves;
    const options = flags & SYN ? { mss: 1460 } : {};
    story.send(server, client, { ...toClient, seq, ack, flags: text ? flags | PSH : flags, text, options });
    serverBelieves.sndNxt += text.length + (flags & SYN ? 1 : 0);
  };

  clientSays(SYN);
  clientBelieves.sndNxt += 1;
  serverBelieves.rcvNxt = clientBelieves.sndNxt;
  story.wait(0.05);
  serverSays(SYN | ACK);
  clientBelieves.rcvNxt = serverBelieves.sndNxt;
  story.wait(around(roundTripMs));
  clientSays(ACK);

  /** The client types, the server answers, and both agree about it. */
  const converse = (typed: string, answer: string): void => {
    clientSays(ACK, typed);
    clientBelieves.sndNxt += typed.length;
    serverBelieves.rcvNxt = clientBelieves.sndNxt;
    story.wait(around(0.8));
    serverSays(ACK, answer);
    clientBelieves.rcvNxt = serverBelieves.sndNxt;
    story.wait(around(roundTripMs));
    clientSays(ACK);
  };
  story.wait(around(20));
  serverSays(ACK, 'login: ');
  clientBelieves.rcvNxt = serverBelieves.sndNxt;
  story.wait(around(roundTripMs));
  clientSays(ACK);
  story.wait(around(1800));
  converse('alice\r\n', 'Password: ');
  story.wait(around(2100));
  converse('correct horse\r\n', '\r\nLast login: Mon Mar  4 08:12:51\r\n$ ');
  story.wait(around(3000));
  converse('pwd\r\n', '/home/alice\r\n$ ');

  // The injected command: right numbers, right addresses, another hop count and another counter of packets.
  story.wait(around(2500));
  const injected = 'echo + + >>~/.rhosts\r\n';
  const { sndNxt: contested, rcvNxt: ack } = clientBelieves;
  story.send(attacker, server, { ...toServer, seq: contested, ack, flags: ACK | PSH, text: injected }, client);
  serverBelieves.rcvNxt = contested + injected.length;
  story.wait(around(0.6));
  serverSays(ACK, '$ ');

  // Each ACK is unacceptable to its receiver, who answers with another (RFC 9293 §3.10.7.4).
  const storm = (rounds: number): void => {
    for (let i = 0; i < rounds; i++) {
      story.wait(around(roundTripMs));
      clientSays(ACK);
      story.wait(0.04);
      serverSays(ACK);
    }
  };
  storm(STORM_ROUNDS);
  story.wait(around(4));
  clientSays(ACK, 'ls\r\n');
  story.wait(0.05);
  serverSays(ACK);
  clientBelieves.sndNxt += 'ls\r\n'.length;
  storm(STORM_ROUNDS);
  story.wait(around(8));
  clientSays(ACK, 'ls\r\n', contested); // the timer of RFC 6298: the server has these numbers already
  story.wait(0.05);
  serverSays(ACK);
  storm(2);

  // The attacker is done: one forged reset, and the server itself will tell the client.
  story.wait(around(5));
  const forgedReset = { ...toServer, seq: serverBelieves.rcvNxt, flags: RST, window: 0 };
  story.send(attacker, server, forgedReset, client);
  story.wait(around(4));
  clientSays(ACK);
  story.wait(0.04);
  story.send(server, client, { ...toClient, seq: clientBelieves.rcvNxt, flags: RST, window: 0 });
  return story.frames;
}
