import {
  type Dialect,
  type NumberStyle,
  OTHER,
  type PacketText,
  type TextContext,
  type TextFormat,
  type TextHead,
} from './format';
import type { Marks } from './marks';
import { PacketFields } from './packet-fields';
import { ascii, find, isSpace, Scanner, slice, startsWith } from './scan';
import type { TimeMeaning } from './times';
import { PACKET, PacketFramer } from './xml-packets';

const PDML = ascii('<pdml');
const PROTO = ascii('<proto ');
const SEQ_RAW = ascii('"tcp.seq_raw"');
const TCP_LAYER = ascii('<proto name="tcp"');
const ASKED = ['tcp.len', 'tcp.options'];

/** Packet Details Markup Language, as `tshark -T pdml` writes it: XML with a field an element. */
export const pdml: TextFormat = {
  id: 'pdml',
  name: 'PDML',
  sniff({ bytes, start, end }) {
    const at = find(bytes, start, end, PDML);
    const packet = find(bytes, start, end, PACKET);
    if (at < 0 && (packet < 0 || find(bytes, packet, end, PROTO) < 0)) return 0;
    return end - (at < 0 ? packet : at);
  },
  open: (head, context) => new PdmlDialect(head, context),
};

const PROTO_END = ascii('</proto>');
const FIELD = ascii('<field ');

const scanner = new Scanner();

/** Where the values of an element's attributes are. */
class Attributes {
  nameStart = 0;
  nameEnd = 0;
  showStart = 0;
  showEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  /** The element has no content: `/>`. */
  isEmpty = false;

  /** Reads attributes from `at` up to `>`, and returns the index behind it. */
  take(bytes: Uint8Array, at: number, end: number): number {
    this.nameEnd = this.nameStart = this.showEnd = this.showStart = this.valueEnd = this.valueStart = 0;
    this.isEmpty = false;
    while (at < end && bytes[at] !== 0x3e) {
      if (isSpace(bytes[at]!) || bytes[at] === 0x2f) {
        this.isEmpty = bytes[at] === 0x2f;
        at++;
        continue;
      }
      const from = at;
      while (at < end && bytes[at] !== 0x3d && bytes[at] !== 0x3e && !isSpace(bytes[at]!)) at++;
      const length = at - from;
      const first = bytes[from]!;
      if (bytes[at] !== 0x3d) continue;
      at++;
      const quote = bytes[at]!;
      if (quote !== 0x22 && quote !== 0x27) continue;
      const start = ++at;
      while (at < end && bytes[at] !== quote) at++;
      if (length === 4 && first === 0x6e) {
        this.nameStart = start;
        this.nameEnd = at;
      } else if (length === 4 && first === 0x73 && bytes[from + 2] === 0x6f) {
        // "show", not "size".
        this.showStart = start;
        this.showEnd = at;
      } else if (length === 5 && first === 0x76) {
        this.valueStart = start;
        this.valueEnd = at;
      }
      at++;
    }
    return Math.min(at + 1, end);
  }
}

class PdmlDialect implements Dialect {
  readonly description = 'PDML';
  readonly times: TimeMeaning = 'absolute';
  readonly numbers: NumberStyle;
  readonly key: string;
  readonly framer = new PacketFramer();
  private readonly fields: PacketFields;
  private readonly attributes = new Attributes();

  constructor({ bytes, start, end }: TextHead, context: TextContext) {
    const raw = find(bytes, start, end, SEQ_RAW) >= 0;
    this.numbers = raw ? 'raw' : 'relative';
    // Fields that were asked for (`-e`) stand beside each other: what is not told of them is not there.
    const isAsked = find(bytes, start, end, TCP_LAYER) < 0;
    const told = isAsked ? ASKED.filter((name) => find(bytes, start, end, ascii(`"${name}"`)) >= 0) : [];
    this.key = JSON.stringify([raw, told]);
    this.fields = new PacketFields(context, raw, new Set(told));
  }

  line(): number {
    return OTHER;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const { fields, attributes } = this;
    fields.begin(packet, bytes, marks);
    let depth = 0;
    let tcpDepth = -1;
    let icmpDepth = -1;
    for (let at = start; at < end;) {
      if (bytes[at] !== 0x3c) {
        at++;
        continue;
      }
      if (startsWith(bytes, at, end, PROTO)) {
        at = attributes.take(bytes, at + PROTO.length, end);
        if (attributes.isEmpty) continue;
        depth++;
        const name = this.name(bytes);
        if (name === 'tcp' && icmpDepth < 0) {
          tcpDepth = depth;
          fields.beginSegment();
        } else if ((name === 'icmp' || name === 'icmpv6') && icmpDepth < 0) icmpDepth = depth;
      } else if (startsWith(bytes, at, end, PROTO_END)) {
        if (depth === tcpDepth) {
          fields.endSegment();
          tcpDepth = -1;
        }
        if (depth === icmpDepth) icmpDepth = -1;
        depth--;
        at += PROTO_END.length;
      } else if (startsWith(bytes, at, end, FIELD)) {
        at = attributes.take(bytes, at + FIELD.length, end);
        if (depth === 0) this.takeAsked(bytes, packet);
        else if (icmpDepth < 0) this.takeField(bytes, tcpDepth >= 0, packet);
      } else at++;
    }
    fields.end();
  }

  /** A field that was asked for: its value may be all that it has. */
  private takeAsked(bytes: Uint8Array, packet: PacketText): void {
    const { attributes } = this;
    if (attributes.showEnd === attributes.showStart)
      [attributes.showStart, attributes.showEnd] = [attributes.valueStart, attributes.valueEnd];
    const name = this.name(bytes);
    this.takeTime(name, bytes, packet);
    this.fields.take(name, attributes.showStart, attributes.showEnd, true);
  }

  private takeField(bytes: Uint8Array, inTcp: boolean, packet: PacketText): void {
    const { attributes } = this;
    const name = this.name(bytes);
    this.takeTime(name, bytes, packet);
    if (name.startsWith('tcp.') && !inTcp) return;
    // Options are shown in words by some versions; their bytes are the same in all.
    const isBytes = name === 'tcp.options' && attributes.valueEnd > attributes.valueStart;
    this.fields.take(
      name,
      isBytes ? attributes.valueStart : attributes.showStart,
      isBytes ? attributes.valueEnd : attributes.showEnd,
    );
  }

  /** Each packet has its time and length in front of its layers, whatever they are filtered by. */
  private takeTime(name: string, bytes: Uint8Array, packet: PacketText): void {
    const { showStart, showEnd, valueStart, valueEnd } = this.attributes;
    if (name === 'timestamp' && !packet.timed)
      packet.timed = packet.time.take(scanner.set(bytes, valueStart, valueEnd), 'seconds');
    else if (name === 'len' && packet.wireBytes === 0)
      packet.wireBytes = Math.max(0, scanner.set(bytes, showStart, showEnd).uint());
    else if (name === 'frame.time_epoch')
      packet.timed =
        packet.time.take(scanner.set(bytes, showStart, showEnd), 'date') ||
        packet.time.take(scanner.set(bytes, showStart, showEnd), 'seconds');
  }

  private name(bytes: Uint8Array): string {
    const { nameStart, nameEnd } = this.attributes;
    return nameEnd - nameStart > 80 ? '' : slice(bytes, nameStart, nameEnd);
  }
}
