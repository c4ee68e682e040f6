/** Words of one flow's block. */
export const MEMORY_WORDS = 17;

/** Indices of a memory's words. */
export const MARKS = 0;
const BASE_SEQ = 1;
export const NEXT_SEQ = 2;
export const NEXT_SEQ_SEGMENT = 3;
export const LAST_ACK = 4;
export const LAST_ACK_SEGMENT = 5;
export const LAST_NON_DUPLICATE = 6;
export const DUPLICATE_ACKS = 7;
export const MAX_TO_ACK = 8;
export const WINDOW = 9;
export const FLOW_SHIFT = 10;
export const LAST_NOTES = 11;
const SACKED_BYTES = 12;
const UNACKED_HEAD = 13;
const UNACKED_TAIL = 14;
const UNACKED_COUNT = 15;
const TS_RECENT = 16;

/** Bits of {@link Memory.marks}. */
export const BASE_SET = 1;
/** A SYN was the last handshake segment of this flow: its windows are not scaled yet. */
export const BEFORE_FIRST_ACK = 2;
/** Bytes in flight can be told: nothing is missing since the peer's last ACK. */
export const FLIGHT_VALID = 4;
/** A kind of Multipath TCP option that the connection had not had came after the last segment of this flow. */
export const NEW_MULTIPATH = 8;
/** Segments in the list of this flow lie so far apart that it is in no order. */
export const SCATTERED = 16;

/** The flow has had timestamps: {@link Memory.tsRecent} is known. */
export const KNOWS_TS_RECENT = 32;

/**
 * What a trace reader remembers of one flow (one direction of a connection) to judge its next segment: a view of 17
 * words that is moved from flow to flow. This is the observer's memory, as Wireshark keeps it, not an endpoint's: 0 in
 * `nextSeq`, `lastAck` and `maxToAck` means "nothing seen yet" there, and so it does here, because the notes that carry
 * Wireshark's names must mean the same.
 */
export class Memory {
  words: Int32Array = NO_WORDS;
  at = 0;

  get marks(): number {
    return this.words[this.at + MARKS]!;
  }
  set marks(value: number) {
    this.words[this.at + MARKS] = value;
  }
  /** Number that relative ones count from: the ISN, or one before the first number seen. */
  get baseSeq(): number {
    return this.words[this.at + BASE_SEQ]!;
  }
  set baseSeq(value: number) {
    this.words[this.at + BASE_SEQ] = value;
  }
  /** Highest sequence number seen plus one: where new data would start. */
  get nextSeq(): number {
    return this.words[this.at + NEXT_SEQ]!;
  }
  set nextSeq(value: number) {
    this.words[this.at + NEXT_SEQ] = value;
  }
  /** Segment that set {@link nextSeq}, -1 while there is none. */
  get nextSeqSegment(): number {
    return this.words[this.at + NEXT_SEQ_SEGMENT]!;
  }
  set nextSeqSegment(value: number) {
    this.words[this.at + NEXT_SEQ_SEGMENT] = value;
  }
  /** Acknowledgment number of the last segment. */
  get lastAck(): number {
    return this.words[this.at + LAST_ACK]!;
  }
  set lastAck(value: number) {
    this.words[this.at + LAST_ACK] = value;
  }
  /** The last segment, -1 while there is none. */
  get lastAckSegment(): number {
    return this.words[this.at + LAST_ACK_SEGMENT]!;
  }
  set lastAckSegment(value: number) {
    this.words[this.at + LAST_ACK_SEGMENT] = value;
  }
  /** Last segment whose acknowledgment number was new, -1 while there is none. */
  get lastNonDuplicate(): number {
    return this.words[this.at + LAST_NON_DUPLICATE]!;
  }
  set lastNonDuplicate(value: number) {
    this.words[this.at + LAST_NON_DUPLICATE] = value;
  }
  /** Duplicate ACKs since then; -1 after an ACK of something unseen. */
  get duplicateAcks(): number {
    return this.words[this.at + DUPLICATE_ACKS]!;
  }
  set duplicateAcks(value: number) {
    this.words[this.at + DUPLICATE_ACKS] = value;
  }
  /** Highest number that the peer can acknowledge without acknowledging something unseen. */
  get maxToAck(): number {
    return this.words[this.at + MAX_TO_ACK]!;
  }
  set maxToAck(value: number) {
    this.words[this.at + MAX_TO_ACK] = value;
  }
  /** Window of the last segment as on the wire, -1 while there is none. */
  get window(): number {
    return this.words[this.at + WINDOW]!;
  }
  set window(value: number) {
    this.words[this.at + WINDOW] = value;
  }
  /** Window scale shift: `SHIFT_UNKNOWN`, `SHIFT_NONE` or 0–14. */
  get shift(): number {
    return this.words[this.at + FLOW_SHIFT]!;
  }
  set shift(value: number) {
    this.words[this.at + FLOW_SHIFT] = value;
  }
  /** Notes of the last segment. */
  get lastNotes(): number {
    return this.words[this.at + LAST_NOTES]!;
  }
  set lastNotes(value: number) {
    this.words[this.at + LAST_NOTES] = value;
  }
  /** Bytes in the SACK blocks of the last segment (the first three blocks). */
  get sackedBytes(): number {
    return this.words[this.at + SACKED_BYTES]!;
  }
  set sackedBytes(value: number) {
    this.words[this.at + SACKED_BYTES] = value;
  }
  /** List of segments not yet acknowledged, in {@link Unacked}: first, last, length. */
  get unackedHead(): number {
    return this.words[this.at + UNACKED_HEAD]!;
  }
  set unackedHead(value: number) {
    this.words[this.at + UNACKED_HEAD] = value;
  }
  get unackedTail(): number {
    return this.words[this.at + UNACKED_TAIL]!;
  }
  set unackedTail(value: number) {
    this.words[this.at + UNACKED_TAIL] = value;
  }
  get unackedCount(): number {
    return this.words[this.at + UNACKED_COUNT]!;
  }
  set unackedCount(value: number) {
    this.words[this.at + UNACKED_COUNT] = value;
  }

