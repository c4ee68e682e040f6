import { callText } from '../../src/core/format/calls';
import { endpointInFull } from '../../src/core/format/endpoint';
import { count } from '../../src/core/format/number';
import { OTHER_STATE_NAMES, stateText } from '../../src/core/format/state';
import { ackText, sackBlockText, seqText } from '../../src/core/format/sequence';
import { delta, duration, seconds } from '../../src/core/format/time';
import type { ConnectionRow } from '../../src/core/model/connection';
import type { Field, PacketDetail } from '../../src/core/model/packet';
import type { SegmentRow, Side } from '../../src/core/model/segment';
import type { Context } from '../context';
import { type Clock, dateText } from '../draw/rowTimes';
import { sackSpans } from '../draw/sackStrip';
import { isProblem, segmentKind } from '../draw/segmentKind';
import { el, setChildren } from '../dom';
import { plural, say, t } from '../l10n';
import { linked } from './explanation';

const OPEN_AFTER_MS = 350;
/** Time to move the pointer from the row into the card. */
const CLOSE_AFTER_MS = 220;
const EDGE = 8;

export interface CardSubject {
  readonly row: SegmentRow;
  readonly previous: SegmentRow | undefined;
  readonly info: ConnectionRow;
  /** The row on screen. */
  readonly element: HTMLElement;
  /** Where the pointer is; `null` when the keyboard asked. */
  readonly x: number | null;
}

/**
 * A card with a segment's decoded fields. It comes when the pointer rests on a row, or with the space bar, stays while
 * the pointer is in it, and goes with Escape, and with whatever moves the row or the keyboard away. Walking by keyboard
 * brings none: the details below follow it, and a card would cover what is being read.
 */
export class HoverCard {
  readonly element = el('div', { class: 'hover-card', role: 'tooltip', id: 'hover-card' });
  private timer = 0;
  private shown: CardSubject | null = null;
  /** What the trace's times count from. */
  clock: Clock = 'absolute';

  constructor(private readonly context: Context) {
    this.element.hidden = true;
    this.element.addEventListener('pointerenter', () => window.clearTimeout(this.timer));
    this.element.addEventListener('pointerleave', () => this.leave());
    // What it points at has moved, or something else has the user's attention: a picker of VS Code, another editor.
    for (const event of ['resize', 'blur']) window.addEventListener(event, this.goAway);
    document.addEventListener('visibilitychange', this.goAway);
  }

