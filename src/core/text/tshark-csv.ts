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
import { HiddenSegments } from './hidden';
import { takeHosts } from './hosts';
import { linesOf } from './lines';
import type { Marks } from './marks';
import { OptionWriter } from './options';
import { ascii, find, isDigit, Scanner, slice } from './scan';
import { SpanSample, type TimeMeaning, type TimeStyle, TimeValue } from './times';
import { takeInfo, takeInfoChecksum } from './tshark-info';

/** Columns of Wireshark's list that are read, by their default titles. */
const COLUMNS = ['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'] as const;
type Column = (typeof COLUMNS)[number];
type Place = Readonly<Partial<Record<Column, number>>>;

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
const scanner = new Scanner();
const time = new TimeValue();
const INFO = ascii('Info');
const NOTE = ascii('[TCP ');
const SEQ = ascii('] Seq=');
const SYN_INFO = ascii('[SYN] Seq=');
const TIME_STYLES: readonly TimeStyle[] = ['date', 'time-of-day', 'seconds'];

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
    for (let cell = 0; cell < cells.count; cell++) {
      const title = slice(head.bytes, cells.start(cell), Math.min(cells.end(cell), cells.start(cell) + 40));
      const column = COLUMNS.find((name) => name === title || `_ws.col.${name}` === title);
      if (column !== undefined) place[column] = cell;
    }
    if (place.Source !== undefined && place.Destination !== undefined && place.Info !== undefined)
      return { end, separator, place };
  }
  return null;
}

class CsvDialect implements Dialect {
  readonly description = 'Wireshark CSV';
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  private readonly style: TimeStyle;
  private readonly statesNotes: boolean;
  private readonly writer = new OptionWriter();
  private readonly hidden: HiddenSegments;

  constructor(
    head: TextHead,
    private readonly header: Header,
    private readonly context: TextContext,
  ) {
    this.hidden = new HiddenSegments(context.addresses);
    const { bytes } = head;
    const styles = new Map<TimeStyle, number>();
    const spans = new SpanSample();
    let isRaw = false;
    let statesNotes = false;
    for (const { start, end } of linesOf({ ...head, start: header.end + 1 })) {
      splitCells(bytes, start, end, header.separator, cells);
      const cell = header.place.Time;
      if (cell !== undefined && cell < cells.count)
        for (const style of TIME_STYLES)
          if (time.take(scanner.set(bytes, cells.start(cell), cells.end(cell)), style) && scanner.atEnd) {
            styles.set(style, (styles.get(style) ?? 0) + 1);
            if (style === 'seconds') spans.add(time);
            break;
          }
      statesNotes ||= find(bytes, start, end, NOTE) >= 0 || find(bytes, start, end, SEQ) < 0;
      const syn = find(bytes, start, end, SYN_INFO);
      if (syn >= 0 && scanner.set(bytes, syn + SYN_INFO.length, end).uint() > 0) isRaw = true;
    }
    const [style] = [...styles].sort((a, b) => b[1] - a[1])[0] ?? ['none' as const];
    this.style = style;
    this.statesNotes = statesNotes;
    this.numbers = isRaw ? 'raw' : 'relative';
    this.times =
      style === 'none'
        ? 'none'
        : style === 'date'
          ? 'absolute'
          : style === 'time-of-day'
            ? 'time-of-day'
            : spans.meaning();
    this.key = JSON.stringify([header.separator, header.place, style, statesNotes, this.numbers, this.times]);
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
    this.hidden.follow(packet);
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    splitCells(bytes, start, end, this.header.separator, cells);
    const { place } = this.header;
    const from = (column: Column): number => cells.start(place[column]!);
    const to = (column: Column): number => cells.end(place[column]!);
    if (place['No.'] !== undefined) marks?.mark('frame.number', from('No.'), to('No.'));
    if (place.Time !== undefined && this.style !== 'none') {
      packet.timed = packet.time.take(scanner.set(bytes, from('Time'), to('Time')), this.style);
      marks?.mark('frame.time', from('Time'), to('Time'));
    }
    if (place.Length !== undefined) {
      packet.wireBytes = Math.max(0, scanner.set(bytes, from('Length'), to('Length')).uint());
      marks?.mark('frame.len', from('Length'), to('Length'));
    }
    if (place.Protocol !== undefined) marks?.mark('protocol', from('Protocol'), to('Protocol'));
    marks?.mark('ip.src', from('Source'), to('Source'));
    marks?.mark('ip.dst', from('Destination'), to('Destination'));
    const facts = packet.addSegment();
    const info = takeInfo(bytes, from('Info'), to('Info'), facts, this.context.services, this.writer, marks);
    if (!info.hasSegment) {
      packet.segmentCount--;
      marks?.mark('text', from('Info'), to('Info'));
      const hosts = [from('Source'), to('Source'), from('Destination'), to('Destination')] as const;
      packet.isRemembered = true;
      if (place.Protocol !== undefined) this.hidden.see(bytes, hosts, from('Protocol'), to('Protocol'));
      return;
    }
    takeInfoChecksum(facts, bytes, from('Info'), to('Info'));
    if (this.statesNotes) facts.statedNotes = info.notes;
    takeHosts(
      this.context.addresses,
      facts,
      bytes,
      from('Source'),
      to('Source'),
      from('Destination'),
      to('Destination'),
    );
  }
}
