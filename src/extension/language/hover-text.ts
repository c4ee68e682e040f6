import { endpointInFull } from '../../core/format/endpoint';
import { count } from '../../core/format/number';
import { conditionValues } from '../../core/format/reason';
import { otherStateNames, stateText } from '../../core/format/state';
import { inert } from '../../core/format/text';
import { duration, seconds } from '../../core/format/time';
import type { ConnectionRow } from '../../core/model/connection';
import { LESSON_TITLES, type LessonPart } from '../../core/model/lesson';
import { type Message, message } from '../../core/model/message';
import type { MissingField, NoteReason, SegmentRow, Side, Tcb } from '../../core/model/segment';
import { rfcAddress } from '../editor/messages';

/** What a hover on a segment's line is made of. */
export interface HoverSubject {
  readonly row: SegmentRow;
  readonly info: ConnectionRow;
  readonly reasons: readonly NoteReason[];
  readonly lesson: readonly LessonPart[];
  /** Address of the command that shows the segment in the diagram. */
  readonly showCommand: string;
}

/** Says a message in the display language. */
export type Say = (message: Message) => string;

/** A hover on a segment's line, in Markdown: what it is, what happens and why, and the states of both ends. */
export function hoverMarkdown({ row, info, reasons, lesson, showCommand }: HoverSubject, say: Say): string {
  const [from, to] = row.from === 'client' ? [info.client, info.server] : [info.server, info.client];
  const way = row.from === 'client' ? say(message('client → server')) : say(message('server → client'));
  const head = [
    `**${escape(say(message('Packet {0}', row.packet)))}**`,
    escape(way),
    escape(`${endpointInFull(from)} → ${endpointInFull(to)}`),
    `[${escape(say(message('Show in the diagram')))}](${showCommand})`,
  ];
  return [
    head.join(' · '),
    code(row.label),
    ...row.explanation.map((sentence) => escape(say(sentence))),
    table(['', ''], fieldsOf(row, info, say)),
    statesTable(row, say),
    ...otherNames(row, say),
    ...reasons.map((reason) => whyText(reason, say)),
    ...lesson.map(
      ({ topic, text }) => `**${escape(say(message('{0}:', say(LESSON_TITLES[topic]))))}** ${escape(say(text))}`,
    ),
  ].join('\n\n');
}

type Line = readonly string[];

function fieldsOf(row: SegmentRow, info: ConnectionRow, say: Say): Line[] {
  const known = (field: MissingField, text: () => string): string =>
    row.missing.includes(field) ? say(message('not in this text')) : text();
  const number = (relative: number, raw: number, isRelativeOnly: boolean): string =>
    isRelativeOnly || relative === raw ? String(relative) : `${relative} · ${say(message('raw {0}', raw))}`;
  const other: Side = row.from === 'client' ? 'server' : 'client';
  const isAck = row.flags.includes('ACK');
  const lines: Line[] = [
    ...(row.timeNs === null
      ? []
      : [
          [say(message('Time')), say(message('{0} s after the start', seconds(row.timeNs - info.startNs, 6)))] as const,
        ]),
    [say(message('Sequence Number')), known('seq', () => number(row.seq, row.seqRaw, row.relativeOnly[row.from]))],
    [
      say(message('Acknowledgment Number')),
      isAck
        ? known('ack', () => number(row.ack, row.ackRaw, row.relativeOnly[other]))
        : say(message('none (no ACK flag)')),
    ],
    [say(message('Length')), row.lengthKnown ? bytesText(row.len, say) : say(message('unknown'))],
    [
      say(message('Flags')),
      known('flags', () => (row.flags.length === 0 ? say(message('none')) : row.flags.join(' '))),
    ],
    [say(message('Window')), known('window', () => windowText(row, say))],
  ];
  if (row.acks !== null)
    lines.push([
      say(message('Acknowledges')),
      [
        say(message('packet {0}', row.acks)),
        ...(row.ackRttNs === null ? [] : [say(message('after {0}', duration(row.ackRttNs)))]),
      ].join(' · '),
    ]);
  if (row.bytesInFlight !== null) lines.push([say(message('In flight')), bytesText(row.bytesInFlight, say)]);
  return lines;
}

