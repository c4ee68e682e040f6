import { END, ETHERTYPE, GRE_PROTOCOL, NEXT_NSH } from '../next';
import { message } from '../../model/message';
import { hexOf } from '../header-view';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';
import { GENERIC_NEXT, GENERIC_NEXT_NAMES } from './vxlan';

const FIXED_METADATA = 1;
const FIXED_LENGTH = 24;

/** Network service header (RFC 8300 §2). */
export const nsh: Protocol = {
  id: 'nsh',
  place: 'tunnel',
  name: 'Network Service Header',
  claims: [NEXT_NSH, ETHERTYPE + 0x894f, GRE_PROTOCOL + 0x894f],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(8)) return END;
    const length = (bytes[at + 1]! & 0x3f) * 4;
    if (length < 8 || !cursor.has(length)) return END;
    if ((bytes[at + 2]! & 0x0f) === FIXED_METADATA && length !== FIXED_LENGTH) return END;
    cursor.skip(length);
    return GENERIC_NEXT[bytes[at + 3]!] ?? END;
  },
  describe(view) {
    const length = (view.u8(1) & 0x3f) * 4;
    view.bits('nsh.version', 'Version', 0, 2);
    view.bits('nsh.oam', 'OAM', 2, 1);
    view.bits('nsh.ttl', 'Time to Live', 4, 6);
    view.bits('nsh.length', 'Length', 10, 6, String, { meaning: message('{0} bytes', length) });
    view.bits('nsh.mdtype', 'Metadata Type', 20, 4);
    view.uint('nsh.next_proto', 'Next Protocol', 3, 1, { meaning: nameOf(GENERIC_NEXT_NAMES, view.u8(3)) });
    view.bits('nsh.spi', 'Service Path Identifier', 32, 24, hexOf(6));
    view.uint('nsh.si', 'Service Index', 7, 1);
    if (length > 8) view.raw('nsh.metadata', 'Metadata', 8, length - 8);
    return `path ${view.u32(4) >>> 8}, index ${view.u8(7)}`;
  },
};
