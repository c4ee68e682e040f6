import type { TextHead } from './format';
import { depthOf, type Front, frontEnd } from './front';
import { endOfLine, trimmedEnd } from './lines';
import { loggedString, type LogMember, writeOut } from './logged-string';
import { hexDigit, isBlank, NEWLINE, RETURN, SPACE, TAB } from './scan';
import { type Tail, tailStart } from './tail';
import { goesOn, type Wrapping } from './wrapping';

/** What is taken off lines, so that what a tool printed is left. */
export interface Coat {
  /** The member of a JSON log that the lines are in; `null` where they are in none. */
  readonly member: LogMember | null;
  /**
   * What is not seen: control sequences of terminals (ECMA-48 §5.4: colours), and characters without width, as chats
   * and pages put in (zero width, marks of the direction, byte order marks).
   */
  readonly unseen: boolean;
  /** Blanks that do not break (U+00A0), as pages and chats have them in place of others. */
  readonly spaces: boolean;
  /** `&gt;`, `&lt;` and `&amp;`, as pages are written. */
  readonly entities: boolean;
  readonly front: Front;
  /** What stands behind every line; `null` where nothing does. */
  readonly tail: Tail | null;
  /** tcpdump's dumps have blanks, or nothing, in front of them in place of a tab, as terminals and pages show it. */
  readonly tabs: boolean;
  /** How lines that were too long have been broken; `null` where none was. */
  readonly wrapping: Wrapping | null;
}

/** What single characters of the beginning of a text have of a coat. */
export function charactersOf({ bytes, start, end }: TextHead): Coat {
  let [unseen, spaces, entities] = [false, false, false];
  for (let at = start; at < end; at++) {
    const c = bytes[at]!;
    if (behindUnseen(bytes, at, end) > at) unseen = true;
    else if (c === 0xc2 && bytes[at + 1] === 0xa0) spaces = true;
    else if (c === AMPERSAND) entities ||= entityAt(bytes, at, end) !== null;
  }
  return { member: null, unseen, spaces, entities, front: [], tail: null, tabs: false, wrapping: null };
}

/** Whether there is nothing to take off. */
export const isBare = ({ member, unseen, spaces, entities, front, tail, tabs, wrapping }: Coat): boolean =>
  member === null &&
  !(unseen || spaces || entities || tabs) &&
  front.length === 0 &&
  tail === null &&
  wrapping === null;

const ESCAPE = 0x1b;
const AMPERSAND = 0x26;
const BELL = 0x07;
const ENTITIES = [
  [[...'gt;'], 0x3e],
  [[...'lt;'], 0x3c],
  [[...'amp;'], AMPERSAND],
] as const;

function entityAt(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly byte: number; readonly length: number } | null {
  for (const [name, byte] of ENTITIES)
    if (at + name.length < end && name.every((character, i) => bytes[at + 1 + i] === character.charCodeAt(0)))
      return { byte, length: name.length + 1 };
  return null;
}

/** Behind what is not seen at `at`; `at` where that is seen. */
function behindUnseen(bytes: Uint8Array, at: number, end: number): number {
  switch (bytes[at]) {
    case ESCAPE:
      return behindEscape(bytes, at, end);
    case 0xe2: {
      const [second, third] = [bytes[at + 1]!, bytes[at + 2]!];
      // U+200B to U+200F and U+202A to U+202E; U+2060 to U+206F.
      const isUnseen =
        second === 0x80
          ? (third >= 0x8b && third <= 0x8f) || (third >= 0xaa && third <= 0xae)
          : second === 0x81 && third >= 0xa0 && third <= 0xaf;
      return isUnseen && at + 2 < end ? at + 3 : at;
    }
    case 0xef:
      // U+FEFF.
      return bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf && at + 2 < end ? at + 3 : at;
    default:
      return at;
  }
}

