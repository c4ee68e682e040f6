import { type CaptureInterface, TEXT_ONLY, UNKNOWN_LINK_TYPE } from '../model/capture';
import { type Dialect, noPlace, PacketText, type ScriptEvent, type TextSink } from './format';
import { cutBytes, linkTypeOf } from './link-guess';
import { Numbering } from './numbering';
import type { PacketMemory, Stretch } from './packet-memory';
import type { PlacedProblem } from './packet-records';
import { NEWLINE } from './scan';
import { Clock } from './times';

/** The lines of a packet. */
export interface PacketLines extends Stretch {
  readonly bytes: Uint8Array;
  /** Indexes of `bytes`; that of the first byte is `position` in the source. */
  readonly start: number;
  readonly end: number;
}

/** Makes packets out of their lines: what is the same however these were found. */
export class PacketEmitter {
  readonly interfaces: CaptureInterface[] = [interfaceOf(TEXT_ONLY)];
  private readonly packet = new PacketText();
  private readonly numbering: Numbering;
  private readonly clock: Clock;
  private readonly place = noPlace();
  private packets = 0;

  constructor(
    private readonly dialect: Dialect,
    /** Remembers what is read, where the text is one that is edited. */
    private readonly memory: PacketMemory | null,
  ) {
    this.numbering = new Numbering(dialect.numbers);
    this.clock = new Clock(dialect.times);
  }

  emit(sink: TextSink, lines: PacketLines): void {
    const { packet, dialect } = this;
    packet.reset();
    dialect.parse(lines.bytes, lines.start, lines.end, packet, null);
    this.memory?.put(packet, lines, () => placed(lines, packet));
    this.advance();
    for (const event of packet.events) this.tell(sink, lines, event);
    this.deliver(sink, lines, placed(lines, packet));
  }

  /** A packet that was read before, where it is now. */
  emitAgain(sink: TextSink, stretch: Stretch, record: number): void {
    const memory = this.memory!;
    const problems = memory.records.take(record, this.packet);
    memory.add(stretch, record);
    this.advance();
    this.deliver(sink, stretch, problems);
  }

  private advance(): void {
    const { packet, clock, dialect } = this;
    if (packet.timed) clock.advance(packet.time, packet.isDelta);
    dialect.follow?.(packet);
  }

  private deliver(sink: TextSink, stretch: Stretch, problems: readonly PlacedProblem[]): void {
    const { packet, clock, place } = this;
    for (const { line, offset, ...problem } of problems)
      sink.notice({
        ...problem,
        line: stretch.line + line,
        offset: stretch.position + offset,
        ...(packet.isPacket ? { packet: this.packets + 1 } : {}),
      });
    if (!packet.isPacket) return;
    this.packets++;
    place.position = stretch.position;
    place.length = stretch.length;
    place.line = stretch.line;
    place.lines = stretch.lines;
    place.seconds = clock.seconds;
    place.nanos = clock.nanos;
    place.wireBytes = packet.wireBytes;
    const linkType = packet.hexLength > 0 ? linkTypeOf(packet) : TEXT_ONLY;
    // Bytes that nobody can read do not win over words.
    const hasBytes = packet.hexLength > 0 && linkType >= 0;
    place.interface = hasBytes ? this.interfaceFor(linkType) : 0;
    sink.packet(place);
    if (hasBytes) {
      const bytes = packet.hexLength + (packet.isCut ? cutBytes(packet, linkType) : 0);
      sink.bytes(linkType, packet.hex, packet.hexLength, Math.max(packet.wireBytes - packet.linkBytes, bytes));
    } else
      for (let i = 0; i < packet.segmentCount; i++) {
        const facts = packet.segments[i]!;
        this.numbering.complete(facts, clock);
        sink.segment(facts);
      }
    for (const facts of packet.hidden) sink.hidden(facts);
    for (const stated of packet.states) sink.state(stated, stretch.line);
  }

  private tell(
    sink: TextSink,
    lines: PacketLines,
    { kind, text, start, end, blocksFor, assertion }: ScriptEvent,
  ): void {
    const { clock } = this;
    const first = lines.line + breaksBefore(lines, start);
    const timeNs = clock.seconds * 1e9 + clock.nanos;
    sink.event({
      kind,
      text,
      line: first,
      lines: lines.line + breaksBefore(lines, end) - first + 1,
      timeNs,
      untilNs: blocksFor === null ? null : timeNs + Math.round(blocksFor * 1e9),
      nextPacket: this.packets + 1,
      assertion: assertion ?? null,
    });
  }

  private interfaceFor(linkType: number): number {
    const known = this.interfaces.findIndex((one) => one.linkType === linkType);
    return known >= 0 ? known : this.interfaces.push(interfaceOf(linkType)) - 1;
  }
}

const NO_PROBLEMS: readonly PlacedProblem[] = [];

const placed = (lines: PacketLines, { problems }: PacketText): readonly PlacedProblem[] =>
  problems.length === 0
    ? NO_PROBLEMS
    : problems.map(({ at, ...problem }) => ({
        ...problem,
        line: breaksBefore(lines, at),
        offset: at - lines.start,
      }));

/** Line breaks of a packet in front of an index. */
function breaksBefore({ bytes, start }: PacketLines, at: number): number {
  let breaks = 0;
  for (let i = start; i < at; i++) if (bytes[i] === NEWLINE) breaks++;
  return breaks;
}

const interfaceOf = (linkType: number): CaptureInterface => ({
  linkType: linkType < 0 && linkType !== TEXT_ONLY ? UNKNOWN_LINK_TYPE : linkType,
  fcsBytes: 0,
  name: null,
  description: null,
  snapLength: 0,
  dropped: null,
});
