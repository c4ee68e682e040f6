import type { ByteWindow } from '../bytes/window';
import type { CaptureInterface } from '../model/capture';
import { message, type Message } from '../model/message';
import type { Notice } from '../model/notice';
import type { FrameBatch } from './batch';
import type { CaptureSink, FrameReader } from './format';

/** Bytes that one record may capture at most: the limit of libpcap and Wireshark. More is damage, not a packet. */
export const MAX_CAPTURED_BYTES = 262_144;

/** Bytes on the wire that a record found after damage may claim (jumbograms and offload stay far below). */
export const MAX_WIRE_BYTES = 1 << 24;
/** Such a record must be this close in time to its neighbours, in seconds: a month. */
export const NEAR_SECONDS = 30 * 86_400;

/** Bytes that one call looks through for the next record after damage: a few milliseconds' work. */
const SEARCH_BYTES = 1 << 17;

/** No record of any format is shorter. */
const SHORTEST_RECORD_BYTES = 12;

/**
 * A reader of formats that are a chain of records: it moves the window, tells where the file was cut, and finds the next
 * record after damage. What a record looks like is the format's business.
 */
export abstract class RecordReader implements FrameReader {
  abstract readonly interfaces: readonly CaptureInterface[];
  abstract readonly description: string;
  position = 0;
  /** Frames handed out so far. */
  protected packets = 0;
  /** Nothing more can be read, whatever comes after. */
  protected ended = false;
  /** What is wrong with the record at `position`, as {@link fill} found; cleared when a good record has been found. */
  protected damage: Message | null = null;
  private searchedTo = 0;
  private cutAt = -1;
  private jumpedFrom = -1;
  /** The record at `position` is longer than the rest of the file: it is cut, unless good ones follow. */
  private perhapsCut = false;

  constructor(
    protected readonly window: ByteWindow,
    protected readonly sink: CaptureSink,
  ) {}

  /**
   * Adds the records that lie whole in the window to the batch and moves `position` behind them. Stops at the first that
   * does not, and returns how many bytes from `position` on it needs to be looked at again; sets `damage` if it is broken.
   * The batch is empty when it is called.
   */
  protected abstract fill(batch: FrameBatch): number;

  /**
   * Length of the record that seems to begin at index `i` of the window, -1 if there is hardly one. Asked only while
   * looking for the way back after damage, so it had better be strict.
   * @param previous index of the record before it, -1 where that is not known
   */
  protected abstract candidate(i: number, previous: number): number;

  /** Candidates in a row that make a find: 1 where one alone is beyond doubt. */
  protected abstract readonly candidatesInARow: number;

  read(batch: FrameBatch): boolean {
    batch.count = 0;
    if (this.ended) return false;
    const { window } = this;
    if (this.damage !== null) return this.search();
    const wanted = this.fill(batch);
    if (batch.count === 0 && this.damage === null) {
      if (!this.ready(this.position + wanted)) return true;
      const got = window.load(this.position, wanted);
      if (got < wanted) return this.end(got);
      this.jumpedFrom = -1;
      this.fill(batch);
    }
    // Frames go first: the damage behind them will be found again.
    if (batch.count > 0) this.damage = null;
    this.packets += batch.count;
    return true;
  }

  /** Goes on at `position`, which may lie past the end of the file if the record there lies about its length. */
  protected jump(position: number): void {
    this.jumpedFrom = this.position;
    this.position = position;
  }

  /** Whether the bytes before `end` can be read at once; if not, one step has been made towards it. */
  private ready(end: number): boolean {
    return this.window.source.prepare?.(end - 1) !== false;
  }

  /**
   * Whether the header at index `i`, of a record that is longer than the rest of the file, looks right otherwise. If so,
   * the file was cut here; if not, the length is probably wrong, and good records may follow.
   */
  protected abstract looksCut(i: number): boolean;

  private end(got: number): boolean {
    const { window } = this;
    if (this.position > window.source.size && this.jumpedFrom >= 0) this.position = this.jumpedFrom;
    else if (got === 0) return false;
    else if (this.looksCut(window.at(this.position))) {
      this.tellCut();
      return false;
    }
    this.damage = message('The record at byte {0} is longer than the rest of the file.', this.position);
    this.perhapsCut = true;
    return true;
  }

  private tellCut(): void {
    if (this.cutAt === this.position) return;
    this.cutAt = this.position;
    this.sink.notice({
      code: 'cut-record',
      severity: 'warning',
      message: message(
        'The file was cut short in the middle of packet {0}, at byte {1}.',
        this.packets + 1,
        this.position,
      ),
      packet: this.packets + 1,
      offset: this.position,
      length: this.window.source.size - this.position,
    });
  }

  /** Looks through one stretch of the file for the next good record. */
  private search(): boolean {
    const { window } = this;
    const from = Math.max(this.searchedTo, this.position + 1);
    if (!this.ready(from + window.bytes.length)) return true;
    const available = window.load(from, window.bytes.length);
    const atEnd = available < window.bytes.length;
    const stop = atEnd ? available : Math.min(available, SEARCH_BYTES);
    for (let i = 0; i < stop; i++) {
      if (this.begins(i, atEnd)) return this.resume(from + i, true);
    }
    this.searchedTo = from + stop;
    return atEnd ? this.resume(from + stop, false) : true;
  }

  /** Whether records begin at index `i`. */
  private begins(i: number, atEnd: boolean): boolean {
    const { filled } = this.window;
    let previous = -1;
    for (let found = 0; found < this.candidatesInARow; found++) {
      const length = this.candidate(i, previous);
      if (length < 0) {
        // One is enough where the next one is not in sight; not where the file ends, because a cut comes once.
        return found > 0 && !atEnd && i + SHORTEST_RECORD_BYTES > filled;
      }
      previous = i;
      i += length;
      if (i === filled && atEnd) return true;
    }
    return true;
  }

  private resume(position: number, found: boolean): boolean {
    if (!found && this.perhapsCut) this.tellCut();
    else this.tellDamage(this.damage!, position, found);
    this.perhapsCut = false;
    this.damage = null;
    this.jumpedFrom = -1;
    this.position = position;
    this.ended = !found;
    return found;
  }

  private tellDamage(damage: Message, end: number, found: boolean): void {
    const packet = this.packets + 1;
    const length = end - this.position;
    const left = length === 1 ? message('1 byte is left out') : message('{0} bytes are left out', length);
    this.sink.notice({
      code: 'damaged-record',
      severity: 'error',
      message: found
        ? message('{0} {1}; packet {2} is the next that can be read.', damage, left, packet)
        : message('{0} Nothing that can be read follows.', damage),
      packet,
      offset: this.position,
      length,
    });
  }
}

/** What is wrong with a packet of more than {@link MAX_CAPTURED_BYTES}. */
export const tooLong = (packet: number, position: number, bytes: number): Message =>
  message('Packet {0} at byte {1} claims {2} captured bytes, more than any packet has.', packet, position, bytes);

/** The file ends before its first record. */
export const cutHeader = (got: number, headerBytes: number): Notice => ({
  code: 'cut-header',
  severity: 'error',
  message: message('The file was cut short in its header: {0} of {1} bytes are there.', got, headerBytes),
  offset: 0,
  length: got,
});
