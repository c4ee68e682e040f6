import { u16be } from '../../bytes/endian';
import { IPV4 } from '../../model/facts';
import type { Cursor } from '../cursor';
import { hexOf, hexText, setOrNot } from '../header-view';
import { END, NEXT_ETHERNET, NEXT_WLAN, UDP_PORT } from '../next';
import type { Protocol } from '../protocol';
import { FRAME_CONTROL_SWAPPED } from '../link/wlan';

/** First byte: version 0 and preamble type 0, a header in the clear (RFC 5415 §4.1). */
const CLEAR = 0x00;
const NATIVE = 0x01;
const FRAGMENT = 0x80;
const LAST_FRAGMENT = 0x40;
const BINDING_IEEE80211 = 1;

/** Control and Provisioning of Wireless Access Points, data channel (RFC 5415 §4.3). */
export const capwap: Protocol = {
  id: 'capwap.data',
  place: 'tunnel',
  name: 'CAPWAP Data',
  claims: [UDP_PORT + 5247],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(8) || bytes[at] !== CLEAR) return END;
    const length = (bytes[at + 1]! >>> 3) * 4;
    const binding = (u16be(bytes, at + 2) >>> 9) & 0x1f;
    if (length < 8 || !cursor.has(length)) return END;
    const isNative = (bytes[at + 2]! & NATIVE) !== 0;
    const isFragment = (bytes[at + 3]! & FRAGMENT) !== 0;
    cursor.skip(length);
    if (isFragment && !reassemble(cursor, at)) return END;
    if (!isNative) return NEXT_ETHERNET;
    if (binding !== BINDING_IEEE80211) return END;
    cursor.extra = FRAME_CONTROL_SWAPPED;
    return NEXT_WLAN;
  },
  describe(view) {
    view.hex('capwap.preamble', 'Preamble', 0, 1);
    view.bits('capwap.header.hlen', 'Header Length', 8, 5, String);
    view.bits('capwap.header.rid', 'Radio ID', 13, 5);
    view.bits('capwap.header.wbid', 'Wireless Binding ID', 18, 5);
    view.bits('capwap.header.flags', 'Flags', 23, 9, hexOf(3), {
      children: view.children(() => {
        view.bits('capwap.header.flags.t', 'Native Frame', 23, 1, setOrNot);
        view.bits('capwap.header.flags.f', 'Fragment', 24, 1, setOrNot);
        view.bits('capwap.header.flags.l', 'Last Fragment', 25, 1, setOrNot);
        view.bits('capwap.header.flags.w', 'Wireless Information', 26, 1, setOrNot);
        view.bits('capwap.header.flags.m', 'Radio MAC Address', 27, 1, setOrNot);
        view.bits('capwap.header.flags.k', 'Keep-Alive', 28, 1, setOrNot);
      }),
    });
    view.uint('capwap.header.fragment.id', 'Fragment ID', 4, 2);
    view.bits('capwap.header.fragment.offset', 'Fragment Offset', 48, 13);
    if (view.headerBytes > 8) view.raw('capwap.header.options', 'Optional Headers', 8, view.headerBytes - 8);
    return `radio ${(view.u16(1) >>> 6) & 0x1f}`;
  },
};

/** Adds a fragment; true where that made the frame whole, which the cursor is then at. */
function reassemble(cursor: Cursor, at: number): boolean {
  const { bytes, addressBytes, sourceAt, destinationAt } = cursor;
  const addressLength = cursor.family === IPV4 ? 4 : 16;
  const source = hexText(addressBytes, sourceAt, sourceAt + addressLength);
  const destination = hexText(addressBytes, destinationAt, destinationAt + addressLength);
  if (cursor.end < cursor.limit) return false;
  const whole = cursor.reassembler.add(
    `c ${source} ${destination} ${u16be(bytes, at + 4)}`,
    cursor.frame,
    cursor.seconds,
    bytes,
    cursor.at,
    cursor.end,
    u16be(bytes, at + 6) & 0xfff8,
    (bytes[at + 3]! & LAST_FRAGMENT) === 0,
  );
  if (!whole) return false;
  cursor.enter(whole, 0, whole.length);
  return true;
}
