import { u16be } from '../../bytes/endian';
import { setOrNot } from '../header-view';
import { END, NEXT_PPP_HDLC, UDP_PORT } from '../next';
import type { Protocol } from '../protocol';

const CONTROL = 0x8000;
const LENGTH = 0x4000;
const SEQUENCE = 0x0800;
const OFFSET = 0x0200;

/** Layer Two Tunneling Protocol, version 2: PPP in UDP (RFC 2661 §3.1). */
export const l2tp: Protocol = {
  id: 'l2tp',
  place: 'tunnel',
  name: 'Layer 2 Tunneling Protocol',
  claims: [UDP_PORT + 1701],
  step(cursor) {
    if (!cursor.has(2)) return END;
    const { bytes, at } = cursor;
    const flags = u16be(bytes, at);
    if ((flags & 0x0f) !== 2 || flags & CONTROL) return END;
    let length = 6 + (flags & LENGTH ? 2 : 0) + (flags & SEQUENCE ? 4 : 0);
    if (flags & OFFSET) {
      if (!cursor.has(length + 2)) return END;
      length += 2 + u16be(bytes, at + length);
    }
    if (!cursor.has(length)) return END;
    if (flags & LENGTH) {
      const total = u16be(bytes, at + 2);
      if (total < length) return END;
      cursor.narrow(total);
    }
    cursor.skip(length);
    return NEXT_PPP_HDLC;
  },
  describe(view) {
    const flags = view.u16(0);
    view.bits('l2tp.type', 'Control Message', 0, 1, setOrNot);
    view.bits('l2tp.length_bit', 'Length Present', 1, 1, setOrNot);
    view.bits('l2tp.seq_bit', 'Sequence Numbers Present', 4, 1, setOrNot);
    view.bits('l2tp.offset_bit', 'Offset Present', 6, 1, setOrNot);
    view.bits('l2tp.priority', 'Priority', 7, 1, setOrNot);
    view.bits('l2tp.version', 'Version', 12, 4);
    let at = 2;
    if (flags & LENGTH) {
      view.uint('l2tp.length', 'Length', at, 2);
      at += 2;
    }
    const ids = at;
    view.uint('l2tp.tunnel', 'Tunnel ID', at, 2);
    view.uint('l2tp.session', 'Session ID', at + 2, 2);
    at += 4;
    if (flags & SEQUENCE) {
      view.uint('l2tp.Ns', 'Ns', at, 2);
      view.uint('l2tp.Nr', 'Nr', at + 2, 2);
      at += 4;
    }
    if (flags & OFFSET) view.uint('l2tp.offset', 'Offset Size', at, 2);
    return `tunnel ${view.u16(ids)}, session ${view.u16(ids + 2)}`;
  },
};
