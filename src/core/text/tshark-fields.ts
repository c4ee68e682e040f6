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
import { BLANKS, Cells, separatorOf, splitCells } from './delimited';
import { noteCut, noteCutValues } from './damage';
import { type Line, linesOf } from './lines';
import type { Marks } from './marks';
import { hasSeveral, PacketFields, TIME_FIELDS } from './packet-fields';
import { ascii, find, isDigit, isSpace, Scanner, slice } from './scan';
import { TimeColumn, type TimeMeaning, type TimeStyle } from './times';

/**
 * Fields as `tshark -T fields -E header=y` prints them: a line of filter names, then one line a packet. Without that line
 * the command tells the names, where it has been copied together with what it printed.
 */
export const tsharkFields: TextFormat = {
  id: 'tshark-fields',
  name: 'tshark fields',
  isTitled: true,
  sniff(head) {
    const header = headerOf(head);
    if (header === null) return 0;
    let claimed = header.isCommand ? 0 : header.end - header.start;
    for (const { start, end } of linesOf(head))
      if (start >= header.end && isRow(head.bytes, start, end, header)) claimed += end - start;
    return claimed;
  },
  open: (head, context) => new FieldsDialect(head, headerOf(head)!, context),
};

interface Header {
  readonly start: number;
  readonly end: number;
  readonly separator: number;
  readonly names: readonly string[];
  /** It is the command, and no line of titles. */
  readonly isCommand: boolean;
}

/** Wireshark's column of times, which may be written in any way. */
const TIME_COLUMN = '_ws.col.Time';

const TCP = ascii('tcp.');
const cells = new Cells();
const scanner = new Scanner();

function headerOf(head: TextHead): Header | null {
  for (const { start, end } of linesOf(head)) {
    if (find(head.bytes, start, end, TCP) < 0) continue;
    for (const separator of [separatorOf(head.bytes, start, end), BLANKS]) {
      splitCells(head.bytes, start, end, separator, cells);
      const names = Array.from({ length: cells.count }, (_, cell) =>
        slice(head.bytes, cells.start(cell), Math.min(cells.end(cell), cells.start(cell) + 64)),
      );
      if (hasPorts(names) && names.every(isFieldName)) return { start, end, separator, names, isCommand: false };
    }
  }
  return commandOf(head);
}

const hasPorts = (names: readonly string[]): boolean => names.includes('tcp.srcport') && names.includes('tcp.dstport');

const COMMAND = ascii(' fields');
/** A command may be written on so many lines, each but the last with a backslash at its end. */
const MAX_COMMAND_LINES = 20;
/** Bytes of a command that are looked at. */
const MAX_COMMAND_BYTES = 4096;

/** `tshark -T fields -e ip.src … -E separator=,`, with what is told by it; `null` where there is none. */
function commandOf(head: TextHead): Header | null {
  const lines = linesOf(head);
  for (let i = 0; i < lines.length; i++) {
    const { start, end } = lines[i]!;
    if (find(head.bytes, start, end, COMMAND) < 0) continue;
    let [first, last] = [i, i];
    const goesOn = (line: number): boolean => lines[line] !== undefined && endsInBackslash(head.bytes, lines[line]);
    while (first > 0 && i - first < MAX_COMMAND_LINES && goesOn(first - 1)) first--;
    while (last - first < MAX_COMMAND_LINES && goesOn(last)) last++;
    const from = lines[first]!.start;
    const to = lines[Math.min(last, lines.length - 1)]!.end;
    const command = readCommand(slice(head.bytes, from, Math.min(to, from + MAX_COMMAND_BYTES)));
    if (command === null) continue;
    for (const separator of [command.separator, BLANKS]) {
      const header = { start: from, end: to, separator, names: command.names, isCommand: true };
      if (lines.some((line) => line.start > to && isRow(head.bytes, line.start, line.end, header))) return header;
    }
    // The first one counts: to look through the text for each would take long.
    return null;
  }
  return null;
}

function endsInBackslash(bytes: Uint8Array, { start, end }: Line): boolean {
  let at = end;
  while (at > start && isSpace(bytes[at - 1]!)) at--;
  return at > start && bytes[at - 1] === 0x5c;
}

