import { Cells } from './delimited';
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
import { ascii, find } from './scan';
import type { TimeMeaning } from './times';
import {
  type Column,
  columnOf,
  DEFAULT_PLACE,
  isList,
  ListReader,
  ListSample,
  type Place,
  titleIn,
} from './tshark-list';
import { PACKET, PacketFramer } from './xml-packets';

const STRUCTURE = ascii('<structure>');
const STRUCTURE_END = ascii('</structure>');
const SECTION = ascii('<section>');
const SECTION_END = ascii('</section>');

/** Packet Summary Markup Language, as `tshark -T psml` writes it: Wireshark's list in XML, with a section a column. */
export const psml: TextFormat = {
  id: 'psml',
  name: 'PSML',
  sniff(head) {
    const { bytes, start, end } = head;
    const packet = find(bytes, start, end, PACKET);
    if (packet < 0 || find(bytes, packet, end, SECTION) < 0) return 0;
    return isList(placeOf(head)) ? end - packet : 0;
  },
  open: (head, context) => new PsmlDialect(head, context),
};

const cells = new Cells();

/** What is in the sections of `[start, end)`. */
function takeSections(bytes: Uint8Array, start: number, end: number): void {
  cells.count = 0;
  for (let at = find(bytes, start, end, SECTION); at >= 0; at = find(bytes, at, end, SECTION)) {
    const from = at + SECTION.length;
    const to = find(bytes, from, end, SECTION_END);
    cells.add(from, to < 0 ? end : to);
    if (to < 0) return;
    at = to;
  }
}

/** Columns by the titles in front of the packets; where these are left out, Wireshark's own. */
function placeOf({ bytes, start, end }: TextHead): Place {
  const from = find(bytes, start, end, STRUCTURE);
  if (from < 0) return DEFAULT_PLACE;
  const to = find(bytes, from, end, STRUCTURE_END);
  takeSections(bytes, from, to < 0 ? end : to);
  const place: Partial<Record<Column, number>> = {};
  for (let cell = 0; cell < cells.count; cell++) {
    const column = columnOf(titleIn(bytes, cells.start(cell), cells.end(cell)));
    if (column !== undefined) place[column] = cell;
  }
  return place;
}

class PsmlDialect implements Dialect {
  readonly description = 'PSML';
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  readonly framer = new PacketFramer();
  private readonly place: Place;
  private readonly reader: ListReader;

  constructor(head: TextHead, context: TextContext) {
    this.place = placeOf(head);
    const sample = new ListSample();
    const framer = new PacketFramer();
    for (let at = head.start; at < head.end;) {
      const end = framer.feed(head.bytes, at, head.end);
      if (end < 0) break;
      takeSections(head.bytes, end - framer.behind, end);
      sample.add(head.bytes, cells, this.place);
      framer.reset();
      at = end;
    }
    const { style } = sample;
    this.times = style.meaning;
    this.numbers = style.numbers;
    this.key = JSON.stringify([this.place, style]);
    this.reader = new ListReader(style, context);
  }

  line(): number {
    return OTHER;
  }

  follow(packet: PacketText): void {
    this.reader.follow(packet);
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    takeSections(bytes, start, end);
    if (cells.count <= Math.max(...Object.values(this.place))) return;
    this.reader.take(bytes, cells, this.place, packet, marks);
  }
}
