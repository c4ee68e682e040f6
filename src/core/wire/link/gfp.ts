import { u16be } from '../../bytes/endian';
import { END, linkType, NEXT_ETHERNET, NEXT_IP, NEXT_IPV6, NEXT_MPLS, NEXT_PPP_HDLC } from '../next';
import { nameOf } from '../numbers';
import type { Protocol } from '../protocol';

/** Shorter payload areas are control frames: idle, and reserved ones (ITU-T G.7041 §6.2). */
const MIN_PAYLOAD_BYTES = 4;
const CORE_BYTES = 4;
const TYPE_BYTES = 4;
const LINEAR = 1;
const LINEAR_BYTES = 4;
const HAS_CHECK_SEQUENCE = 0x10;
const FCS_BYTES = 4;

const USER_DATA = 0;
const MANAGEMENT_COMMUNICATIONS = 5;
const PAYLOAD_TYPES: Readonly<Record<number, string>> = {
  [USER_DATA]: 'user data',
  4: 'client management',
  [MANAGEMENT_COMMUNICATIONS]: 'management communications',
};

const ETHERNET = 1;
const FOLLOWERS: Readonly<Record<number, number>> = {
  [ETHERNET]: NEXT_ETHERNET,
  2: NEXT_PPP_HDLC,
  12: NEXT_MPLS,
  13: NEXT_MPLS,
  16: NEXT_IP,
  17: NEXT_IPV6,
};

const USERS: Readonly<Record<number, string>> = {
  [ETHERNET]: 'Ethernet',
  2: 'PPP',
  12: 'MPLS',
  13: 'MPLS',
  16: 'IPv4',
  17: 'IPv6',
};

/** Generic Framing Procedure (ITU-T G.7041), frame-mapped payload; what is mapped transparently has no frames in it. */
export const genericFraming: Protocol = {
  id: 'gfp',
  place: 'link',
  name: 'Generic Framing Procedure',
  claims: [linkType(170), linkType(171)],
  step(cursor) {
    if (!cursor.has(CORE_BYTES)) return END;
    const { bytes, at } = cursor;
    const payloadBytes = u16be(bytes, at);
    cursor.skip(CORE_BYTES);
    if (payloadBytes < MIN_PAYLOAD_BYTES || !cursor.has(TYPE_BYTES)) return END;
    cursor.narrow(payloadBytes);
    const type = bytes[cursor.at]!;
    const user = bytes[cursor.at + 1]!;
    const length = TYPE_BYTES + ((type & 0x0f) === LINEAR ? LINEAR_BYTES : 0);
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    if (type & HAS_CHECK_SEQUENCE) cursor.trim(FCS_BYTES);
    const payloadType = type >>> 5;
    if (payloadType !== USER_DATA && payloadType !== MANAGEMENT_COMMUNICATIONS) return END;
    // An Ethernet frame brings its own check sequence (§7.1.1).
    if (user === ETHERNET) cursor.trim(FCS_BYTES);
    return FOLLOWERS[user] ?? END;
  },
  describe(view) {
    view.uint('gfp.pli', 'Payload Length', 0, 2);
    view.hex('gfp.chec', 'Header Error Check', 2, 2);
    if (view.headerBytes <= CORE_BYTES) return 'control';
    const type = view.u8(4);
    const meaning = nameOf(USERS, view.u8(5));
    view.bits('gfp.pti', 'Payload Type', 32, 3, String, { meaning: nameOf(PAYLOAD_TYPES, type >>> 5) });
    view.bits('gfp.pfi', 'Check Sequence Present', 35, 1);
    view.bits('gfp.exi', 'Extension Header', 36, 4);
    view.uint('gfp.upi', 'User Payload', 5, 1, { meaning });
    view.hex('gfp.thec', 'Header Error Check', 6, 2);
    if (view.headerBytes > CORE_BYTES + TYPE_BYTES) {
      view.uint('gfp.cid', 'Channel', 8, 1);
      view.hex('gfp.spare', 'Reserved', 9, 1);
      view.hex('gfp.ehec', 'Header Error Check', 10, 2);
    }
    return meaning?.text ?? `payload ${view.u8(5)}`;
  },
};
