import type { Message } from './message';
import type { Notice } from './notice';
import type { NoteKind, Side } from './segment';
import type { StateName } from './states';

/**
 * A field of a header with the bits it stands in: what the header picture draws, the tree lists and the bytes mark.
 * Bit 0 is the most significant bit of the buffer's first byte, as RFCs number them. Intervals are `[bit, bit + bits)`.
 */
export interface Field {
  /** Wireshark's name where it has one: `tcp.seq`, `ip.src`. */
  readonly id: string;
  /** English name as in the RFC: "Sequence Number". A key of the translation. */
  readonly name: string;
  /** Value as text: raw and exact, as the field's format is usually written ("0x3a1f", "10.1.0.2", "29200"). */
  readonly value: string;
  readonly bit: number;
  readonly bits: number;
  /** What the value means here: "= X + 1", "×128", "correct". */
  readonly meaning?: Message;
  /** `bad` for a field that is wrong in itself (malformed option, bad checksum), `good` for one proven right. */
  readonly verdict?: 'good' | 'bad' | 'warning';
  /** Parts: bits of a flags field, options of an options field, parts of an option. */
  readonly children?: readonly Field[];
}

/**
 * Where a protocol stands in the layers. `capture`: put there by what captured, never sent; `link`, `network`,
 * `transport`: layers 2 to 4 of the OSI model, and the layers of RFC 1122 of those names (its internet layer is
 * `network`); `shim`: between link and network (MPLS); `tunnel`: carries a packet whose layers begin anew; `payload`:
 * bytes that are not decoded further; `trailer`: what a frame has behind its payload; `text`: what a text says of the
 * packet as a whole.
 */
export type LayerPlace =
  'capture' | 'link' | 'shim' | 'network' | 'transport' | 'tunnel' | 'payload' | 'trailer' | 'text';

/** One protocol's header in a packet. */
export interface Layer {
  /** Wireshark's protocol name: `eth`, `ip`, `tcp`. */
  readonly id: string;
  readonly place: LayerPlace;
  /** "Ethernet II", "Internet Protocol Version 4", "Transmission Control Protocol". */
  readonly name: string;
  /** One line: "10.1.0.2 → 10.2.0.9", "51234 → 21 [SYN] seq 0". */
  readonly summary: string;
  /** Which of the packet's buffers the bits count in. */
  readonly buffer: number;
  /** The header in that buffer, in bytes, `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /**
   * End in that buffer of all that the layer holds, captured: header, what it carries and, in a link's frame, what
   * follows that. `null` where a text tells the header in words: it carries the layers after it.
   */
  readonly until: number | null;
  readonly fields: readonly Field[];
}

/** A buffer of bytes that layers refer to: the frame itself, or what was put together from fragments. */
export interface PacketBuffer {
  readonly name: Message;
  readonly bytes: Uint8Array;
}

/** One packet, decoded down to the bit on demand. */
export interface PacketDetail {
  /** 1-based packet number. */
  readonly packet: number;
  /** Seconds since 1970-01-01 UTC with nine decimals. */
  readonly time: string;
  readonly capturedBytes: number;
  readonly originalBytes: number;
  /** "eth0", or `null`. */
  readonly interface: string | null;
  readonly linkType: string;
  readonly comments: readonly string[];
  /** Outermost first. */
  readonly layers: readonly Layer[];
  readonly buffers: readonly PacketBuffer[];
  /** Earlier packets whose fragments were put together with this one's. */
  readonly fragments: readonly number[];
  /** What was malformed, with its byte. */
  readonly notices: readonly Notice[];
}

/** One packet in a list. */
export interface PacketRow {
  /** 1-based packet number. */
  readonly packet: number;
  /** Nanoseconds since the capture's first packet; `null` where the packet has no time. */
  readonly timeNs: number | null;
  /** Since the packet before it in the list; `null` for the first. */
  readonly deltaNs: number | null;
  /** Since the first segment of its connection; `null` where it has none. */
  readonly connectionNs: number | null;
  /** Addresses of the innermost IP header, or of the link; empty where there are none. */
  readonly source: string;
  readonly destination: string;
  /** Innermost protocol: "TCP", "UDP", "ARP". */
  readonly protocol: string;
  /** Length on the wire. */
  readonly bytes: number;
  /** One line: "51234 → 21 SYN seq 0 win 29200 mss 1460", "53 → 1234". */
  readonly info: string;
  /** Connection of its first TCP segment, which the rest is about; `null` where there is none. */
  readonly connection: number | null;
  readonly from: Side | null;
  /** States after it; `null` where there is no segment, or as long as nobody has replayed them. */
  readonly client: StateName | null;
  readonly server: StateName | null;
  readonly notes: readonly NoteKind[];
  /** A note that is a problem, or a reset. */
  readonly problem: boolean;
}
