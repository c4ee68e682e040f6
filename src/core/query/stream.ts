import { seqDiff } from '../bytes/seq';
import { FIN, SYN } from '../model/flags';
import { noteBit, type Side } from '../model/segment';
import {
  HEXADECIMAL,
  type LineBytes,
  type StreamFindProgress,
  type StreamMark,
  type StreamMatch,
  type StreamPart,
  type StreamProgress,
  type StreamRow,
  type StreamSearch,
  type StreamSides,
} from '../model/stream';
import type { Tracker } from '../tcp/tracker';
import type { ConnectionView } from './connection-view';
import { StreamFind } from './stream-find';
import { inOrder, type Piece, pieceAt, type Sent } from './stream-order';

/** Bytes of a row in hexadecimal, and the least and the most that a line of text may be limited to. */
const HEX_BYTES = 16;
const MIN_LINE = 16;
const MAX_LINE = 1000;
/** Displays whose lines are kept: a view that changes its width leaves them behind. */
const KEPT_DISPLAYS = 4;
/** Text is cut into lines by reading it, so no more of it is shown than this, and no more lines. */
const MAX_TEXT = 8 << 20;
const MAX_LINES = 500_000;
/** Work of one step: segments compared with what came before them, bytes searched for line ends. */
const COMPARED = 500;
const SEARCHED = 1 << 20;
/** Bytes searched for others: some 25 ms where segments are small, since each is read again. */
const FIND_BYTES = 1 << 18;
/** Searches whose matches are kept: what is typed on leaves the others behind. */
const KEPT_FINDS = 2;

const KEEP_ALIVE = noteBit('keep-alive');
const LINE_FEED = 0x0a;

/** Bytes that were sent again and differ, `[start, end)` of a direction. */
interface Conflict {
  readonly start: number;
  readonly end: number;
  /** Segment's row that brought the other bytes. */
  readonly row: number;
}

/** What one direction carried. */
interface Direction {
  readonly side: Side;
  readonly pieces: readonly Piece[];
  /** What was sent of which some bytes had come before. */
  readonly repeats: readonly Sent[];
  readonly conflicts: Conflict[];
  /** Bytes between the first and the last that none brought, and those that were brought more than once. */
  readonly missing: number;
  readonly repeated: number;
}

/** Pieces that are shown one after the other: of one side, without a gap between; or a gap. */
interface Block {
  readonly direction: Direction;
  readonly start: number;
  readonly end: number;
  readonly gap: boolean;
  /** Of the bytes before it in the display those that are there; and rows before it in hexadecimal. */
  readonly bytesBefore: number;
  readonly rowsBefore: number;
}

/** What one row shows: bytes `[start, end)` of a block. */
interface Place {
  readonly block: number;
  readonly start: number;
  readonly end: number;
}

/** Rows of one display: which side, which form. */
interface Display {
  readonly blocks: readonly Block[];
  readonly bytes: number;
  readonly hexRows: number;
  readonly lineBytes: number;
  /** Text: block and first byte of each row, as far as the text has been searched. */
  readonly lines: Place[];
  searchedBlock: number;
  searchedAt: number;
  searchedBytes: number;
}

/**
 * The bytes that a connection carried, put together from its segments when somebody asks: each byte once, as it came first,
 * with what is missing between. Only the places are kept; payload is read again from the packets of the rows that are asked
 * for. {@link step} does a bounded part of what needs reading.
 */
export class Stream {
  private readonly directions: Readonly<Record<Side, Direction>>;
  private readonly displays = new Map<string, Display>();
  private readonly finds = new Map<string, StreamFind<Block>>();
  private compared = 0;

  constructor(
    private readonly tracker: Tracker,
    private readonly view: ConnectionView,
    /** Captured payload of a segment: fewer bytes than it had where the capture cuts it. */
    private readonly payloadOf: (segment: number) => Uint8Array | null,
  ) {
    this.directions = { client: this.direction('client'), server: this.direction('server') };
    this.rowsSeen = view.length;
  }

  /** Rows of the connection that it was made from. */
  readonly rowsSeen: number;

