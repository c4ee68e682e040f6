import { hexOf } from '../header-view';
import { END, IP_PROTOCOL, UDP_PORT } from '../next';
import { ipProtocolMeaning } from '../numbers';
import type { Protocol } from '../protocol';

const FORWARD = 1;

/** Anything In Anything (draft-massar-v6ops-ayiya §3): identity and signature before a packet that it names. */
export const ayiya: Protocol = {
  id: 'ayiya',
  place: 'tunnel',
  name: 'Anything in Anything Protocol',
  claims: [UDP_PORT + 5072],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const length = 8 + 2 ** (bytes[at]! >>> 4) + (bytes[at + 1]! >>> 4) * 4;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return (bytes[at + 2]! & 0x0f) === FORWARD ? IP_PROTOCOL + bytes[at + 3]! : END;
  },
  describe(view) {
    const identity = 2 ** (view.u8(0) >>> 4);
    const signature = (view.u8(1) >>> 4) * 4;
    view.bits('ayiya.idlen', 'Identity Length', 0, 4);
    view.bits('ayiya.idtype', 'Identity Type', 4, 4);
    view.bits('ayiya.siglen', 'Signature Length', 8, 4);
    view.bits('ayiya.hshmeth', 'Hash Method', 12, 4);
    view.bits('ayiya.authmeth', 'Authentication Method', 16, 4);
    view.bits('ayiya.opcode', 'Operation Code', 20, 4);
    view.uint('ayiya.nextheader', 'Next Header', 3, 1, { meaning: ipProtocolMeaning(view.u8(3)) });
    view.hex('ayiya.epoch', 'Epoch Time', 4, 4);
    view.raw('ayiya.identity', 'Identity', 8, identity);
    if (signature > 0) view.raw('ayiya.signature', 'Signature', 8 + identity, signature);
    return hexOf(2)(view.u8(3));
  },
};
