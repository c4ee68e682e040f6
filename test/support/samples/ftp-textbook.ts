import { ACK, FIN, SYN } from '../../../src/core/model/flags';
import { Conversation, type Frame, type Side, type Speaker } from './packets';
import { seededRandom } from './random';

/**
 * The FTP session by which textbooks explain connection set-up and release: X = 2452765130 and Y = 1996069412 are the
 * initial sequence numbers, and the server, having said goodbye, closes first. Seen at the client.
 *
 * The replies are those of vsftpd. Their 94 bytes and the client's 26 bytes put the FINs at Y + 95 and X + 27.
 */
export function ftpTextbook(): Frame[] {
  const client: Speaker = {
    address: '10.1.0.2',
    port: 51234,
    mac: '02:00:0a:01:00:02',
    ttl: 64,
    isn: 2452765130,
    firstIpId: 0x3c1f,
    timestampAtStart: 304_118_207,
    distanceMs: 0,
    mss: 1460,
    windowScale: 7,
    synWindow: 64240,
    window: 502,
  };
  const server: Speaker = {
    address: '10.2.0.9',
    port: 21,
    mac: '02:00:0a:01:00:01', // the gateway's: the server is on another network, two hops away
    ttl: 62,
    isn: 1996069412,
    firstIpId: 0xa6d2,
    timestampAtStart: 1_871_540_336,
    distanceMs: 9.8,
    mss: 1460,
    windowScale: 7,
    synWindow: 65160,
    window: 509,
  };

  const talk = new Conversation(Date.UTC(2024, 2, 5, 9, 30) * 1000, { client, server });
  const random = seededRandom(21);
  /** About this many milliseconds; never exactly, as on a real network. */
  const about = (ms: number): number => ms * (0.95 + 0.1 * random());
  const roundTripMs = 21;
  const answer = (from: Side, flags: number, text: string, thinkMs = 0): void =>
    talk.say({ from, afterMs: about((from === 'server' ? roundTripMs : 0.04) + thinkMs), flags, text });

  answer('client', SYN, '');
  answer('server', SYN | ACK, '');
  answer('client', ACK, '');

  answer('server', ACK, '220 FTP server ready.\r\n', 12);
  answer('client', ACK, '');
  answer('client', ACK, 'USER ftp\r\n', 2300);
  answer('server', ACK, '');
  answer('server', ACK, '331 Please specify the password.\r\n', -roundTripMs + 0.4);
  answer('client', ACK, '');
  answer('client', ACK, 'PASS me@\r\n', 3100);
  answer('server', ACK, '');
  answer('server', ACK, '230 Login successful.\r\n', -roundTripMs + 38);
  answer('client', ACK, '');
  answer('client', ACK, 'QUIT\r\n', 5200);
  answer('server', ACK, '221 Goodbye.\r\n', 0.3);
  answer('client', ACK, '');

  answer('server', FIN | ACK, '', -roundTripMs + 0.9);
  answer('client', ACK, '');
  answer('client', FIN | ACK, '', 1.2);
  answer('server', ACK, '');
  return talk.frames;
}
