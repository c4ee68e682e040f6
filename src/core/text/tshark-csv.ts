import {
  BEGINS,
  type Dialect,
  type NumberStyle,
  OTHER,
  type PacketText,
  type TextContext,
  type TextFormat,
  type TextHead,
} from './format';
import { Cells, separatorOf, splitCells } from './delimited';
import { linesOf } from './lines';
import type { Marks } from './marks';
import { ascii, find, isDigit } from './scan';
import type { TimeMeaning } from './times';
import { type Column, columnOf, isList, ListReader, ListSample, type Place, titleIn } from './tshark-list';

/** Wireshark's list of packets as CSV ("Export Packet Dissections"): a line of titles, then one line a packet. */
export const tsharkCsv: TextFormat = {
  id: 'tshark-csv',
  name: 'Wireshark CSV',
  sniff(head) {
    const header = headerOf(head);
    return header === null ? 0 : head.end - header.end;
  },
  open: (head, context) => new CsvDialect(head, headerOf(head)!, context),
};

interface Header {
  readonly end: number;
  readonly separator: number;
  readonly place: Place;
}

const cells = new Cells();
const INFO = ascii('Info');

/** Lines in front of the titles that are looked at. */
const MAX_LINES = 100;

function headerOf(head: TextHead): Header | null {
  let lines = 0;
  for (const { start, end } of linesOf(head)) {
    if (++lines > MAX_LINES) return null;
    if (find(head.bytes, start, end, INFO) < 0) continue;
    const separator = separatorOf(head.bytes, start, end);
    splitCells(head.bytes, start, end, separator, cells);
    const place: Partial<Record<Column, number>> = {};
    let hasFields = false;
    for (let cell = 0; cell < cells.count; cell++) {
      const title = titleIn(head.bytes, cells.start(cell), cells.end(cell));
      const column = columnOf(title);
      if (column !== undefined) place[column] = cell;
      hasFields ||= title === 'tcp.srcport';
    }
    // Beside TCP's own fields the columns tell nothing new.
    if (!hasFields && isList(place)) return { end, separator, place };
  }
  return null;
}

class CsvDialect implements Dialect {
  readonly description = 'Wireshark CSV';
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  private readonly reader: ListReader;

  constructor(
    head: TextHead,
    private readonly header: Header,
    context: TextContext,
  ) {
    const sample = new ListSample();
    for (const { start, end } of linesOf({ ...head, start: header.end + 1 })) {
      splitCells(head.bytes, start, end, header.separator, cells);
      sample.add(head.bytes, cells, header.place);
    }
    const { style } = sample;
    this.times = style.meaning;
    this.numbers = style.numbers;
    this.key = JSON.stringify([header.separator, header.place, style]);
    this.reader = new ListReader(style, context);
  }

  line(bytes: Uint8Array, start: number, end: number): number {
    splitCells(bytes, start, end, this.header.separator, cells);
    const { place } = this.header;
    if (cells.count <= place.Info!) return OTHER;
    const first = place['No.'] ?? place.Time;
    if (first === undefined) return BEGINS;
    const at = cells.start(first);
    return at < cells.end(first) && (isDigit(bytes[at]!) || bytes[at] === 0x2d) ? BEGINS : OTHER;
  }

  follow(packet: PacketText): void {
    this.reader.follow(packet);
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    splitCells(bytes, start, end, this.header.separator, cells);
    this.reader.take(bytes, cells, this.header.place, packet, marks);
  }
}
