import type { AddressTable } from '../model/addresses';
import { SegmentFacts } from '../model/facts';
import type { DecoderSink } from './decoder';
import type { Reassembler } from './reassembly';

/**
 * Where the walk through a packet's headers stands: one object of integers, reused for every frame. A protocol's `step`
 * reads the header at `at`, moves `at` behind it and narrows `end` and `limit`.
 */
export class Cursor {
  /** The frame's bytes, or those that were put together from fragments. */
  bytes: Uint8Array = NO_BYTES;
  /** First byte of the next header. */
  at = 0;
  /** End of what was captured of it and what it carries; never beyond `limit`. */
  end = 0;
  /** End of it on the wire, as the lengths in the headers so far and the frame's original length say. */
  limit = 0;
  /** End of the innermost IP packet as its own header says, which may be beyond `limit`. */
  packetEnd = 0;

  /** 0-based frame. */
  frame = 0;
  /** Time of the frame, in seconds. */
  seconds = 0;

  /** Innermost IP header: its version (0: none yet), where its addresses are, and what facts tell about it. */
  family = 0;
  addressBytes: Uint8Array = NO_BYTES;
  sourceAt = 0;
  destinationAt = 0;
  ttl = 0;
  ipId = 0;
  ecn = 0;
  /** Innermost VLAN so far, which keeps fragments apart. */
  vlan = 0;
  /** The bytes are the first piece of a datagram that was not put together: how long it is is not known. */
  fragmented = false;
  /** Inside what an ICMP error quotes. */
  quoted = false;
  errorType = 0;
  errorCode = 0;
  /** Inside what a flow monitor sampled somewhere else: headers, of which nothing can be followed. */
  sampled = false;
  /** What one header tells the next, where the two belong together; whoever reads it sets it back to 0. */
  extra = 0;

  /** Further headers in the same frame (subframes of an aggregate), the next one last. */
  private readonly pending: number[] = [];

  readonly facts = new SegmentFacts();

  constructor(
    readonly addresses: AddressTable,
    readonly sink: DecoderSink,
    readonly reassembler: Reassembler,
    readonly verifyChecksums: boolean,
    private readonly answers: Uint8Array,
  ) {}

  /** Points at a frame. */
  start(
    frame: number,
    fcsBytes: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
    original: number,
    seconds: number,
  ): void {
    this.bytes = bytes;
    this.at = at;
    const length = original > fcsBytes ? original - fcsBytes : 0;
    this.limit = at + length;
    this.end = at + (captured < length ? captured : length);
    this.frame = frame;
    this.seconds = seconds;
    this.family = 0;
    this.ttl = 0;
    this.ipId = 0;
    this.ecn = 0;
    this.vlan = 0;
    this.sampled = false;
    this.extra = 0;
    this.fragmented = false;
    this.quoted = false;
    if (this.pending.length > 0) this.pending.length = 0;
  }

  /** Whether `length` bytes at `at` were captured. */
  has(length: number): boolean {
    return this.end - this.at >= length;
  }

  /** Moves behind a header of that many bytes. */
  skip(length: number): void {
    this.at += length;
  }

  /** Says that what follows ends `length` bytes from `at`, if it did not end before. */
  narrow(length: number): void {
    const limit = this.at + length;
    if (limit < this.limit) this.limit = limit;
    if (limit < this.end) this.end = limit;
  }

  /** Takes that many bytes off the end (a trailer that belongs to this header). */
  trim(length: number): void {
    this.limit = Math.max(this.at, this.limit - length);
    if (this.limit < this.end) this.end = this.limit;
  }

  /** Continues in another buffer. */
  enter(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.limit = end;
  }

  /** Whether what that code of `next.ts` names is decoded. */
  knows(next: number): boolean {
    return this.answers[next] !== 0;
  }

  /** Remembers a header that comes after everything that the next one carries. */
  postpone(next: number, at: number): void {
    if (this.pending.length < MAX_PENDING) this.pending.push(at, this.end, this.limit, next);
  }

  /** Goes to the header remembered last and returns what it is; {@link END} where there is none. */
  resume(): number {
    const { pending } = this;
    if (pending.length === 0) return -1;
    const next = pending.pop()!;
    this.limit = pending.pop()!;
    this.end = pending.pop()!;
    this.at = pending.pop()!;
    return next;
  }
}

const NO_BYTES = new Uint8Array(0);
const MAX_PENDING = 4 * 16;