/** Behind a control sequence or a control string that begins with the escape at `at`. */
function behindEscape(bytes: Uint8Array, at: number, end: number): number {
  let to = at + 1;
  if (to >= end) return to;
  const kind = bytes[to]!;
  if (kind === 0x5b) {
    // CSI: parameters 3/0 to 3/15, intermediates 2/0 to 2/15, a final byte 4/0 to 7/14.
    for (to++; to < end && bytes[to]! >= 0x20 && bytes[to]! < 0x40; to++);
    return to < end && bytes[to]! >= 0x40 && bytes[to]! < 0x7f ? to + 1 : to;
  }
  if (kind === 0x5d) {
    // OSC, as terminals end it: with a bell or with ST.
    for (to++; to < end && bytes[to] !== BELL && bytes[to] !== ESCAPE; to++);
    return bytes[to] === ESCAPE && bytes[to + 1] === 0x5c ? to + 2 : Math.min(end, to + 1);
  }
  while (to < end && bytes[to]! >= 0x20 && bytes[to]! < 0x30) to++;
  return Math.min(end, to + 1);
}

/**
 * Where a line of tcpdump's dumps begins behind blanks, `0x0000:`, or `0x0000   4500 003d` as before version 3.8; -1 where
 * it is none.
 */
export function untabbedDumpAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  if (end - at < 7 || bytes[at] !== 0x30 || bytes[at + 1] !== 0x78) return -1;
  const isOld = isBlank(bytes[at + 6]!) && isBlank(bytes[at + 7] ?? 0) && hexDigit(bytes[at + 9] ?? 0) >= 0;
  if (bytes[at + 6] !== 0x3a && !isOld) return -1;
  for (let i = at + 2; i < at + 6; i++) if (hexDigit(bytes[i]!) < 0) return -1;
  return at;
}

/** Lines without their coat, and where each of their bytes was. */
export class BareLines {
  /** `[0, length)`; a line break is behind. */
  bytes = new Uint8Array(1024);
  length = 0;
  /** Places in {@link bytes} where a line goes on that was broken. */
  readonly joints: number[] = [];
  /** How often the last line was quoted, where lines may go on: {@link depthOf}. */
  private depth = 0;
  /** A line that was in a JSON log, and where each of its bytes was. */
  private logged = new Uint8Array(1024);
  private places = new Int32Array(1024);
  /** Index that each of {@link bytes}, and what is behind the last, has in what it was taken from. */
  private origins = new Int32Array(1024);

  constructor(private readonly coat: Coat) {}

  /** Takes the coat off the lines in `[start, end)`. */
  set(bytes: Uint8Array, start: number, end: number): this {
    this.reserve(2 * (end - start) + 1);
    this.length = 0;
    this.joints.length = 0;
    const { wrapping } = this.coat;
    // A search for a line break goes on to the end of what is searched, which may be far behind.
    const lines = bytes.subarray(0, end);
    /** The line in front, of which nothing may be left. */
    let last = -1;
    let lastEnd = -1;
    for (let at = start; at < end;) {
      const next = endOfLine(lines, at, end);
      const from = this.length;
      const { depth } = this;
      this.add(bytes, at, next);
      if (wrapping !== null) {
        let blanks = -1;
        if (last >= 0 && this.depth > depth) {
          // What a line goes on with may look like the mark of a quotation: the arrow in front of a destination.
          this.length = from;
          this.add(bytes, at, next, depth);
          blanks = goesOn(wrapping, this.bytes, last, lastEnd, from, this.length);
          if (blanks < 0) {
            this.length = from;
            this.add(bytes, at, next);
          }
        }
        if (last >= 0 && blanks < 0) blanks = goesOn(wrapping, this.bytes, last, lastEnd, from, this.length);
        [last, lastEnd] = blanks < 0 ? [from, this.length] : this.join(last, lastEnd, from, blanks);
      }
      if (next < end) this.put(NEWLINE, next);
      at = next + 1;
    }
    this.bytes[this.length] = NEWLINE;
    this.origins[this.length] = end;
    return this;
  }

  /** Index of a place in what the lines were taken from. */
  originOf(at: number): number {
    return this.origins[Math.min(at, this.length)]!;
  }

  /** Index behind the place that ends at `at`. */
  originBehind(at: number): number {
    return at === 0 ? this.originOf(0) : Math.min(this.originOf(at - 1) + 1, this.originOf(at));
  }

  /** Puts the line at `from` behind the one in front of it. Returns where it is then. */
  private join(last: number, lastEnd: number, from: number, blanks: number): [start: number, end: number] {
    const hasReturn = lastEnd > last && this.bytes[lastEnd - 1] === RETURN;
    const lastTo = blanks > 0 ? trimmedEnd(this.bytes, last, lastEnd) : lastEnd - (hasReturn ? 1 : 0);
    const to = lastTo + blanks;
    this.bytes.copyWithin(to, from, this.length);
    this.origins.copyWithin(to, from, this.length);
    this.bytes.fill(SPACE, lastTo, to);
    this.length += to - from;
    this.joints.push(to);
    return [to, this.length];
  }

