import { u16be } from '../../bytes/endian';
import { IPV6 } from '../../model/facts';
import { END, IP_PROTOCOL, UDP_PORT } from '../next';
import { portMeaning } from '../numbers';
import type { Protocol } from '../protocol';

const HEADER_BYTES = 8;

/**
 * Ports of widespread protocols that carry nothing to be followed. A datagram from one of them to what happens to be a
 * tunnel's port is theirs, where their number is the lower one.
 */
const OTHERS = new Set([
  53, 67, 68, 69, 88, 111, 123, 137, 138, 161, 162, 177, 319, 320, 389, 427, 434, 464, 500, 514, 520, 521, 546, 547,
  623, 1194, 1645, 1646, 1719, 1812, 1813, 1900, 1985, 2055, 2123, 3478, 4500, 5060, 5353, 5355,
]);

/**
 * User Datagram Protocol (RFC 768), for the tunnels in it. They are known by their port alone; of two that are known the
 * lower one counts, as in Wireshark.
 */
export const udp: Protocol = {
  id: 'udp',
  place: 'transport',
  name: 'User Datagram Protocol',
  claims: [IP_PROTOCOL + 17, IP_PROTOCOL + 136],
  step(cursor) {
    if (!cursor.has(HEADER_BYTES)) return END;
    const { bytes, at } = cursor;
    const source = u16be(bytes, at);
    const destination = u16be(bytes, at + 2);
    const low = source < destination ? source : destination;
    const high = source < destination ? destination : source;
    const knowsLow = cursor.knows(UDP_PORT + low);
    if (!knowsLow && (!cursor.knows(UDP_PORT + high) || OTHERS.has(low))) {
      cursor.skip(HEADER_BYTES);
      return END;
    }
    const length = u16be(bytes, at + 4);
    // Only jumbograms may leave the length to IPv6 (RFC 2675 §4).
    if (length !== 0 || cursor.family !== IPV6) {
      if (length < HEADER_BYTES) return END;
      cursor.narrow(length);
    }
    cursor.skip(HEADER_BYTES);
    return UDP_PORT + (knowsLow ? low : high);
  },
  describe(view) {
    view.uint('udp.srcport', 'Source Port', 0, 2, { meaning: portMeaning(view.u16(0)) });
    view.uint('udp.dstport', 'Destination Port', 2, 2, { meaning: portMeaning(view.u16(2)) });
    view.uint('udp.length', 'Length', 4, 2, {
      verdict: view.u16(4) !== 0 && view.u16(4) < HEADER_BYTES ? 'bad' : undefined,
    });
    view.hex('udp.checksum', 'Checksum', 6, 2);
    return `${view.u16(0)} → ${view.u16(2)}`;
  },
};
