import { count } from '../format/number';
import { duration } from '../format/time';
import { message, type Message } from '../model/message';
import { type Detector, finding, type KindOf, Sample } from './finding';

const VANTAGE: KindOf = {
  kind: 'vantage-point',
  title: message('Where the capture was probably taken'),
  cites: 'RFC 9293 §3.5',
  caution: message('A proxy that answers for a server, or a host that is slow to answer a SYN, misleads this.'),
};

const MAX_HANDSHAKES = 10_000;
/** Of the whole round trip, so much at most is on the near side. */
const NEAR = 0.1;
/** In a network this fast, both sides are near. */
const LEAST_NS = 200e3;

/**
 * Where the capture was taken: from the SYN to the SYN-ACK is the way to the server and back, from there to the ACK the
 * way to the client and back. Of many handshakes the medians count.
 */
export const vantagePoint: Detector = {
  group: 'quality',
  kinds: [VANTAGE],
  watch(context) {
    const toServer: number[] = [];
    const toClient: number[] = [];
    const packets = new Sample();
    return {
      connection(walk) {
        if (walk.completed < 0 || walk.syns !== 1 || walk.synAcks !== 1 || toServer.length >= MAX_HANDSHAKES) return;
        const synAckNs = walk.timeOf(walk.synAck);
        const there = synAckNs - walk.timeOf(walk.syn);
        const back = walk.timeOf(walk.completed) - synAckNs;
        if (there < 0 || back < 0 || there + back === 0) return;
        toServer.push(there);
        toClient.push(back);
        for (const segment of [walk.syn, walk.synAck, walk.completed]) packets.add(context.packet(segment));
      },
      *conclude() {
        if (toServer.length === 0) return;
        const server = median(toServer);
        const client = median(toClient);
        yield finding('quality', VANTAGE, {
          severity: 'info',
          text: message('{0} (handshakes: {1}).', place(client, server), count(toServer.length)),
          details: [
            message(
              'To the server and back it takes {0}, to the client and back {1} (medians).',
              duration(server),
              duration(client),
            ),
          ],
          packets: packets.kept,
          packetsTotal: packets.total,
        });
      },
    };
  },
};

function place(client: number, server: number): Message {
  const whole = client + server;
  if (whole < LEAST_NS) return message('Both ends are so near that the handshakes do not tell');
  if (client < NEAR * whole) return message('At the clients, or near them');
  if (server < NEAR * whole) return message('At the servers, or near them');
  return message('Somewhere between clients and servers');
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