  private add(bytes: Uint8Array, start: number, end: number, depth = Infinity): void {
    const { member } = this.coat;
    const from = this.length;
    const string = member === null ? null : loggedString(bytes, start, end, member);
    if (string === null) this.addSeen(bytes, start, end, null);
    else {
      // What is written out is never longer.
      if (this.logged.length < string.end - string.start) {
        this.logged = new Uint8Array(string.end - string.start);
        this.places = new Int32Array(string.end - string.start);
      }
      let length = 0;
      writeOut(bytes, string.start, string.end, (byte, at) => {
        this.logged[length] = byte;
        this.places[length++] = at;
      });
      this.addSeen(this.logged, 0, length, this.places);
    }
    this.takeTail(from);
    this.takeFront(from, depth);
  }

  /** Adds what is seen of a line. `places` says where each of its bytes was, if not where it is. */
  private addSeen(bytes: Uint8Array, start: number, end: number, places: Int32Array | null): void {
    const { coat } = this;
    for (let at = start; at < end;) {
      const c = bytes[at]!;
      const origin = places === null ? at : places[at]!;
      const behind = coat.unseen ? behindUnseen(bytes, at, end) : at;
      if (behind > at) at = behind;
      else if (c === 0xc2 && coat.spaces && bytes[at + 1] === 0xa0) {
        this.put(SPACE, origin);
        at += 2;
      } else if (c === AMPERSAND && coat.entities) {
        const entity = entityAt(bytes, at, end);
        this.put(entity?.byte ?? c, origin);
        at += entity?.length ?? 1;
      } else {
        this.put(c, origin);
        at++;
      }
    }
  }

  private takeTail(from: number): void {
    const { tail } = this.coat;
    const at = tail === null ? -1 : tailStart(tail, this.bytes, from, this.length);
    if (at >= 0) this.length = at;
  }

  private takeFront(from: number, depth: number): void {
    const { front, tabs, wrapping } = this.coat;
    const hasReturn = this.length > from && this.bytes[this.length - 1] === RETURN;
    if (front.length > 0) {
      const behind = frontEnd(front, this.bytes, from, this.length - (hasReturn ? 1 : 0), depth);
      if (wrapping !== null) this.depth = depthOf(front, this.bytes, from, behind);
      this.move(from, behind, from);
    }
    if (!tabs) return;
    const dump = untabbedDumpAt(this.bytes, from, this.length);
    if (dump < 0) return;
    this.move(from + 1, dump, from);
    this.bytes[from] = TAB;
  }

  /** Moves what begins at `from`, if that is anywhere, to `to`, with a place in front of it that is `at` now. */
  private move(to: number, from: number, at: number): void {
    if (from < 0) return;
    const origin = this.origins[at]!;
    this.bytes.copyWithin(to, from, this.length);
    this.origins.copyWithin(to, from, this.length);
    this.length += to - from;
    if (to > at) this.origins[at] = origin;
  }

  private put(byte: number, origin: number): void {
    this.bytes[this.length] = byte;
    this.origins[this.length++] = origin;
  }

  /** Tabs may be put in: one in a line of several bytes. */
  private reserve(length: number): void {
    if (this.bytes.length >= length) return;
    this.bytes = new Uint8Array(length * 2);
    this.origins = new Int32Array(length * 2);
  }
}

/** The beginning of a text without its coat. */
export interface BareHead extends TextHead {
  /** How many of its lines have been put behind the one in front of them. */
  readonly joints: number;
  /** Where the first of these was in the text as it stands; -1 where there is none. */
  readonly firstJoint: number;
}

export function bareHead({ bytes, start, end }: TextHead, coat: Coat): BareHead {
  const lines = new BareLines(coat).set(bytes, start, end);
  const { bytes: bare, length, joints } = lines;
  const firstJoint = joints.length === 0 ? -1 : lines.originOf(joints[0]!);
  return { bytes: bare.subarray(0, length), start: 0, end: length, joints: joints.length, firstJoint };
}