  /** Does the next part of the work for a display. */
  step(sides: StreamSides, lineBytes: LineBytes): void {
    const repeats = this.allRepeats();
    if (this.compared < repeats.length) {
      const end = Math.min(repeats.length, this.compared + COMPARED);
      for (; this.compared < end; this.compared++) this.compare(...repeats[this.compared]!);
    } else if (lineBytes !== HEXADECIMAL) this.search(this.display(sides, lineBytes));
  }

  progress(sides: StreamSides, lineBytes: LineBytes): StreamProgress {
    const display = this.display(sides, lineBytes);
    const repeats = this.allRepeats().length;
    const wanted = Math.min(display.bytes, MAX_TEXT);
    const searched = lineBytes === HEXADECIMAL || isSearched(display);
    const shares = [
      repeats === 0 ? 1 : this.compared / repeats,
      searched || wanted === 0 ? 1 : Math.min(1, display.searchedBytes / wanted),
    ];
    const shown = sides === 'both' ? [this.directions.client, this.directions.server] : [this.directions[sides]];
    const sum = (of: (direction: Direction) => number): number => shown.reduce((total, one) => total + of(one), 0);
    return {
      done: this.compared >= repeats && searched,
      share: (shares[0]! + shares[1]!) / 2,
      rows: lineBytes === HEXADECIMAL ? display.hexRows : display.lines.length,
      bytes: display.bytes,
      missing: sum(({ missing }) => missing),
      repeated: sum(({ repeated }) => repeated),
      conflicts: sum(({ conflicts }) => conflicts.length),
      beyond: lineBytes === HEXADECIMAL || !searched ? 0 : display.bytes - display.searchedBytes,
    };
  }

  /** Rows `[start, end)` of a display. */
  rows(sides: StreamSides, lineBytes: LineBytes, start: number, end: number): StreamRow[] {
    const display = this.display(sides, lineBytes);
    return placesOf(display, lineBytes, start, end).map((place) =>
      this.row(display.blocks[place.block]!, place.start, place.end),
    );
  }