  /** Timestamp value that the peer keeps of this flow, TS.Recent (RFC 7323 §4.3). */
  get tsRecent(): number {
    return this.words[this.at + TS_RECENT]!;
  }
  set tsRecent(value: number) {
    this.words[this.at + TS_RECENT] = value;
  }

  has(bits: number): boolean {
    return (this.marks & bits) === bits;
  }

  reset(): void {
    const { words, at } = this;
    // Quicker than `fill` for so few.
    for (let i = 0; i < MEMORY_WORDS; i++) words[at + i] = 0;
    this.marks = FLIGHT_VALID;
    this.nextSeqSegment = -1;
    this.lastAckSegment = -1;
    this.lastNonDuplicate = -1;
    this.window = -1;
    this.shift = -1;
    this.unackedHead = -1;
    this.unackedTail = -1;
  }
}

const NO_WORDS = new Int32Array(MEMORY_WORDS);

/** Words of what is remembered of a connection as a whole. */
export const HANDSHAKE_WORDS = 5;

/** What a trace reader remembers of a connection's opening: segments, -1 where there is none. */
export class Handshake {
  words: Int32Array = NO_WORDS;
  at = 0;

  /** The last SYN without ACK. */
  get lastSyn(): number {
    return this.words[this.at]!;
  }
  set lastSyn(value: number) {
    this.words[this.at] = value;
  }
  /** The SYN and the ACK between which the initial round trip was measured. */
  get measuredFrom(): number {
    return this.words[this.at + 1]!;
  }
  set measuredFrom(value: number) {
    this.words[this.at + 1] = value;
  }
  get measuredTo(): number {
    return this.words[this.at + 2]!;
  }
  set measuredTo(value: number) {
    this.words[this.at + 2] = value;
  }

  /** Multipath TCP subtypes that the connection has had: bit `i` is subtype `i`. */
  get multipathSubtypes(): number {
    return this.words[this.at + 3]!;
  }
  set multipathSubtypes(value: number) {
    this.words[this.at + 3] = value;
  }

  /** The round trip between those two has been told: it stays. */
  get isMeasured(): boolean {
    return this.words[this.at + 4]! !== 0;
  }
  set isMeasured(value: boolean) {
    this.words[this.at + 4] = value ? 1 : 0;
  }

  /** The next ACK has nothing to measure. */
  get isOver(): boolean {
    return this.isMeasured || this.lastSyn < 0;
  }

  reset(): void {
    this.words.fill(-1, this.at, this.at + HANDSHAKE_WORDS);
    this.multipathSubtypes = 0;
    this.isMeasured = false;
  }
}
