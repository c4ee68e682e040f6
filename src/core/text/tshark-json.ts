import {
  type Dialect,
  type NumberStyle,
  OTHER,
  type PacketText,
  type TextContext,
  type TextFormat,
  type TextHead,
} from './format';
import { noteWrapped } from './damage';
import { type JsonVisitor, ObjectFramer, takeHexDigits, walkJson } from './json';
import { linesOf } from './lines';
import type { Marks } from './marks';
import { PacketFields, TIME_FIELDS } from './packet-fields';
import { ascii, find, isSpace, NEWLINE, RETURN, Scanner, slice, startsWith } from './scan';
import { type TimeMeaning, TimeValue } from './times';

const LAYERS = ascii('"layers"');
const SOURCE = ascii('"_source"');
const SOURCE_PORT = ascii('"tcp.srcport":');
const INDEX = ascii('"index"');
const TIMESTAMP = ascii('"timestamp"');
const SEQ_RAW = ascii('seq_raw"');

/** `tshark -T json`: an array of packets, each with its layers and their fields by Wireshark's names. */
export const tsharkJson: TextFormat = {
  id: 'tshark-json',
  name: 'tshark JSON',
  sniff: (head) =>
    // `jq '.[]._source.layers'` leaves the layers themselves.
    beginsObject(head) && has(head, has(head, LAYERS) ? SOURCE : SOURCE_PORT) ? head.end - head.start : 0,
  open: (head, context) => new JsonDialect('tshark -T json', false, head, context),
};

/** `tshark -T ek`: for Elasticsearch, one object a line, an index line before each packet. */
export const tsharkEk: TextFormat = {
  id: 'tshark-ek',
  name: 'tshark EK',
  sniff: (head) =>
    beginsObject(head) && !has(head, SOURCE) && has(head, TIMESTAMP) && has(head, LAYERS) ? head.end - head.start : 0,
  open: (head, context) => new JsonDialect('tshark -T ek', true, head, context),
};

const has = ({ bytes, start, end }: TextHead, text: Uint8Array): boolean => find(bytes, start, end, text) >= 0;

/** Log lines may stand in front: a line that begins with a bracket or a brace. */
function beginsObject(head: TextHead): boolean {
  for (const { start, end } of linesOf(head)) {
    let at = start;
    while (at < end && isSpace(head.bytes[at]!)) at++;
    if (at < end && (head.bytes[at] === 0x5b || head.bytes[at] === 0x7b)) return true;
  }
  return false;
}

const scanner = new Scanner();
const time = new TimeValue();

/** Fields by their path below `layers`. */
class Collector implements JsonVisitor {
  packet!: PacketText;
  bytes!: Uint8Array;
  marks: Marks | null = null;
  /** It has layers: it is a packet, not an index line. */
  hasLayers = false;
  /** Depth at which the current TCP header was opened, -1 outside of one. */
  private tcpDepth = -1;
  /** Depth at which an ICMP message was opened: what it quotes is no segment. */
  private icmpDepth = -1;
  private depth = 0;
  private layersDepth = -1;
  private hasTime = false;
  /** In one of the arrays that stand for layers where fields were asked for (`-e`). */
  private inArray = false;

  constructor(
    private readonly fields: PacketFields,
    /** Names are written `tcp_tcp_srcport` (EK). */
    private readonly flat: boolean,
    private readonly timeField: string,
    /** Objects are the layers of packets. */
    private readonly isBare: boolean,
  ) {}

  begin(packet: PacketText, bytes: Uint8Array, marks: Marks | null): void {
    this.packet = packet;
    this.bytes = bytes;
    this.marks = marks;
    this.hasLayers = this.hasTime = this.inArray = false;
    this.tcpDepth = this.icmpDepth = this.layersDepth = -1;
    this.depth = 0;
    this.fields.begin(packet, bytes, marks);
  }

  /** What belongs to no layer of its own is complete with the packet. */
  end(): void {
    this.fields.end();
  }

