import type { AddressTable } from '../model/addresses';
import type { CaptureInterface } from '../model/capture';
import { SegmentFacts } from '../model/facts';
import type { Assertion, TextEvent } from '../model/text-event';
import type { Message } from '../model/message';
import type { Notice, Severity } from '../model/notice';
import type { Marks } from './marks';
import type { ServiceNames } from './service-names';
import { type TimeMeaning, TimeValue } from './times';

/** A text trace format. One file under `text/` and one line in `registry.ts` each. */
export interface TextFormat {
  /** Stable kebab-case identifier. */
  readonly id: string;
  /** As people call it: "tcpdump", "packetdrill script". */
  readonly name: string;
  /** People write it, as they want: what is in front of its lines belongs to them. */
  readonly isWritten?: true;
  /** A line has the titles of its columns: nothing stands in front of the others that is not in front of it. */
  readonly isTitled?: true;
  /**
   * How many bytes of the beginning of a text are lines that this format would write, by their content alone; 0 where
   * there are none. Of several formats the one that claims most has the text.
   */
  sniff(head: TextHead): number;
  /** What the beginning tells about the rest: styles that are the same throughout a trace. */
  open(head: TextHead, context: TextContext): Dialect;
}

/** The beginning of a text in UTF-8: whole lines, except perhaps the last. */
export interface TextHead {
  readonly bytes: Uint8Array;
  /** Behind a byte order mark. */
  readonly start: number;
  readonly end: number;
}

/** What reading needs from outside. */
export interface TextContext {
  readonly addresses: AddressTable;
  readonly services: ServiceNames;
}

/** What a line is to the packet before it. */
export const OTHER = 0;
/** It begins a packet. */
export const BEGINS = 1;
/** It belongs to the packet before it. */
export const CONTINUES = 2;

/** How sequence numbers are printed. */
export type NumberStyle =
  /** As on the wire. */
  | 'raw'
  /** As tshark makes them relative: from the ISN, or from one before the first number of a direction. */
  | 'relative'
  /** As tcpdump does: raw until both directions have a base, then relative to it; with `-S` raw throughout. */
  | 'tcpdump';

/** A format as one trace writes it. */
export interface Dialect {
  /** "tcpdump -tttt -v": the format with its variant. */
  readonly description: string;
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  /**
   * What of the beginning decides how the rest is read: two dialects of one format with the same key read the same lines
   * alike. Where there is one, what {@link line} says of the lines behind one that begins a packet depends on nothing
   * before it, so that a text that was edited need be read anew only where it has changed.
   */
  readonly key?: string;
  /** Packets are pieces of a structure, found by this instead of by {@link line}. */
  readonly framer?: Framer;
  /** Bytes behind a line that {@link line} looks at, as far as the text has them; none where it is not said. */
  readonly ahead?: number;
  /** What the line `[start, end)`, without its line break, is. `after` says whether a packet is open before it. */
  line(bytes: Uint8Array, start: number, end: number, after: boolean): number;
  /**
   * Completes a packet by what was read before it; called once for each, in order. Without it a packet is complete by
   * itself.
   */
  follow?(packet: PacketText): void;
  /** Reads the packet whose lines are `[start, end)`. Knows nothing of other packets; never throws. */
  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void;
}

/** Finds packets in a text where they are no lines of their own (JSON, XML). */
export interface Framer {
  /** It looks through whole lines, as far as there is room for them. */
  readonly takesLines?: true;
  /**
   * Looks through `bytes` from `at` on, behind what it has looked through before, and returns the index behind the end
   * of a packet, or -1 where there is none up to `end`.
   */
  feed(bytes: Uint8Array, at: number, end: number): number;
  /** How many bytes before the place that {@link feed} stopped at the packet begins, -1 outside of one. */
  readonly behind: number;
  /** Forgets what it is in: the next packet begins behind. */
  reset(): void;
}

/** Bytes of hexadecimal text that one packet may have at most, decoded. */
export const MAX_PACKET_BYTES = 262_144;

/** What the text of one packet says; one object, filled anew for every packet. */
export class PacketText {
  /** It is a packet, not something else that is written like one. */
  isPacket = true;
  /** What it is where it is no packet, if it is worth telling. */
  readonly events: ScriptEvent[] = [];
  /** Endpoints of connections that the packet may be one of, where it hides its segment. */
  readonly hidden: SegmentFacts[] = [];
  /** What it says about the states of endpoints after it. */
  readonly states: StatedState[] = [];
  /** {@link time} counts from the packet or event before, whatever the trace's times do. */
  isDelta = false;
  /** Its segments, outermost first; `segmentCount` of them are valid. Numbers are as printed. */
  readonly segments: SegmentFacts[] = [new SegmentFacts()];
  segmentCount = 0;
  readonly time = new TimeValue();
  timed = false;
  /** Length on the wire; 0 where it is not told. */
  wireBytes = 0;
  /** How many of {@link wireBytes} are a header of the link layer that {@link hex} leaves off. */
  linkBytes = 0;
  /** Its bytes, where the text has them: `[0, hexLength)`. They win over everything else that it says. */
  hex = new Uint8Array(2048);
  hexLength = 0;
  /** LINKTYPE_ of these bytes where the text tells; -1 where it does not. */
  linkType = -1;
  /** The text says that the capture holds less than the packet was. */
  isCut = false;
  /** The dialect remembers something of it for {@link Dialect.follow}, or it depends on packets before it. */
  isRemembered = false;
  readonly problems: TextProblem[] = [];

