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
import { noteCut } from './damage';
import { Cells, separatorOf, splitCells } from './delimited';
import { linesOf } from './lines';
import type { Marks } from './marks';
import { ascii, find, isDigit } from './scan';
import type { TimeMeaning } from './times';
import { infoAt } from './tshark-info';
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

/**
 * Wireshark's list of packets as CSV ("Export Packet Dissections"): a line of titles, then one line a packet; or single
 * lines of that, which somebody has copied.
 */
export const tsharkCsv: TextFormat = {
  id: 'tshark-csv',
  name: 'Wireshark CSV',
  isTitled: true,
  sniff(head) {
    const header = headerOf(head);
    const { bytes } = head;
    let claimed = 0;
    let segments = 0;
    for (const { start, end } of linesOf(head)) {
      if (start < header.end || !takeRow(bytes, start, end, header)) continue;
      claimed += end - start;
      const info = header.place.Info!;
      if (infoAt(bytes, cells.start(info), cells.end(info)) === cells.start(info)) segments++;
    }
    return header === UNTITLED && segments === 0 ? 0 : claimed;
  },
  open: (head, context) => new CsvDialect(head, headerOf(head), context),
};

interface Header {
  readonly end: number;
  readonly separator: number;
  readonly place: Place;
}

/** Rows without titles, as Wireshark writes them by itself. */
const UNTITLED: Header = { end: 0, separator: 0x2c, place: DEFAULT_PLACE };
const QUOTE = 0x22;

const cells = new Cells();
const INFO = ascii('Info');

function headerOf(head: TextHead): Header {
  for (const { start, end } of linesOf(head)) {
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
  return UNTITLED;
}

/** Finds the cells of a row; false where the line is none. */
function takeRow(bytes: Uint8Array, start: number, end: number, header: Header): boolean {
  const { place } = header;
  if (header === UNTITLED && bytes[start] !== QUOTE) return false;
  splitCells(bytes, start, end, header.separator, cells);
  if (cells.count <= place.Info!) return false;
  if (header === UNTITLED && !isNumber(bytes, DEFAULT_PLACE.Length)) return false;
  const first = place['No.'] ?? place.Time;
  if (first === undefined) return true;
  const at = cells.start(first);
  return at < cells.end(first) && (isDigit(bytes[at]!) || bytes[at] === 0x2d);
}

/** Whether a line begins as rows below titles do, in quotes, and breaks off in front of TCP's own column. */
function isCutRow(bytes: Uint8Array, start: number, end: number, header: Header): boolean {
  const { place } = header;
  if (header === UNTITLED || bytes[start] !== QUOTE || place['No.'] !== 0 || place.Time !== 1) return false;
  splitCells(bytes, start, end, header.separator, cells);
  return cells.count > 1 && cells.count <= place.Info! && isNumber(bytes, 0) && isDigit(bytes[cells.start(1)] ?? 0);
}

function isNumber(bytes: Uint8Array, cell: number): boolean {
  for (let at = cells.start(cell); at < cells.end(cell); at++) if (!isDigit(bytes[at]!)) return false;
  return cells.end(cell) > cells.start(cell);
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
    for (const { start, end } of linesOf(head))
      if (start >= header.end && takeRow(head.bytes, start, end, header)) sample.add(head.bytes, cells, header.place);
    const { style } = sample;
    this.times = style.meaning;
    this.numbers = style.numbers;
    this.key = JSON.stringify([header.separator, header.place, style]);
    this.reader = new ListReader(style, context);
  }

  line(bytes: Uint8Array, start: number, end: number): number {
    return takeRow(bytes, start, end, this.header) || isCutRow(bytes, start, end, this.header) ? BEGINS : OTHER;
  }

  follow(packet: PacketText): void {
    this.reader.follow(packet);
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    splitCells(bytes, start, end, this.header.separator, cells);
    if (cells.count <= this.header.place.Info!) {
      noteCut(packet, end);
      return;
    }
    this.reader.take(bytes, cells, this.header.place, packet, marks);
  }
}