function readCommand(command: string): { readonly separator: number; readonly names: string[] } | null {
  const names: string[] = [];
  let separator = 0x09;
  const words = command.split(/[\s\\]+/);
  words.forEach((word, i) => {
    const next = (words[i + 1] ?? '').replaceAll(/^["']|["']$/g, '');
    if (word === '-e') names.push(next);
    else if (word === '-E' && next.startsWith(SEPARATOR)) separator = separatorNamed(next.slice(SEPARATOR.length));
  });
  return hasPorts(names) && names.every(isFieldName) ? { separator, names } : null;
}

const SEPARATOR = 'separator=';

/** As tshark names it: `/t`, `/s`, or the character itself. */
function separatorNamed(name: string): number {
  const bare = name.replaceAll(/["']/g, '');
  return bare === '/s' ? 0x20 : bare === '/t' || bare === '' ? 0x09 : bare.charCodeAt(0);
}

/** `tcp.options.mss_val`, `_ws.col.Info`. */
const isFieldName = (name: string): boolean => {
  for (const character of name) if (!/[\w.-]/.test(character)) return false;
  return name.length > 0;
};

/** Finds the cells of a row; false where the line is none. */
function isRow(bytes: Uint8Array, start: number, end: number, { separator, names }: Header): boolean {
  if (end <= start) return false;
  splitCells(bytes, start, end, separator, cells);
  if (cells.count !== names.length) return false;
  // The titles themselves have a word where the port is, and so has what other programs say.
  const port = names.indexOf('tcp.srcport');
  return cells.start(port) === cells.end(port) || isDigit(bytes[cells.start(port)]!);
}

/** Fields whose values are numbers. */
const NUMBERS = new Set([
  ...[
    'frame.number',
    'frame.len',
    'frame.time_epoch',
    'frame.time_relative',
    'tcp.stream',
    'tcp.srcport',
    'tcp.dstport',
  ],
  ...['tcp.seq', 'tcp.seq_raw', 'tcp.ack', 'tcp.ack_raw', 'tcp.len'],
]);

/** Whether a line is a row that breaks off: it has at least two numbers where numbers are, and nothing else there. */
function isCutRow(bytes: Uint8Array, start: number, end: number, { separator, names }: Header): boolean {
  if (end <= start || separator === BLANKS) return false;
  splitCells(bytes, start, end, separator, cells);
  if (cells.count >= names.length) return false;
  let numbers = 0;
  for (let cell = 0; cell < cells.count; cell++) {
    if (!NUMBERS.has(names[cell]!) || cells.start(cell) === cells.end(cell)) continue;
    if (!isDigit(bytes[cells.start(cell)]!)) return false;
    numbers++;
  }
  return numbers > 1;
}

class FieldsDialect implements Dialect {
  readonly description = 'tshark -T fields';
  readonly times: TimeMeaning;
  readonly numbers: NumberStyle;
  readonly key: string;
  private readonly timeCell: number;
  private readonly portCell: number;
  private readonly timeStyle: TimeStyle;
  private readonly fields: PacketFields;

  constructor(
    head: TextHead,
    private readonly header: Header,
    context: TextContext,
  ) {
    const { names } = header;
    const field = TIME_FIELDS.find(([name]) => names.includes(name));
    this.timeCell = names.indexOf(field?.[0] ?? TIME_COLUMN);
    const column = this.timesIn(head);
    this.timeStyle = column.style;
    this.times = field === undefined || this.timeStyle !== 'seconds' ? column.meaning : field[1];
    this.portCell = names.indexOf('tcp.srcport');
    const raw = names.includes('tcp.seq_raw');
    this.numbers = raw ? 'raw' : 'relative';
    this.key = JSON.stringify([header.separator, names, this.timeStyle, this.times]);
    this.fields = new PacketFields(context, raw, new Set(names));
  }

  /** tshark 4.2 and later write `frame.time_epoch` as a date where that is asked for. */
  private timesIn(head: TextHead): TimeColumn {
    const column = new TimeColumn();
    if (this.timeCell < 0) return column;
    for (const { start, end } of linesOf({ ...head, start: this.header.end + 1 })) {
      splitCells(head.bytes, start, end, this.header.separator, cells);
      if (cells.count > this.timeCell) column.add(head.bytes, cells.start(this.timeCell), cells.end(this.timeCell));
    }
    return column;
  }

  line(bytes: Uint8Array, start: number, end: number): number {
    return isRow(bytes, start, end, this.header) || isCutRow(bytes, start, end, this.header) ? BEGINS : OTHER;
  }

  parse(bytes: Uint8Array, start: number, end: number, packet: PacketText, marks: Marks | null): void {
    const { fields, header } = this;
    splitCells(bytes, start, end, header.separator, cells);
    const isCut = cells.count < header.names.length;
    // Where a row breaks off, its last value may be no more whole.
    const count = Math.min(cells.count - (isCut ? 1 : 0), header.names.length);
    const isSingle = this.portCell < count && !hasSeveral(bytes, cells.start(this.portCell), cells.end(this.portCell));
    fields.begin(packet, bytes, marks, isSingle);
    // Addresses go first, whatever column they stand in: the segment takes them.
    for (const pass of [false, true])
      for (let cell = 0; cell < count; cell++) {
        const name = header.names[cell]!;
        if (name.startsWith('tcp.') === pass) fields.take(name, cells.start(cell), cells.end(cell), true);
      }
    fields.end();
    if (isCut) (packet.segmentCount > 0 ? noteCutValues : noteCut)(packet, end);
    if (this.timeStyle !== 'none' && this.timeCell < count)
      packet.timed = packet.time.take(
        scanner.set(bytes, cells.start(this.timeCell), cells.end(this.timeCell)),
        this.timeStyle,
      );
  }
}
