/**
 * Datagrams being put together from fragments (RFC 791 §3.2, RFC 8200 §4.5), in the frame where the last missing piece
 * arrives. Where fragments overlap, the bytes of the one with the lower offset count, and of those with the same offset
 * the one that came first: what Wireshark does, so that both see the same segment.
 *
 * Memory is bounded: at most {@link MAX_DATAGRAMS} are open, holding at most {@link MAX_BYTES}; the oldest give way.
 */
export class Reassembler {
  private readonly open = new Map<string, Datagram>();
  private bytesHeld = 0;
  private readonly made = new Map<number, Int32Array>();
  private remembered = 0;

  /**
   * Adds the fragment in `[start, end)` of `bytes` and returns the whole datagram if this completes it.
   * @param offset place of the fragment in the datagram, in bytes
   * @param more further fragments follow this one
   */
  add(
    key: string,
    frame: number,
    seconds: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    offset: number,
    more: boolean,
  ): Uint8Array | null {
    return this.take(key, frame, seconds, { offset, length: end - start, bytes: bytes.slice(start, end) }, more, join);
  }

  /** The same for fragments that are counted: `number` is 0 for the first, 1 for the next. */
  addNumbered(
    key: string,
    frame: number,
    seconds: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    number: number,
    more: boolean,
  ): Uint8Array | null {
    const piece = { offset: number, length: 1, bytes: bytes.slice(start, end) };
    return this.take(key, frame, seconds, piece, more, joinNumbered);
  }

  /** Whether fragments of that datagram are waiting for others. */
  isOpen(key: string): boolean {
    return this.open.has(key);
  }

  private take(
    key: string,
    frame: number,
    seconds: number,
    piece: Piece,
    more: boolean,
    join: (datagram: Datagram) => Uint8Array | null,
  ): Uint8Array | null {
    let datagram = this.open.get(key);
    if (datagram && seconds - datagram.seconds > TIMEOUT_SECONDS) {
      this.drop(key, datagram);
      datagram = undefined;
    }
    if (!datagram) {
      datagram = { pieces: [], frames: [], total: -1, length: 0, held: 0, seconds };
      this.open.set(key, datagram);
    }
    const { pieces } = datagram;
    let place = pieces.length;
    while (place > 0 && pieces[place - 1]!.offset > piece.offset) place--;
    pieces.splice(place, 0, piece);
    datagram.frames.push(frame);
    const held = piece.bytes.length + PIECE_OVERHEAD;
    datagram.held += held;
    datagram.length += piece.length;
    this.bytesHeld += held;
    if (!more && datagram.total < 0) datagram.total = piece.offset + piece.length;
    // Joining looks at every piece, so it is not tried before there can be enough of them.
    const isEnough = datagram.total >= 0 && datagram.length >= datagram.total;
    const whole = isEnough ? join(datagram) : null;
    if (!whole && pieces.length >= MAX_PIECES) {
      this.drop(key, datagram);
    } else if (whole) {
      this.drop(key, datagram);
      this.remember(frame, datagram.frames);
    } else {
      this.makeRoom(key);
    }
    return whole;
  }

  /**
   * The earlier frames (0-based, in order) whose fragments went into what was put together in this one, `null` where
   * nothing was or it is too long ago.
   */
  fragmentsOf(frame: number): Int32Array | null {
    return this.made.get(frame) ?? null;
  }

  private remember(frame: number, frames: readonly number[]): void {
    const all = new Set(this.made.get(frame) ?? []);
    for (const one of frames) {
      // A fragment may itself have arrived in something that was put together.
      for (const earlier of (one === frame ? null : this.made.get(one)) ?? []) all.add(earlier);
      if (one !== frame) all.add(one);
    }
    this.forget(frame);
    this.made.set(frame, Int32Array.from(all).sort());
    this.remembered += all.size;
    while (this.remembered > MAX_REMEMBERED) this.forget(first(this.made.keys()));
  }

  private forget(frame: number): void {
    this.remembered -= this.made.get(frame)?.length ?? 0;
    this.made.delete(frame);
  }

  private drop(key: string, datagram: Datagram): void {
    this.open.delete(key);
    this.bytesHeld -= datagram.held;
  }

  private makeRoom(keep: string): void {
    for (const [key, datagram] of this.open) {
      if (this.open.size <= MAX_DATAGRAMS && this.bytesHeld <= MAX_BYTES) return;
      if (key !== keep || this.open.size === 1) this.drop(key, datagram);
    }
  }
}

/** Place and length are in bytes, or in fragments where those are numbered. */
interface Piece {
  readonly offset: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

interface Datagram {
  /** By offset, those with the same offset as they came. */
  readonly pieces: Piece[];
  readonly frames: number[];
  /** Length as the first last fragment said, -1 before it came. */
  total: number;
  /** Sum of the pieces' lengths, overlaps counted twice. */
  length: number;
  held: number;
  /** When its first fragment came. */
  readonly seconds: number;
}

export const MAX_DATAGRAMS = 4096;
export const MAX_BYTES = 64 << 20;
/** Pieces of one datagram: as many as IPv4 can have of the smallest size. */
export const MAX_PIECES = 8192;
/** Frames that are remembered as parts of others, for showing them. */
export const MAX_REMEMBERED = 1 << 20;
/** Fragments further apart than this belong to different datagrams (RFC 1122 §3.3.2: between 60 and 120 seconds). */
export const TIMEOUT_SECONDS = 120;
/** What a fragment costs besides its bytes, so that empty ones are bounded as well. */
const PIECE_OVERHEAD = 64;

const first = <T>(items: Iterable<T>): T => {
  for (const item of items) return item;
  throw new Error('Nothing there');
};

function join({ pieces, total }: Datagram): Uint8Array | null {
  let reach = 0;
  for (const { offset, bytes } of pieces) {
    if (offset > reach) break;
    reach = Math.max(reach, offset + bytes.length);
  }
  if (reach < total) return null;
  const whole = new Uint8Array(total);
  let filled = 0;
  for (const { offset, bytes } of pieces) {
    const end = Math.min(total, offset + bytes.length);
    if (end <= filled || offset > filled) continue;
    whole.set(bytes.subarray(filled - offset, end - offset), filled);
    filled = end;
  }
  return whole;
}

function joinNumbered({ pieces, total }: Datagram): Uint8Array | null {
  const chosen: Uint8Array[] = [];
  for (const { offset, bytes } of pieces) if (offset === chosen.length && offset < total) chosen.push(bytes);
  if (chosen.length < total) return null;
  const whole = new Uint8Array(chosen.reduce((sum, bytes) => sum + bytes.length, 0));
  let filled = 0;
  for (const bytes of chosen) {
    whole.set(bytes, filled);
    filled += bytes.length;
  }
  return whole;
}