  reset(): void {
    this.isPacket = true;
    empty(this.events);
    empty(this.hidden);
    empty(this.states);
    this.isDelta = false;
    this.segmentCount = 0;
    this.timed = false;
    this.wireBytes = this.linkBytes = 0;
    this.hexLength = 0;
    this.linkType = -1;
    this.isCut = false;
    this.isRemembered = false;
    empty(this.problems);
  }

  /** Facts of another segment, with the values that a text without them has. */
  addSegment(): SegmentFacts {
    const index = this.segmentCount++;
    const facts = (this.segments[index] ??= new SegmentFacts());
    resetFacts(facts);
    return facts;
  }

  addHex(byte: number): void {
    if (this.hexLength >= MAX_PACKET_BYTES) return;
    if (this.hexLength === this.hex.length) {
      const bigger = new Uint8Array(this.hex.length * 2);
      bigger.set(this.hex);
      this.hex = bigger;
    }
    this.hex[this.hexLength++] = byte;
  }

  problem(code: string, severity: Severity, message: Message, at: number): void {
    this.problems.push({ code, severity, message, at });
  }
}

/** Something that a script does besides packets, `[start, end)` of the bytes that were parsed. */
export interface ScriptEvent {
  readonly kind: TextEvent['kind'];
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Seconds after the event's own time at which a call returns that blocks; `null` where it does not. */
  readonly blocksFor: number | null;
  readonly assertion?: Assertion;
}

/** A state that a text gives an endpoint, by the host's name. */
export interface StatedState {
  readonly host: string;
  readonly state: string;
}

/** Something that is wrong with the text of a packet, at an index of the bytes that were parsed. */
export interface TextProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: Message;
  readonly at: number;
}

/** TCP header without options (RFC 9293 §3.1), and the longest one. */
export const MIN_HEADER_BYTES = 20;
export const MAX_HEADER_BYTES = 60;

/** To set a length is slow, even to what it is: most lists are empty. */
function empty(list: unknown[]): void {
  if (list.length > 0) list.length = 0;
}

function resetFacts(facts: SegmentFacts): void {
  if (facts.bytes.length < MAX_HEADER_BYTES) facts.bytes = new Uint8Array(MAX_HEADER_BYTES);
  facts.family = 4;
  facts.source = facts.destination = 0;
  facts.sourcePort = facts.destinationPort = 0;
  facts.seq = facts.ack = 0;
  facts.flags = 0;
  facts.window = 0;
  facts.urgentPointer = 0;
  facts.headerBytes = facts.headerCaptured = MIN_HEADER_BYTES;
  facts.payloadBytes = 0;
  facts.checksum = 0;
  facts.options = 0;
  facts.defects = 0;
  facts.absent = 0;
  facts.windowIsScaled = false;
  facts.statedNotes = -1;
  facts.mss = facts.windowScale = facts.tsValue = facts.tsEcho = 0;
  facts.sackBlocks = 0;
  facts.multipathSubtypes = 0;
  facts.ttl = facts.ipId = facts.ecn = 0;
  facts.payloadAt = MIN_HEADER_BYTES;
  facts.payloadCaptured = 0;
}

/** What a reader tells. */
export interface TextSink {
  notice(notice: Notice): void;
  /** The next packet of the trace; what follows until the next one belongs to it. */
  packet(place: PacketPlace): void;
  /** Something between the packets. */
  event(event: TextEvent): void;
  /** The text says that an endpoint of the last segment is in a state after it. */
  state(stated: StatedState, line: number): void;
  /** A segment of the packet, which the text gives in words. */
  segment(facts: SegmentFacts): void;
  /** The packet has a segment of which nothing is told, perhaps between these endpoints. */
  hidden(facts: SegmentFacts): void;
  /** The bytes of the packet, `[0, length)`; what they hold is for the decoder to say. */
  bytes(linkType: number, bytes: Uint8Array, length: number, originalBytes: number): void;
}

/** Where a packet is; one object, filled anew for every packet. */
export interface PacketPlace {
  /** First byte of its lines in the source, and how many bytes they are. */
  position: number;
  length: number;
  /** 1-based number of its first line. */
  line: number;
  /** How many lines it is. */
  lines: number;
  seconds: number;
  nanos: number;
  wireBytes: number;
  /** Index into the reader's interfaces. */
  interface: number;
}

/** A place that is to be filled in. */
export const noPlace = (): PacketPlace => ({
  position: 0,
  length: 0,
  line: 0,
  lines: 0,
  seconds: 0,
  nanos: 0,
  wireBytes: 0,
  interface: 0,
});

/** A forward reader of the packets of one text trace. */
export interface TextReader {
  readonly interfaces: readonly CaptureInterface[];
  readonly dialect: Dialect;
  /** Position in the source up to which everything has been read. */
  readonly position: number;
  /** Reads a bounded stretch and tells `sink` of it; false when there is nothing more. */
  read(sink: TextSink): boolean;
}

/** In place of a link type: packets that a text describes without their bytes. */
export { TEXT_ONLY } from '../model/capture';
