import type { NumberStyle, PacketText, TextContext } from './format';
import type { Cells } from './delimited';
import { noteCutValues } from './damage';
import { HiddenSegments } from './hidden';
import { takeHosts } from './hosts';
import type { Marks } from './marks';
import { OptionWriter } from './options';
import { ascii, find, Scanner, slice } from './scan';
import { TimeColumn, type TimeMeaning, type TimeStyle } from './times';
import { SeqSample, takeInfo, takeInfoChecksum } from './tshark-info';

/** Columns of Wireshark's list that are read, by their default titles. */
const COLUMNS = ['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'] as const;
export type Column = (typeof COLUMNS)[number];

/** Which cell of a row a column is. */
export type Place = Readonly<Partial<Record<Column, number>>>;

/** Wireshark's own arrangement. */
export const DEFAULT_PLACE = { 'No.': 0, Time: 1, Source: 2, Destination: 3, Protocol: 4, Length: 5, Info: 6 } as const;

/** The column that a title names; `undefined` where it is none that is read. */
export const columnOf = (title: string): Column | undefined =>
  COLUMNS.find((name) => name === title || `_ws.col.${name}` === title);

/** Whether rows with these columns tell of segments. */
export const isList = (place: Place): boolean =>
  place.Source !== undefined && place.Destination !== undefined && place.Info !== undefined;

/** How a list is written throughout. */
export interface ListStyle {
  readonly time: TimeStyle;
  readonly meaning: TimeMeaning;
  readonly numbers: NumberStyle;
  /**
   * Rows state notes: what has none was found to have none. Where rows hide TCP's numbers behind another protocol's,
   * nobody can find them again.
   */
  readonly statesNotes: boolean;
}

const scanner = new Scanner();
const NOTE = ascii('[TCP ');
const SEQ = ascii('] Seq=');

/** The title in a cell. */
export const titleIn = (bytes: Uint8Array, start: number, end: number): string =>
  slice(bytes, start, Math.min(end, start + 40));

/** Learns from the first rows how a list is written. */
export class ListSample {
  private readonly times = new TimeColumn();
  private readonly numbers = new SeqSample();
  private statesNotes = false;

  add(bytes: Uint8Array, cells: Cells, place: Place): void {
    const { Time: time, Info: info } = place;
    if (time !== undefined && time < cells.count) this.times.add(bytes, cells.start(time), cells.end(time));
    if (info === undefined || info >= cells.count) return;
    const start = cells.start(info);
    const end = cells.end(info);
    this.statesNotes ||= find(bytes, start, end, NOTE) >= 0 || find(bytes, start, end, SEQ) < 0;
    const number = place['No.'];
    if (number === undefined) this.numbers.add(-1, bytes, start, end);
    else this.numbers.add(scanner.set(bytes, cells.start(number), cells.end(number)).uint(), bytes, start, end);
  }

  get style(): ListStyle {
    const { style: time, meaning } = this.times;
    return { time, meaning, numbers: this.numbers.isRaw ? 'raw' : 'relative', statesNotes: this.statesNotes };
  }
}

/** Reads rows of Wireshark's list of packets out of cells, whatever they are written in. */
export class ListReader {
  private readonly writer = new OptionWriter();
  private readonly hidden: HiddenSegments;

  constructor(
    private readonly style: ListStyle,
    private readonly context: TextContext,
  ) {
    this.hidden = new HiddenSegments(context.addresses);
  }

  follow(packet: PacketText): void {
    this.hidden.follow(packet);
  }

  take(bytes: Uint8Array, cells: Cells, place: Place, packet: PacketText, marks: Marks | null): void {
    const from = (column: Column): number => cells.start(place[column]!);
    const to = (column: Column): number => cells.end(place[column]!);
    if (place['No.'] !== undefined) marks?.mark('frame.number', from('No.'), to('No.'));
    if (place.Time !== undefined && this.style.time !== 'none') {
      packet.timed = packet.time.take(scanner.set(bytes, from('Time'), to('Time')), this.style.time);
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
    const hosts = [from('Source'), to('Source'), from('Destination'), to('Destination')] as const;
    if (!info.hasSegment) {
      packet.segmentCount--;
      marks?.mark('text', from('Info'), to('Info'));
      packet.isRemembered = true;
      if (place.Protocol !== undefined) this.hidden.see(bytes, hosts, from('Protocol'), to('Protocol'));
      return;
    }
    if (info.isCut) noteCutValues(packet, to('Info'));
    takeInfoChecksum(facts, bytes, from('Info'), to('Info'));
    if (this.style.statesNotes) facts.statedNotes = info.notes;
    takeHosts(this.context.addresses, facts, bytes, ...hosts);
  }
}
