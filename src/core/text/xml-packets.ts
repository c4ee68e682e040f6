import type { Framer } from './format';
import { ascii } from './scan';

/** How a packet begins in Wireshark's two markup languages, PDML and PSML. */
export const PACKET = ascii('<packet>');
const PACKET_END = ascii('</packet>');

/** Finds `<packet>` … `</packet>`. Both begin with the only `<` in them, so a match that breaks off begins anew. */
export class PacketFramer implements Framer {
  behind = -1;
  private matched = 0;

  feed(bytes: Uint8Array, at: number, end: number): number {
    // Of a long packet the beginning may be no longer in `bytes`.
    let isInside = this.behind >= 0;
    let start = at - this.behind;
    for (let i = at; i < end; i++) {
      const c = bytes[i]!;
      const tag = isInside ? PACKET_END : PACKET;
      if (c === tag[this.matched]) this.matched++;
      else this.matched = c === tag[0] ? 1 : 0;
      if (this.matched < tag.length) continue;
      this.matched = 0;
      if (isInside) {
        this.behind = i + 1 - start;
        return i + 1;
      }
      isInside = true;
      start = i + 1 - tag.length;
    }
    this.behind = isInside ? end - start : -1;
    return -1;
  }

  reset(): void {
    this.behind = -1;
    this.matched = 0;
  }
}
