import { END, GRE_PROTOCOL, NEXT_ETHERNET } from '../next';
import { message } from '../../model/message';
import type { Protocol } from '../protocol';

const TYPE_II_BYTES = 8;
const TYPE_III_BYTES = 12;
const SUBHEADER_BYTES = 8;
const HAS_SUBHEADER = 1;

/** Encapsulated Remote Switched Port Analyzer, types II and III (draft-foschiano-erspan). */
export const erspan: Protocol = {
  id: 'erspan',
  place: 'tunnel',
  name: 'Encapsulated Remote Switch Packet Analysis',
  claims: [GRE_PROTOCOL + 0x88be, GRE_PROTOCOL + 0x22eb],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(TYPE_II_BYTES)) return END;
    const version = bytes[at]! >>> 4;
    if (version === 1) {
      cursor.skip(TYPE_II_BYTES);
      return NEXT_ETHERNET;
    }
    if (version !== 2 || !cursor.has(TYPE_III_BYTES)) return END;
    const length = TYPE_III_BYTES + (bytes[at + 11]! & HAS_SUBHEADER ? SUBHEADER_BYTES : 0);
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return NEXT_ETHERNET;
  },
  describe(view) {
    const version = view.u8(0) >>> 4;
    view.bits('erspan.version', 'Version', 0, 4, String, {
      meaning: version === 1 ? message('Type II') : version === 2 ? message('Type III') : undefined,
    });
    view.bits('erspan.vlan', 'VLAN', 4, 12);
    view.bits('erspan.cos', 'Class of Service', 16, 3);
    view.bits('erspan.encap', 'Encapsulation', 19, 2);
    view.bits('erspan.truncated', 'Truncated', 21, 1);
    view.bits('erspan.spanid', 'Session ID', 22, 10);
    if (version === 1) {
      view.bits('erspan.unknown2', 'Reserved', 32, 12);
      view.bits('erspan.index', 'Index', 44, 20);
    } else {
      view.uint('erspan.timestamp', 'Timestamp', 4, 4);
      view.hex('erspan.sgt', 'Security Group Tag', 8, 2);
      view.bits('erspan.p', 'Protocol Frame', 80, 1);
      view.bits('erspan.ft', 'Frame Type', 81, 5);
      view.bits('erspan.hw', 'Hardware ID', 86, 6);
      view.bits('erspan.d', 'Direction', 92, 1);
      view.bits('erspan.gra', 'Timestamp Granularity', 93, 2);
      view.bits('erspan.o', 'Subheader Present', 95, 1);
      if (view.u8(11) & HAS_SUBHEADER) view.raw('erspan.subheader', 'Platform Subheader', 12, SUBHEADER_BYTES);
    }
    return `session ${view.u16(2) & 0x3ff}`;
  },
};
