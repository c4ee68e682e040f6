import { type CaptureInterface, TEXT_ONLY, UNKNOWN_LINK_TYPE } from '../model/capture';
import type { Notice } from '../model/notice';
import { type Dialect, type PacketPlace, PacketText, type ScriptEvent, type TextSink } from './format';
import { cutBytes, linkTypeOf } from './link-guess';
import { Numbering } from './numbering';
import { NEWLINE } from './scan';
import { Clock } from './times';

/** Where the lines of a packet are. */
export interface PacketLines {
  readonly bytes: Uint8Array;
  /** Indexes of `bytes`. */
  readonly start: number;
  readonly end: number;
  /** Position of `start` in the source. */
  readonly position: number;
  /** 1-based number of the first line, and how many there are. */
  readonly line: number;
  readonly lines: number;
}

/** Makes packets out of their lines: what is the same however these were found. */
export class PacketEmitter {
  readonly interfaces: CaptureInterface[] = [interfaceOf(TEXT_ONLY)];
  private readonly packet = new PacketText();
  private readonly numbering: Numbering;
  private readonly clock: Clock;
  private readonly place: PacketPlace = {
    position: 0,
    length: 0,
    line: 0,
    lines: 0,
    seconds: 0,
    nanos: 0,
    wireBytes: 0,
    interface: 0,
  };
  private packets = 0;

  constructor(private readonly dialect: Dialect) {
    this.numbering = new Numbering(dialect.numbers);
    this.clock = new Clock(dialect.times);
  }

  emit(sink: TextSink, lines: PacketLines): void {
    const { packet, clock, place, dialect } = this;
    packet.reset();
    dialect.parse(lines.bytes, lines.start, lines.end, packet, null);
    if (packet.timed) clock.advance(packet.time, packet.isDelta);
    dialect.follow?.(packet);
    for (const event of packet.events) this.tell(sink, lines, event);
    for (const { at, ...problem } of packet.problems)
      sink.notice({ ...problem, ...placeOf(lines, at), ...(packet.isPacket ? { packet: this.packets + 1 } : {}) });
    if (!packet.isPacket) return;
    this.packets++;
    place.position = lines.position;
    place.length = lines.end - lines.start;
    place.line = lines.line;
    place.lines = lines.lines;
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
      sink.bytes(linkType, packet.hex, packet.hexLength, Math.max(packet.wireBytes, bytes));
    } else
      for (let i = 0; i < packet.segmentCount; i++) {
        const facts = packet.segments[i]!;
        this.numbering.complete(facts, clock);
        sink.segment(facts);
      }
    for (const stated of packet.states) sink.state(stated, lines.line);
  }

  private tell(
    sink: TextSink,
    lines: PacketLines,
    { kind, text, start, end, blocksFor, assertion }: ScriptEvent,
  ): void {
    const { clock } = this;
    const first = placeOf(lines, start).line!;
    const timeNs = clock.seconds * 1e9 + clock.nanos;
    sink.event({
      kind,
      text,
      line: first,
      lines: placeOf(lines, end).line! - first + 1,
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

/** Line and byte of an index of the packet's text. */
function placeOf({ bytes, start, position, line }: PacketLines, at: number): Pick<Notice, 'line' | 'offset'> {
  let lines = 0;
  for (let i = start; i < at; i++) if (bytes[i] === NEWLINE) lines++;
  return { line: line + lines, offset: position + at - start };
}

const interfaceOf = (linkType: number): CaptureInterface => ({
  linkType: linkType < 0 && linkType !== TEXT_ONLY ? UNKNOWN_LINK_TYPE : linkType,
  fcsBytes: 0,
  name: null,
  description: null,
  snapLength: 0,
  dropped: null,
});
