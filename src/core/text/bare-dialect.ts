import { BareLines, type Coat } from './bare-lines';
import type { Dialect, NumberStyle, PacketText } from './format';
import type { MarkId, Marks } from './marks';
import { frontEnd, takeFrontTime, timeStyleOf } from './front';
import { endOfLine } from './lines';
import type { TimeMeaning } from './times';

/** A dialect of lines that have a coat: reads them without, and says where everything is with it. */
export class BareDialect implements Dialect {
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key?: string;
  /** How times are written that stand in fronts alone. */
  private readonly style: 'date' | 'time-of-day' | 'none';
  private readonly lines: BareLines;
  private readonly one: BareLines;

  constructor(
    private readonly inner: Dialect,
    private readonly coat: Coat,
  ) {
    this.description = inner.description;
    // What has no times of its own has those of whoever logged it.
    this.style = inner.times === 'none' ? timeStyleOf(coat.front) : 'none';
    this.times = this.style === 'none' ? inner.times : this.style === 'date' ? 'absolute' : this.style;
    this.numbers = inner.numbers;
    if (inner.key !== undefined) this.key = JSON.stringify([coat, inner.key]);
    this.lines = new BareLines(coat);
    this.one = new BareLines(coat);
  }

  line(bytes: Uint8Array, start: number, end: number, after: boolean): number {
    const { bytes: bare, length } = this.one.set(bytes, start, end);
    return this.inner.line(bare, 0, length, after);
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