  open(keyStart: number, keyEnd: number, isObject: boolean): void {
    this.depth++;
    if (this.isBare && this.depth === 1) this.layersDepth = 1;
    if (this.isBare && this.depth === 2) this.hasLayers = true;
    this.inArray = !isObject && this.layersDepth >= 0 && this.depth === this.layersDepth + 1;
    if (keyEnd - keyStart > 40 || keyEnd <= keyStart) return;
    const key = slice(this.bytes, keyStart, keyEnd);
    if (key === 'layers' && this.layersDepth < 0) {
      this.hasLayers = true;
      this.layersDepth = this.depth;
    } else if ((key === 'icmp' || key === 'icmpv6') && this.icmpDepth < 0) this.icmpDepth = this.depth;
    else if (key === 'tcp' && isObject && this.icmpDepth < 0) {
      this.tcpDepth = this.depth;
      this.fields.beginSegment();
    }
  }

  close(): void {
    this.inArray = false;
    if (this.depth === this.tcpDepth) {
      this.tcpDepth = -1;
      this.fields.endSegment();
    }
    if (this.depth === this.icmpDepth) this.icmpDepth = -1;
    this.depth--;
  }

  value(keyStart: number, keyEnd: number, start: number, end: number): void {
    if (keyEnd - keyStart > 80 || this.icmpDepth >= 0) return;
    if (this.layersDepth < 0) {
      if (this.flat && !this.hasTime) this.takeTimestamp(keyStart, keyEnd, start, end);
      return;
    }
    let key = slice(this.bytes, keyStart, keyEnd);
    if (this.flat) key = unflattened(key, this.inArray);
    if (key === 'frame_raw' && this.packet.hexLength === 0) {
      takeHexDigits(this.bytes, start, end, (byte) => this.packet.addHex(byte));
      this.marks?.mark('hex', start, end);
      return;
    }
    if (key === this.timeField && !this.hasTime) {
      // tshark 4.2 writes a date.
      scanner.set(this.bytes, start, end);
      this.hasTime = time.take(scanner, 'date') || time.take(scanner.set(this.bytes, start, end), 'seconds');
      this.setTime();
    }
    if (key.startsWith('tcp.') && this.tcpDepth < 0 && !this.inArray) return;
    this.fields.take(key, start, end, this.inArray);
  }

  /** `"timestamp":"1259023909119"`: milliseconds. */
  private takeTimestamp(keyStart: number, keyEnd: number, start: number, end: number): void {
    if (slice(this.bytes, keyStart, keyEnd) !== 'timestamp') return;
    const milliseconds = scanner.set(this.bytes, start, end).uint();
    if (milliseconds < 0) return;
    time.seconds = Math.floor(milliseconds / 1000);
    time.nanos = (milliseconds % 1000) * 1_000_000;
    this.setTime();
  }

  private setTime(): void {
    this.packet.timed = true;
    this.packet.time.seconds = time.seconds;
    this.packet.time.nanos = time.nanos;
  }
}

/**
 * `tcp_tcp_srcport` is `tcp.srcport`, `frame_frame_time_epoch` `frame.time_epoch`, `frame_raw` stays. A field that was
 * asked for has its protocol's name once.
 */
function unflattened(key: string, isOnce: boolean): string {
  if (key.startsWith(ROUTING)) return ROUTING_FIELDS[key.slice(ROUTING.length)] ?? key;
  const at = key.indexOf('_');
  if (at < 0) return key;
  const protocol = key.slice(0, at);
  if (!isOnce && !key.startsWith(`${protocol}_`, at + 1)) return key;
  const field = key.slice(isOnce ? at + 1 : 2 * at + 2);
  return `${protocol}.${DOTTED.get(field) ?? field}`;
}

/** Fields of a header that is a layer of its own within IPv6. */
const ROUTING = 'ipv6_routing_ipv6_routing_';
const ROUTING_FIELDS: Readonly<Record<string, string>> = {
  segleft: 'ipv6.routing.segleft',
  src_addr: 'ipv6.routing.src.addr',
  mipv6_home_address: 'ipv6.routing.mipv6.home_address',
  srh_addr: 'ipv6.routing.srh.addr',
};