  /** The bytes `[start, end)` of a display, gaps left out. Bytes that the capture cut off are left out as well. */
  bytes(sides: StreamSides, start: number, end: number): Uint8Array {
    const { blocks } = this.display(sides, HEXADECIMAL);
    const parts: Uint8Array[] = [];
    for (let index = blockOf(blocks, start, 'bytesBefore'); index < blocks.length; index++) {
      const block = blocks[index]!;
      if (block.bytesBefore >= end) break;
      if (block.gap) continue;
      const from = block.start + Math.max(0, start - block.bytesBefore);
      const to = Math.min(block.end, block.start + (end - block.bytesBefore));
      if (from < to) parts.push(...this.read(block.direction, from, to).map(({ bytes }) => bytes));
    }
    const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** The first row of a display that shows bytes of a connection's row, or -1. */
  rowOf(sides: StreamSides, lineBytes: LineBytes, row: number): number {
    const display = this.display(sides, lineBytes);
    for (const side of ['client', 'server'] as const) {
      const piece = this.directions[side].pieces.find(({ sent }) => sent?.row === row);
      const index =
        piece === undefined
          ? -1
          : display.blocks.findIndex(
              ({ direction, start, end, gap }) =>
                !gap && direction.side === side && start <= piece.start && piece.start < end,
            );
      if (piece === undefined || index < 0) continue;
      return rowAt(display, lineBytes, index, piece.start);
    }
    return -1;
  }

  /** Searches the next part of what some sides sent, and says how far it is. */
  find(sides: StreamSides, search: StreamSearch): StreamFindProgress {
    const find = this.findOf(sides, search);
    find.step(FIND_BYTES);
    return find.progress;
  }

  /** Of the rows `[start, end)` of a display: which of their bytes were found so far. */
  findMarks(
    sides: StreamSides,
    lineBytes: LineBytes,
    search: StreamSearch,
    start: number,
    end: number,
  ): StreamMark[][] {
    const display = this.display(sides, lineBytes);
    const find = this.findOf(sides, search);
    return placesOf(display, lineBytes, start, end).map(({ block, start: from, end: to }) =>
      find.within(block, from, to).map((match) => ({
        start: Math.max(from, match.start) - from,
        end: Math.min(to, match.end) - from,
        offset: match.start,
      })),
    );
  }

  /** One of the matches found so far, by its number from 0; `null` where there is none. */
  findMatch(sides: StreamSides, lineBytes: LineBytes, search: StreamSearch, index: number): StreamMatch | null {
    const match = this.findOf(sides, search).match(index);
    if (match === null) return null;
    const row = rowAt(this.display(sides, lineBytes), lineBytes, match.block, match.start);
    return { index, from: match.side, offset: match.start, row };
  }

  /** The number of the first match with bytes in a row of a display or behind it, of those found so far, or -1. */
  findFrom(sides: StreamSides, lineBytes: LineBytes, search: StreamSearch, row: number): number {
    const [place] = placesOf(this.display(sides, lineBytes), lineBytes, row, row + 1);
    return place === undefined ? -1 : this.findOf(sides, search).firstBehind(place.block, place.start);
  }

  private findOf(sides: StreamSides, search: StreamSearch): StreamFind<Block> {
    const key = `${sides} ${search.ignoreCase} ${search.bytes.join()}`;
    let find = this.finds.get(key);
    if (find === undefined) {
      const { blocks, bytes } = this.display(sides, HEXADECIMAL);
      find = new StreamFind(blocks, bytes, search, ({ direction }, start, end) => this.read(direction, start, end));
      if (this.finds.size >= KEPT_FINDS) this.finds.delete(this.finds.keys().next().value!);
      this.finds.set(key, find);
    }
    return find;
  }

  private direction(side: Side): Direction {
    const { tracker, view } = this;
    const { segments: table } = tracker;
    const wanted = side === 'client' ? view.clientDirection : 1 - view.clientDirection;
    const sent: Sent[] = [];
    let seq: number | null = null;
    let at = 0;
    let begin: number | null = null;
    let end: number | null = null;
    for (let row = 0; row < view.length; row++) {
      const segment = view.segments[row]!;
      if ((table.flow[segment]! & 1) !== wanted) continue;
      const flags = table.bits[segment]!;
      const isSyn = (flags & SYN) !== 0;
      const length = table.payloadBytes.of(segment);
      // The byte of a keep-alive is none of the stream (RFC 9293 §3.8.4).
      if (length < 0 || (length === 0 && (flags & (SYN | FIN)) === 0) || table.notes[segment]! & KEEP_ALIVE) continue;
      const first = (table.seq[segment]! + (isSyn ? 1 : 0)) | 0;
      if (seq === null) seq = first;
      // Counted on from the last place, so that streams beyond 4 GiB work.
      at += seqDiff(first, seq);
      seq = first;
      if (isSyn) begin ??= at;
      if (flags & FIN) end ??= at + length;
      if (length > 0) sent.push({ start: at, end: at + length, row });
    }
    const pieces = inOrder(sent, begin, end);
    const own = new Map<number, number>();
    for (const { start, end, sent: from } of pieces)
      if (from !== null) own.set(from.row, (own.get(from.row) ?? 0) + end - start);
    const repeats = sent.filter(({ start, end, row }) => (own.get(row) ?? 0) < end - start);
    const there = lengthOf(pieces.filter((piece) => piece.sent !== null));
    const [missing, repeated] = [lengthOf(pieces) - there, lengthOf(sent) - there];
    return { side, pieces, repeats, conflicts: [], missing, repeated };
  }

  private allRepeats(): (readonly [Direction, Sent])[] {
    this.repeats ??= (['client', 'server'] as const).flatMap((side) =>
      this.directions[side].repeats.map((sent) => [this.directions[side], sent] as const),
    );
    return this.repeats;
  }
  private repeats: (readonly [Direction, Sent])[] | null = null;

  /** Looks whether a segment that sends bytes again sends the same. */
  private compare(direction: Direction, again: Sent): void {
    const bytes = this.payload(again.row);
    if (bytes === null) return;
    for (let index = pieceAt(direction.pieces, again.start); index < direction.pieces.length; index++) {
      const piece = direction.pieces[index]!;
      if (piece.start >= again.end) return;
      if (piece.sent === null || piece.sent.row === again.row) continue;
      const before = this.payload(piece.sent.row);
      if (before === null) continue;
      const [from, to] = [Math.max(piece.start, again.start), Math.min(piece.end, again.end)];
      let first = -1;
      let last = -1;
      for (let at = from; at < to; at++) {
        const [one, other] = [before[at - piece.sent.start], bytes[at - again.start]];
        // What is cut off cannot be compared.
        if (one === undefined || other === undefined) break;
        if (one === other) continue;
        if (first < 0) first = at;
        last = at;
      }
      if (first >= 0) direction.conflicts.push({ start: first, end: last + 1, row: again.row });
    }
  }

  private display(sides: StreamSides, lineBytes: LineBytes): Display {
    const key = `${sides} ${lineBytes}`;
    let display = this.displays.get(key);
    if (display === undefined) {
      display = displayOf(
        sides === 'both' ? Object.values(this.directions) : [this.directions[sides]],
        Math.min(Math.max(lineBytes, MIN_LINE), MAX_LINE),
      );
      if (this.displays.size >= KEPT_DISPLAYS) this.displays.delete(this.displays.keys().next().value!);
      this.displays.set(key, display);
    }
    return display;
  }

  /** Cuts the next part of the text into lines. */
  private search(display: Display): void {
    const { blocks, lines } = display;
    for (let left = SEARCHED; left > 0 && !isSearched(display);) {
      const block = blocks[display.searchedBlock]!;
      const start = Math.max(block.start, display.searchedAt);
      const next = (): void => {
        display.searchedBlock++;
        display.searchedAt = -Infinity;
      };
      if (block.gap) {
        lines.push({ block: display.searchedBlock, start: block.start, end: block.end });
        next();
        continue;
      }
      // Up to the end of a whole number of rows, so that a line is never cut because a part of the work ended.
      const end = Math.min(block.end, start + Math.max(left, display.lineBytes));
      let lineStart = start;
      for (const { offset, length, bytes } of this.read(block.direction, start, end))
        for (let i = 0; i < length; i++) {
          const at = offset + i;
          if (bytes[i] === LINE_FEED || at + 1 - lineStart >= display.lineBytes) {
            lines.push({ block: display.searchedBlock, start: lineStart, end: at + 1 });
            lineStart = at + 1;
          }
        }
      if (end === block.end && lineStart < end) {
        lines.push({ block: display.searchedBlock, start: lineStart, end });
        lineStart = end;
      }
      display.searchedBytes += lineStart - start;
      left -= Math.max(1, lineStart - start);
      display.searchedAt = lineStart;
      if (lineStart >= block.end) next();
    }
  }

  private row({ direction, gap, start: blockStart, end: blockEnd }: Block, start: number, end: number): StreamRow {
    const from = direction.side;
    if (gap) return { kind: 'gap', from, offset: blockStart, length: blockEnd - blockStart, cut: false };
    const read = this.read(direction, start, end);
    const bytes = new Uint8Array(end - start);
    const parts: StreamPart[] = [];
    let captured = 0;
    for (const one of read) {
      bytes.set(one.bytes, one.offset - start);
      captured += one.bytes.length;
      const conflict = direction.conflicts.find((c) => c.start < one.offset + one.length && one.offset < c.end);
      parts.push({
        start: one.offset - start,
        end: one.offset - start + one.length,
        captured: one.bytes.length,
        packet: this.packetOf(one.row),
        row: one.row,
        conflict: conflict === undefined ? null : this.packetOf(conflict.row),
      });
    }
    // Not one byte of it was captured.
    if (captured === 0) return { kind: 'gap', from, offset: start, length: end - start, cut: true };
    return { kind: 'data', from, offset: start, bytes, parts };
  }

  /** The payload of the segments that brought `[start, end)`, in order; shorter where the capture cuts it. */
  private read(
    { pieces }: Direction,
    start: number,
    end: number,
  ): { offset: number; length: number; bytes: Uint8Array; row: number }[] {
    const found = [];
    for (let index = Math.max(0, pieceAt(pieces, start)); index < pieces.length; index++) {
      const { start: pieceStart, end: pieceEnd, sent } = pieces[index]!;
      if (pieceStart >= end) break;
      if (sent === null) continue;
      const [from, to] = [Math.max(start, pieceStart), Math.min(end, pieceEnd)];
      const bytes = this.payload(sent.row)?.subarray(from - sent.start, to - sent.start) ?? NOTHING;
      found.push({ offset: from, length: to - from, bytes, row: sent.row });
    }
    return found;
  }

  private payload(row: number): Uint8Array | null {
    return this.payloadOf(this.view.segments[row]!);
  }

  private packetOf(row: number): number {
    return this.tracker.packetOf(this.view.segments[row]!);
  }
}

const isSearched = ({ blocks, lines, searchedBlock, searchedBytes }: Display): boolean =>
  searchedBlock >= blocks.length || searchedBytes >= MAX_TEXT || lines.length >= MAX_LINES;

const NOTHING = new Uint8Array(0);

const lengthOf = (ranges: readonly { readonly start: number; readonly end: number }[]): number =>
  ranges.reduce((sum, { start, end }) => sum + end - start, 0);

/**
 * The pieces in the order in which they could be read: a byte can be read once all before it have come, however they were
 * sent. What is missing for good holds nothing up.
 */
function displayOf(directions: readonly Direction[], lineBytes: number): Display {
  const readable = directions.map((direction) => {
    let latest = -1;
    return direction.pieces.map((piece) => {
      latest = Math.max(latest, piece.sent?.row ?? -1);
      return { direction, piece, latest };
    });
  });
  const [one = [], other = []] = readable;
  const blocks: Block[] = [];
  let bytesBefore = 0;
  let rowsBefore = 0;
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    const takesOne = j >= other.length || (i < one.length && one[i]!.latest <= other[j]!.latest);
    const { direction, piece } = takesOne ? one[i++]! : other[j++]!;
    const gap = piece.sent === null;
    const last = blocks[blocks.length - 1];
    const goesOn = last?.direction === direction && !gap && !last.gap && last.end === piece.start;
    const block = goesOn
      ? { ...last, end: piece.end }
      : { direction, start: piece.start, end: piece.end, gap, bytesBefore, rowsBefore };
    if (goesOn) blocks[blocks.length - 1] = block;
    else blocks.push(block);
    bytesBefore = block.bytesBefore + (gap ? 0 : block.end - block.start);
    rowsBefore = block.rowsBefore + (gap ? 1 : Math.ceil((block.end - block.start) / HEX_BYTES));
  }
  return {
    blocks,
    bytes: bytesBefore,
    hexRows: rowsBefore,
    lineBytes,
    lines: [],
    searchedBlock: 0,
    searchedAt: -Infinity,
    searchedBytes: 0,
  };
}