const bytesText = (bytes: number, say: Say): string =>
  bytes === 1 ? say(message('1 byte')) : say(message('{0} bytes', count(bytes)));

function windowText({ window, scaledWindow }: SegmentRow, say: Say): string {
  if (scaledWindow === null) return `${window} · ${say(message('scale unknown'))}`;
  return scaledWindow === window ? String(window) : `${scaledWindow} · ${say(message('{0} on the wire', window))}`;
}

/** Variables that a segment moves, as RFC 9293 §3.3.1 writes them, and whose sequence numbers they are. */
const VARIABLES = [
  ['sndUna', 'SND.UNA', 'iss'],
  ['sndNxt', 'SND.NXT', 'iss'],
  ['sndWnd', 'SND.WND', null],
  ['rcvNxt', 'RCV.NXT', 'irs'],
  ['rcvWnd', 'RCV.WND', null],
] as const;

/** The states of both ends after the segment, and the variables that it has changed, each with what it was before. */
function statesTable(row: SegmentRow, say: Say): string {
  const sides: readonly Side[] = ['client', 'server'];
  const lines: Line[] = [
    [
      say(message('State')),
      ...sides.map((side) => moved(row.before === null ? null : stateText(row.before[side]), stateText(row[side]))),
    ],
  ];
  for (const [name, symbol, origin] of VARIABLES) {
    const values = sides.map((side) => {
      const base = origin === null ? 0 : (row[side][origin] ?? 0);
      const shown = (tcb: Tcb): string => (tcb[name] === null ? '–' : String(((tcb[name] - base) | 0) >>> 0));
      return moved(row.before === null ? null : shown(row.before[side]), shown(row[side]));
    });
    const isChanged = row.before === null || sides.some((side) => row[side][name] !== row.before![side][name]);
    if (isChanged && values.some((value) => value !== '–')) lines.push([symbol, ...values]);
  }
  return table(['', say(message('client')), say(message('server'))], lines);
}

/** What textbooks and tools call the states that the table shows. */
function otherNames({ before, client, server }: SegmentRow, say: Say): string[] {
  const names = otherStateNames(
    [before, { client, server }].flatMap((ends) => (ends === null ? [] : [ends.client.state, ends.server.state])),
  );
  return names === null ? [] : [escape(say(message('In textbooks and tools: {0}', names)))];
}

const moved = (before: string | null, now: string): string =>
  before === null || before === now || before === '–' ? now : `${before} → ${now}`;

/** The rule of a note, and its conditions with the numbers of this trace. */
function whyText({ kind, cites, conditions }: NoteReason, say: Say): string {
  const title = `**${escape(say(message('Why “{0}”?', message(kind))))}** ${citation(cites)}`;
  const list = conditions.map(({ text, values, holds }) => {
    const numbers = conditionValues(values);
    const tail = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
    return `- ${holds ? '✓' : '✗'} ${escape(say(message(text)) + tail)}`;
  });
  return [title, '', ...list].join('\n');
}

/** A citation that opens the section, where it is one of an RFC. */
function citation(cites: string): string {
  const [, rfc, section] = /RFC (\d+)(?: §([\w.]+))?/.exec(cites) ?? [];
  const address = rfc === undefined ? null : rfcAddress(Number(rfc), section ?? null);
  return address === null ? escape(cites) : `[${escape(cites)}](${address})`;
}

/** A table; its cells are text. */
function table(head: Line, lines: readonly Line[]): string {
  const line = (cells: Line): string => `| ${cells.map(escape).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(line)].join('\n');
}

/** Text from a trace in a code span: nothing in it means anything. */
const code = (text: string): string => `\`${inert(text).replace(/`/g, '´')}\``;

/** Text that Markdown shows as it is. */
const escape = (text: string): string =>
  inert(text).replace(/[\\`*_{}[\]()#+\-.!|<>&~$:@]/g, (character) => `&#${character.charCodeAt(0)};`);