/** Names that have dots below the protocol, by what EK makes of them. */
const DOTTED: ReadonlyMap<string, string> = new Map(
  [
    'flags.fin',
    'flags.syn',
    'flags.reset',
    'flags.push',
    'flags.ack',
    'flags.urg',
    'flags.ece',
    'flags.cwr',
    'flags.ns',
    'flags.ae',
    'flags.ace',
    'opt.mipv6.home_address',
    'checksum.status',
    'flags.str',
    'options.mss_val',
    'options.wscale.shift',
    'options.sack_perm',
    'options.sack_le',
    'options.sack_re',
    'options.timestamp.tsval',
    'options.timestamp.tsecr',
  ].map((name) => [name.replaceAll('.', '_'), name]),
);

/** Names of fields that were asked for (`-e`), as their arrays begin; that they are there tells what is left out. */
const ASKED = ['tcp.len', 'tcp.options'].map((name) => ({
  name,
  keys: [name, name.replace('.', '_')].map((key) => [ascii(`"${key}": [`), ascii(`"${key}":[`)]).flat(),
}));

/** The object in `[start, end)` without line breaks in its names and values, where none can be; `null` if there are none. */
function withoutBreaks(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  let first = start;
  while (first < end && bytes[first] !== NEWLINE) first++;
  if (first === end) return null;
  const joined = new Uint8Array(end - start);
  let length = 0;
  let isBroken = false;
  let inString = false;
  let isEscaped = false;
  for (let at = start; at < end; at++) {
    const c = bytes[at]!;
    if (inString && (c === NEWLINE || c === RETURN)) {
      isBroken = true;
      continue;
    }
    joined[length++] = c;
    if (isEscaped) isEscaped = false;
    else if (c === 0x5c) isEscaped = inString;
    else if (c === 0x22) inString = !inString;
  }
  return isBroken ? joined.subarray(0, length) : null;
}

/** The beginning of a text without line breaks in strings. */
function joinedHead(head: TextHead): TextHead {
  const bytes = withoutBreaks(head.bytes, head.start, head.end);
  return bytes === null ? head : { bytes, start: 0, end: bytes.length };
}

class JsonDialect implements Dialect {
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  readonly framer = new ObjectFramer();
  private readonly collector: Collector;

  constructor(
    readonly description: string,
    private readonly flat: boolean,
    beginning: TextHead,
    context: TextContext,
  ) {
    const head = flat && !has(beginning, SEQ_RAW) ? joinedHead(beginning) : beginning;
    const raw = has(head, SEQ_RAW);
    const field = TIME_FIELDS.find(([name]) => has(head, ascii(`${flat ? name.slice(6) : name}"`)));
    // `-T jsonraw` has the bytes of the time, which are none.
    this.times = field?.[1] ?? (has(head, TIMESTAMP) ? 'absolute' : 'none');
    this.numbers = raw ? 'raw' : 'relative';
    const told = ASKED.filter(({ keys }) => keys.some((key) => has(head, key))).map(({ name }) => name);
    const isBare = !has(head, LAYERS);
    this.key = JSON.stringify([raw, flat, field?.[0], told, isBare]);
    this.collector = new Collector(new PacketFields(context, raw, new Set(told)), flat, field?.[0] ?? '', isBare);
  }

  line(): number {
    return OTHER;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const { collector } = this;
    if (startsWith(bytes, start + 1, end, INDEX)) {
      packet.isPacket = false;
      return;
    }
    // A packet of EK is one line, which a mailer or a terminal may have broken anywhere.
    const joined = this.flat ? withoutBreaks(bytes, start, end) : null;
    if (joined === null) {
      collector.begin(packet, bytes, marks);
      walkJson(bytes, start, end, collector);
    } else {
      collector.begin(packet, joined, null);
      walkJson(joined, 0, joined.length, collector);
      noteWrapped(packet, start);
    }
    collector.end();
    packet.isPacket = collector.hasLayers;
    packet.isCut = packet.wireBytes === 0;
  }
}