/** What the rows `[start, end)` of a display show, as far as there are such rows. */
function placesOf({ blocks, lines, hexRows }: Display, lineBytes: LineBytes, start: number, end: number): Place[] {
  if (lineBytes !== HEXADECIMAL) return lines.slice(Math.max(0, start), Math.max(0, end));
  const places: Place[] = [];
  for (let row = Math.max(0, start); row < Math.min(end, hexRows); row++) {
    const index = blockOf(blocks, row, 'rowsBefore');
    const block = blocks[index]!;
    const from = block.start + (row - block.rowsBefore) * HEX_BYTES;
    places.push({ block: index, start: from, end: block.gap ? block.end : Math.min(block.end, from + HEX_BYTES) });
  }
  return places;
}

/** The row of a display that shows a byte of a block, or -1. */
function rowAt({ blocks, lines }: Display, lineBytes: LineBytes, block: number, at: number): number {
  if (lineBytes === HEXADECIMAL) {
    const { start, rowsBefore } = blocks[block]!;
    return rowsBefore + Math.floor((at - start) / HEX_BYTES);
  }
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const line = lines[middle]!;
    if (line.block < block || (line.block === block && line.end <= at)) low = middle + 1;
    else high = middle;
  }
  return lines[low]?.block === block ? low : -1;
}

/** The last block whose `key` is not above a number. */
function blockOf(blocks: readonly Block[], wanted: number, key: 'bytesBefore' | 'rowsBefore'): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (blocks[middle]![key] <= wanted) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
