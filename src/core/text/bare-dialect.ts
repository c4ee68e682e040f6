import { BareFramer } from './bare-framer';
import { BareLines, type Coat } from './bare-lines';
import { CONTINUES, type Dialect, type Framer, type NumberStyle, type PacketText } from './format';
import type { MarkId, Marks } from './marks';
import { frontEnd, takeFrontTime, timeStyleOf } from './front';
import { endOfLine } from './lines';
import { NEWLINE } from './scan';
import type { TimeMeaning } from './times';

/** Lines that one was broken into, and the bytes that they have at most. */
const MAX_LINES = 16;
const MAX_AHEAD = 2048;

/** A dialect of lines that have a coat: reads them without, and says where everything is with it. */
export class BareDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key?: string;
  readonly ahead: number;
  readonly framer?: Framer;
  /** How times are written that stand in fronts alone. */
  private readonly style: 'date' | 'time-of-day' | 'none';
  private readonly lines: BareLines;
  private readonly one: BareLines;
  private readonly more: BareLines;

  constructor(
    private readonly inner: Dialect,
    private readonly coat: Coat,
  ) {
    this.description = inner.description;
    // What has no times of its own has those of whoever logged it.
    this.style = inner.times === 'none' ? timeStyleOf(coat.front) : 'none';
    this.times = this.style === 'none' ? inner.times : this.style === 'date' ? 'absolute' : this.style;
    this.numbers = inner.numbers;
    const { wrapping } = coat;
    const wrapped = wrapping === null ? null : { ...wrapping, beginnings: [...wrapping.beginnings] };
    if (inner.key !== undefined) this.key = JSON.stringify([{ ...coat, wrapping: wrapped }, inner.key]);
    if (inner.framer !== undefined) this.framer = new BareFramer(inner.framer, coat);
    this.ahead = wrapping === null ? 0 : MAX_AHEAD;
    this.lines = new BareLines(coat);
    this.one = new BareLines(coat);
    this.more = new BareLines(coat);
  }

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    if (this.coat.wrapping !== null && after && this.isRest(bytes, start, end)) return CONTINUES;
    const { bytes: bare, length } = this.whole(bytes, start, end);
    return this.inner.line(bare, 0, length, after);
  }

  /** Whether a line goes on from the one in front of it, which was broken. */
  private isRest(bytes: Uint8Array, start: number, end: number): boolean {
    if (start === 0) return false;
    const last = start < 2 ? 0 : bytes.lastIndexOf(NEWLINE, start - 2) + 1;
    return this.one.set(bytes, last, end).joints.length > 0;
  }

  /** A line with all that goes on from it. */
  private whole(bytes: Uint8Array, start: number, end: number): BareLines {
    let found = this.one.set(bytes, start, end);
    if (this.coat.wrapping === null) return found;
    let to = end;
    for (let lines = 1; lines <= MAX_LINES; lines++) {
      const from = endOfLine(bytes, to, bytes.length) + 1;
      const next = endOfLine(bytes, from, bytes.length);
      if (from >= bytes.length || next - start > MAX_AHEAD) break;
      if (this.more.set(bytes, start, next).joints.length < lines) break;
      found = this.one.set(bytes, start, next);
      to = next;
    }
    return found;
  }

  follow(packet: PacketText): void {
    this.inner.follow?.(packet);
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const lines = this.lines.set(bytes, start, end);
    this.inner.parse(lines.bytes, 0, lines.length, packet, marks === null ? null : placedBy(lines, marks));
    if (this.style !== 'none') {
      const behind = Math.max(start, frontEnd(this.coat.front, bytes, start, endOfLine(bytes, start, end)));
      packet.timed = takeFrontTime(packet.time, this.style, bytes, start, behind);
    }
    const { problems, events } = packet;
    problems.forEach((problem, i) => (problems[i] = { ...problem, at: lines.originOf(problem.at) }));
    events.forEach(
      (event, i) => (events[i] = { ...event, start: lines.originOf(event.start), end: lines.originBehind(event.end) }),
    );
  }
}

/** Marks where the lines were; one that goes on behind a line break is one a line, without the fronts between. */
const placedBy = (lines: BareLines, marks: Marks): Marks => ({
  mark(id: MarkId, start: number, end: number): void {
    for (let at = start; at < end;) {
      const next = endOfLine(lines.bytes, at, end);
      if (next > at) marks.mark(id, lines.originOf(at), lines.originBehind(next));
      at = next + 1;
    }
  },
});
