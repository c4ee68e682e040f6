import { grown } from '../bytes/columns';
import { seqDiff, seqGt, seqLe } from '../bytes/seq';
import { type Memory, SCATTERED } from './memory';

/** Segments that Wireshark remembers per flow at most; from there on new ones are not added. */
export const MAX_UNACKED = 10000;

/**
 * Segments of every flow that have not been acknowledged yet: linked lists in one pool, each sorted by the end of its
 * segments (equal ends: the older first), so that an ACK takes a prefix and new data goes to the tail. Numbers that lie
 * too far apart have no order; a list that has had such is marked and searched to its end until it is empty.
 */
export class Unacked {
  private segment = new Int32Array(FIRST_NODES);
  private start = new Int32Array(FIRST_NODES);
  private end = new Int32Array(FIRST_NODES);
  private next = new Int32Array(FIRST_NODES);
  private previous = new Int32Array(FIRST_NODES);
  private used = 0;
  private free = -1;
  /** Longest segment ever added, in sequence numbers: how far past an ACK a segment that it splits can end. */
  private longest = 1;

  /** Adds a segment that occupies `[start, end)`; does nothing past {@link MAX_UNACKED}. Returns whether it was added. */
  add(flow: Memory, segment: number, start: number, end: number): boolean {
    if (flow.unackedCount >= MAX_UNACKED) return false;
    const node = this.allocate();
    this.segment[node] = segment;
    this.start[node] = start;
    this.end[node] = end;
    const length = seqDiff(end, start);
    if (length > this.longest) this.longest = length;
    let after = flow.unackedTail;
    if (after >= 0 && (isFar(end, this.end[after]!) || isFar(end, this.end[flow.unackedHead]!)))
      flow.marks |= SCATTERED;
    while (after >= 0 && seqGt(this.end[after]!, end)) after = this.previous[after]!;
    this.previous[node] = after;
    if (after < 0) {
      this.next[node] = flow.unackedHead;
      flow.unackedHead = node;
    } else {
      this.next[node] = this.next[after]!;
      this.next[after] = node;
    }
    const following = this.next[node];
    if (following < 0) flow.unackedTail = node;
    else this.previous[following] = node;
    flow.unackedCount++;
    return true;
  }

  /**
   * Removes what `ack` acknowledges and shortens what it splits. Returns the oldest segment that ends exactly at `ack`,
   * -1 where there is none.
   */
  acknowledge(flow: Memory, ack: number): number {
    let node = flow.unackedHead;
    if (node < 0) return -1;
    const isScattered = flow.has(SCATTERED) || isFar(this.end[node]!, ack);
    let oldest = -1;
    while (node >= 0) {
      const following = this.next[node]!;
      const end = this.end[node]!;
      if (!seqGt(end, ack)) {
        if (end === ack && (oldest < 0 || this.segment[node]! < oldest)) oldest = this.segment[node]!;
        this.remove(flow, node);
      } else if (seqGt(ack, this.start[node]!) && seqLe(ack, end)) this.start[node] = ack;
      else if (!isScattered && seqDiff(end, ack) > this.longest) break;
      node = following;
    }
    if (flow.unackedHead < 0) flow.marks &= ~SCATTERED;
    return oldest;
  }

  /** The segment added first among those that are left, -1 where none is. */
  oldest(flow: Memory): number {
    let oldest = -1;
    for (let node = flow.unackedHead; node >= 0; node = this.next[node]!)
      if (oldest < 0 || this.segment[node]! < oldest) oldest = this.segment[node]!;
    return oldest;
  }

  /**
   * Sequence numbers from the lowest start to the highest end, 0 where the list is empty. Both count from the flow's
   * base as unsigned numbers (as Wireshark has it, so that a stray segment below the base counts as far ahead).
   */
  span(flow: Memory): number {
    const head = flow.unackedHead;
    if (head < 0) return 0;
    const base = flow.baseSeq;
    const firstEnd = this.end[head]!;
    let first = (this.start[head]! - base) >>> 0;
    let last = (this.end[flow.unackedTail]! - base) >>> 0;
    const inOrder = !flow.has(SCATTERED) && first <= (firstEnd - base) >>> 0 && (firstEnd - base) >>> 0 <= last;
    for (let node = this.next[head]!; node >= 0; node = this.next[node]!) {
      // In order, only a longer segment that ends a little later can start earlier than the one that ends first.
      if (inOrder && seqDiff(this.end[node]!, firstEnd) >= this.longest) break;
      first = Math.min(first, (this.start[node]! - base) >>> 0);
      last = Math.max(last, (this.end[node]! - base) >>> 0);
    }
    if (!inOrder) last = Math.max(last, (firstEnd - base) >>> 0);
    return (last - first) | 0;
  }

  private remove(flow: Memory, node: number): void {
    const before = this.previous[node]!;
    const after = this.next[node]!;
    if (before < 0) flow.unackedHead = after;
    else this.next[before] = after;
    if (after < 0) flow.unackedTail = before;
    else this.previous[after] = before;
    this.next[node] = this.free;
    this.free = node;
    flow.unackedCount--;
  }

  private allocate(): number {
    const recycled = this.free;
    if (recycled >= 0) {
      this.free = this.next[recycled]!;
      return recycled;
    }
    const node = this.used++;
    if (node === this.segment.length) {
      const room = node * 2;
      this.segment = grown(this.segment, room);
      this.start = grown(this.start, room);
      this.end = grown(this.end, room);
      this.next = grown(this.next, room);
      this.previous = grown(this.previous, room);
    }
    return node;
  }
}

const FIRST_NODES = 1024;

/** Numbers that lie closer together than this are in one order, with all that lie between them. */
const FAR = 2 ** 30;

const isFar = (a: number, b: number): boolean => Math.abs(seqDiff(a, b)) >= FAR;
