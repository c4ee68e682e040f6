import { u32be, u32le } from '../../bytes/endian';
import { ascii } from '../header-view';
import { END, linkType, NEXT_IP, NEXT_IPV6 } from '../next';
import type { Protocol } from '../protocol';

/** What an address family of a BSD system says that follows. */
function byFamily(family: number): number {
  if (family === 2) return NEXT_IP;
  return family === 24 || family === 28 || family === 30 ? NEXT_IPV6 : END;
}

/** OpenBSD packet filter log: its first byte tells its length, which is padded to a word. */
export const pfLog: Protocol = {
  id: 'pflog',
  place: 'capture',
  name: 'OpenBSD Packet Filter Log',
  claims: [linkType(117)],
  step(cursor) {
    if (!cursor.has(2)) return END;
    const { bytes, at } = cursor;
    const length = (bytes[at]! + 3) & ~3;
    if (length < 4 || !cursor.has(length)) return END;
    cursor.skip(length);
    return byFamily(bytes[at + 1]!);
  },
  describe(view) {
    const length = view.u8(0);
    view.uint('pflog.length', 'Header Length', 0, 1);
    view.uint('pflog.af', 'Address Family', 1, 1);
    view.uint('pflog.action', 'Action', 2, 1);
    view.uint('pflog.reason', 'Reason', 3, 1);
    view.put('pflog.ifname', 'Interface', 32, 128, ascii(view.bytes, view.start + 4, view.start + 20));
    if (length > 20) view.raw('pflog.rule', 'Ruleset and Rule', 20, Math.max(0, ((length + 3) & ~3) - 20));
    return ascii(view.bytes, view.start + 4, view.start + 20);
  },
};

/** OpenBSD IPsec interface: address family in the byte order of the host, SPI, flags. */
export const openBsdEncapsulation: Protocol = {
  id: 'enc',
  place: 'capture',
  name: 'OpenBSD Encapsulating Device',
  claims: [linkType(109), linkType(13)],
  step(cursor) {
    if (!cursor.has(12)) return END;
    const { bytes, at } = cursor;
    cursor.skip(12);
    const family = u32be(bytes, at);
    return byFamily(family > 0xffff ? u32le(bytes, at) : family);
  },
  describe(view) {
    view.hex('enc.af', 'Address Family', 0, 4);
    view.hex('enc.spi', 'Security Parameters Index', 4, 4);
    view.hex('enc.flags', 'Flags', 8, 4);
    return `SPI ${view.u32(4)}`;
  },
};

const SOLARIS_AF_INET6 = 26;

/** Solaris IP network devices ("ipnet", as in zones). */
export const ipnet: Protocol = {
  id: 'ipnet',
  place: 'capture',
  name: 'Solaris IPNET',
  claims: [linkType(226)],
  step(cursor) {
    if (!cursor.has(24)) return END;
    const { bytes, at } = cursor;
    const family = bytes[at + 1]!;
    // The packet is the last bytes of the frame, as many as the header says.
    const length = cursor.limit - at - u32be(bytes, at + 4);
    if (length < 8 || !cursor.has(length)) return END;
    cursor.skip(length);
    return family === 2 ? NEXT_IP : family === SOLARIS_AF_INET6 ? NEXT_IPV6 : END;
  },
  describe(view) {
    view.uint('ipnet.version', 'Version', 0, 1);
    view.uint('ipnet.family', 'Address Family', 1, 1);
    view.uint('ipnet.htype', 'Hook Type', 2, 2);
    view.uint('ipnet.pktlen', 'Data Length', 4, 4);
    view.uint('ipnet.ifindex', 'Interface Index', 8, 4);
    view.uint('ipnet.grifindex', 'Group Interface Index', 12, 4);
    view.uint('ipnet.zsrc', 'Source Zone', 16, 4);
    view.uint('ipnet.zdst', 'Destination Zone', 20, 4);
    if (view.headerBytes > 24) view.raw('ipnet.more', 'Further fields', 24, view.headerBytes - 24);
    return `interface ${view.u32(8)}`;
  },
};