  dispose(): void {
    this.hide();
    for (const event of ['resize', 'blur']) window.removeEventListener(event, this.goAway);
    document.removeEventListener('visibilitychange', this.goAway);
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  /** Shows the card after a rest. */
  rest(subject: CardSubject): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.show(subject), this.open ? CLOSE_AFTER_MS : OPEN_AFTER_MS);
  }

  /** Shows the card now, because the user asked for it. */
  ask(subject: CardSubject): void {
    this.show(subject);
  }

  /** Closes the card unless the pointer comes into it. */
  leave(): void {
    window.clearTimeout(this.timer);
    if (this.open) this.timer = window.setTimeout(() => this.hide(), CLOSE_AFTER_MS);
  }

  private readonly goAway = (): void => this.hide();

  /** The keyboard went elsewhere, to `to`: the card that it asked for has nobody to read it. */
  blur(to: EventTarget | null): void {
    const inCard = to instanceof Node && this.element.contains(to);
    if (this.shown?.x === null && !inCard) this.hide();
  }

  hide(): void {
    window.clearTimeout(this.timer);
    if (!this.open) return;
    this.element.hidden = true;
    this.shown?.element.removeAttribute('aria-describedby');
    this.shown = null;
  }

  /** Escape: closes the card; true if there was one. */
  dismiss(): boolean {
    const { open } = this;
    this.hide();
    return open;
  }

  private show(subject: CardSubject): void {
    this.hide();
    if (!subject.element.isConnected || subject.element.getAttribute('data-packet') !== String(subject.row.packet))
      return;
    this.shown = subject;
    const options = el('dd', { class: 'pending' }, '…');
    this.fill(subject, options);
    this.element.hidden = false;
    subject.element.setAttribute('aria-describedby', this.element.id);
    this.place(subject);
    void this.context.client
      .query('packet', { packet: subject.row.packet })
      .then((detail) => {
        if (this.shown !== subject) return;
        setChildren(options, optionsText(detail, subject.row));
        options.className = '';
        this.place(subject);
      })
      .catch(() => options.replaceChildren('–'));
  }

  /** When it was sent; nothing where the text has no times. */
  private times({ row, previous, info }: CardSubject): [name: string, value: (Node | string)[]][] {
    if (row.timeNs === null) return [];
    const since = t('{0} s after the start', seconds(row.timeNs - info.startNs, 9));
    const between =
      previous === undefined || previous.timeNs === null
        ? ''
        : line(t('{0} s after packet {1}', delta(row.timeNs - previous.timeNs, 9), previous.packet));
    return [[t('Time'), [since, between, line(dateText(row, info, this.clock))]]];
  }

  private fill(subject: CardSubject, options: HTMLElement): void {
    const { row, info } = subject;
    const way = row.from === 'client' ? t('client → server') : t('client ← server');
    const facts: [name: string, value: (Node | string)[]][] = [
      ...this.times(subject),
      [t('Sequence Number'), [String(row.seq), ...ofIsn(seqText(row, 'xy')), dim(` · ${t('raw {0}', row.seqRaw)}`)]],
      [
        t('Acknowledgment'),
        row.flags.includes('ACK')
          ? [String(row.ack), ...ofIsn(ackText(row, 'xy')), dim(` · ${t('raw {0}', row.ackRaw)}`)]
          : [dim(t('none (no ACK flag)'))],
      ],
      [
        t('Length'),
        [
          row.lengthKnown ? plural(row.len, '{0} byte', '{0} bytes', count(row.len)) : dim(t('unknown')),
          dim(row.bytesInFlight === null ? '' : ` · ${t('{0} in flight', count(row.bytesInFlight))}`),
        ],
      ],
      [t('Flags'), [row.flags.length === 0 ? dim(t('none')) : row.flags.join(' ')]],
      [t('Window'), windowText(row)],
    ];
    facts.push([t('State'), SIDES.map((side) => stateLine(row, side))]);
    if (row.acks !== null)
      facts.push([
        t('Acknowledges'),
        [t('packet {0}', row.acks), dim(row.ackRttNs === null ? '' : ` · ${t('after {0}', duration(row.ackRttNs))}`)],
      ]);
    if (row.sack.length > 0) facts.push(['SACK', sackFacts(row)]);
    for (const call of row.calls)
      facts.push([t('Socket call'), [callText(call), dim(` · ${call.side === 'client' ? t('client') : t('server')}`)]]);
    const checksum = CHECKSUM_TEXTS[row.checksum];
    facts.push([t('Checksum'), [el('span', { class: `checksum-${row.checksum}` }, t(checksum))]]);
    const list = el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, ...value)]));
    list.append(el('dt', {}, t('Options')), options);
    setChildren(
      this.element,
      el(
        'h4',
        { class: `${segmentKind(row)}${isProblem(row) ? ' problem' : ''}` },
        t('Packet {0}', row.packet),
        el('span', { class: 'dim' }, ` · ${way}`),
      ),
      ...names(info, row),
      ...lead(row, this.context.post),
      list,
      ...row.notes.map((note) =>
        el('p', { class: note.level }, el('b', {}, t(note.kind)), ': ', ...linked(say(note.text), this.context.post)),
      ),
    );
  }

  /** Below the row or above it, wherever the whole card fits; never beyond an edge. */
  private place({ element, x }: CardSubject): void {
    const card = this.element;
    const { style } = card;
    style.maxHeight = `${window.innerHeight - 2 * EDGE}px`;
    style.left = '0';
    style.top = '0';
    const row = element.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    // The keyboard's card keeps to the right, beside the arrows that are being read.
    const left = x === null ? row.right - width - 3 * EDGE : x + 16;
    style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`;
    const below = row.bottom + 2;
    const above = row.top - height - 2;
    const fitsBelow = below + height <= window.innerHeight - EDGE;
    const fitsAbove = above >= EDGE;
    // Who goes down row by row has read what is above.
    const top =
      fitsAbove && (x === null || !fitsBelow) ? above : fitsBelow ? below : window.innerHeight - height - EDGE;
    style.top = `${Math.max(EDGE, top)}px`;
  }
}

/** Who sends to whom, where the capture knows a name: the heads of the diagram show it without its address. */
function names({ client, server }: ConnectionRow, row: SegmentRow): HTMLElement[] {
  if (client.name === undefined && server.name === undefined) return [];
  const [from, to] = row.from === 'client' ? [client, server] : [server, client];
  return [el('p', { class: 'names dim' }, `${endpointInFull(from)} → ${endpointInFull(to)}`)];
}

/** The sentence beside the arrow, which may not have had room there; a note's own stands with the notes. */
function lead(row: SegmentRow, post: Context['post']): HTMLElement[] {
  const [first] = row.explanation.map(say);
  if (first === undefined || row.notes.some((note) => say(note.text) === first)) return [];
  return [el('p', { class: 'lead' }, ...linked(first, post))];
}

const SIDES = ['client', 'server'] as const;

/** An end's state after the segment, what it was before where it has moved, and what textbooks call it then. */
function stateLine(row: SegmentRow, side: Side): HTMLElement {
  const before = row.before?.[side].state ?? null;
  const { state } = row[side];
  const isMoved = before !== null && before !== state;
  const names = state === null || !(isMoved || row.before === null) ? undefined : OTHER_STATE_NAMES[state];
  return el(
    'div',
    {},
    `${isMoved ? `${before} → ` : ''}${stateText(row[side])}`,
    dim(` · ${side === 'client' ? t('client') : t('server')}`),
    names === undefined ? '' : dim(` · ${names.join(', ')}`),
  );
}

const CHECKSUM_TEXTS = {
  good: '✓ correct',
  bad: '✗ wrong',
  partial: 'left to the network card (offload)',
  unverified: 'not verified',
} as const;

/** "= X + 1", where it counts from an initial sequence number. */
const ofIsn = (text: string): (Node | string)[] => (/^[XY]/.test(text) ? [dim(` = ${text}`)] : []);

/** The blocks of a SACK option with their edges, and what is missing before them, in relative numbers. */
function sackFacts(row: SegmentRow): (Node | string)[] {
  const spans = sackSpans(row);
  const edges = (kind: string): string =>
    spans
      .filter((span) => span.kind === kind)
      .map(({ start, end }) => sackBlockText(row, [(row.ackRaw + start) >>> 0, (row.ackRaw + end) >>> 0], 'relative'))
      .join(', ');
  return [
    edges('held') === '' ? '' : t('has {0}', edges('held')),
    edges('hole') === '' ? '' : line(t('misses {0}', edges('hole'))),
    edges('twice') === '' ? '' : line(t('received twice: {0} (D-SACK, RFC 2883)', edges('twice'))),
  ];
}

const line = (text: string): HTMLElement => el('div', { class: 'dim' }, text);

const dim = (text: string): HTMLElement | string => (text === '' ? '' : el('span', { class: 'dim' }, text));

function windowText(row: SegmentRow): (Node | string)[] {
  if (row.scaledWindow === null) return [String(row.window), dim(` · ${t('scale unknown')}`)];
  if (row.scaledWindow === row.window) return [String(row.window)];
  return [String(row.scaledWindow), dim(` · ${t('{0} on the wire', row.window)}`)];
}

/** The TCP options in one line, as the packet's innermost matching header has them. */
function optionsText(detail: PacketDetail | null, row: SegmentRow): string {
  const headers = (detail?.layers ?? []).filter((layer) => layer.id === 'tcp');
  const mine = headers.find((layer) =>
    layer.fields.some((field) => field.id === 'tcp.seq' && field.value === String(row.seqRaw)),
  );
  const options = (mine ?? headers[headers.length - 1])?.fields.find((field) => field.id === 'tcp.options');
  const parts = options?.children ?? [];
  return parts.length === 0 ? t('none') : parts.map(optionText).join(' · ');
}

const isHexadecimal = (value: string): boolean => /^[\da-f\s]*$/i.test(value);

/** An option by what it says; its raw bytes only where that is not known. Two bytes are kind and length, which say nothing. */
function optionText(option: Field): string {
  // Its blocks have a line of their own.
  if (option.id === 'tcp.options.sack') return t(option.name);
  // What stands in a text says it all.
  if (!isHexadecimal(option.value)) return option.value;
  const said = option.meaning !== undefined ? say(option.meaning) : option.value.length > 4 ? option.value : '';
  return said === '' ? t(option.name) : `${t(option.name)} ${said}`;
}
