import { callsText } from '../../src/core/format/calls';
import { sackBlockText, type SeqMode } from '../../src/core/format/sequence';
import { stateText } from '../../src/core/format/state';
import { inert } from '../../src/core/format/text';
import { duration } from '../../src/core/format/time';
import type { PhaseKind, QuietRun } from '../../src/core/model/connection';
import type { SegmentRow, Side, Tcb } from '../../src/core/model/segment';
import { el, setAttribute, setClass, setText } from '../dom';
import { say, t } from '../l10n';
import { Arrow } from './arrows';
import type { Gap } from './folds';
import { isShut, Lane } from './lanes';
import { runTexts } from './runTexts';
import { SackStrip, sackSpans } from './sackStrip';
import { isProblem, segmentKind } from './segmentKind';
import { labelParts } from './segmentLabel';

export const PHASE_NAMES: Readonly<Record<PhaseKind, string>> = {
  handshake: 'Handshake',
  data: 'Data',
  close: 'Close',
};

/** Where an arrow leaves and where it arrives, below the top of its row, in pixels. */
export const ARROW_TOP = 17.5;
const ARROW_BOTTOM = 24.5;

/** What a line of the diagram shows of a segment besides its row. */
export interface SegmentLine {
  readonly selected: boolean;
  readonly seq: SeqMode;
  readonly time: string;
  /** It was waited for so long that a person would notice. */
  readonly isLongWait: boolean;
  /** Whether it matches what is searched for; `null` where nothing is. */
  readonly matches: boolean | null;
  /** The first line in view, which names the states, wherever they began. */
  readonly isTop: boolean;
  /** The row after it; `null` where it is the last, `undefined` while that is not known. */
  readonly next: SegmentRow | null | undefined;
  /** How long nothing was sent before it, where that is drawn, in nanoseconds. */
  readonly waitedNs: number | null;
  /** The phase that begins with it. */
  readonly phase: PhaseKind | null;
  /** Pixels between the lanes. */
  readonly width: number;
}

/** What a line shows of a run of segments without problems. */
export interface RunLine {
  readonly open: boolean;
  readonly selected: boolean;
  /** The rows before and after the run; `undefined` where there is none, and while it is not known. */
  readonly before: SegmentRow | undefined;
  readonly after: SegmentRow | undefined;
  /** Pixels between the lanes. */
  readonly width: number;
}

const SIDES = ['client', 'server'] as const;
let nextId = 0;

/** One line of the sequence diagram: an element that is used again for another line when it has left the view. */
export class DiagramLine {
  readonly element: HTMLElement;
  private readonly timeMain = el('span');
  private readonly timeFine = el('span', { class: 'fine' });
  readonly time = el('span', { class: 'time' }, this.timeMain, this.timeFine);
  private readonly number = el('span', { class: 'number' });
  private readonly client = new Lane('client');
  private readonly server = new Lane('server');
  private readonly arrow = new Arrow();
  private readonly sack = new SackStrip();
  private readonly labelBefore = document.createTextNode('');
  /** What is acknowledged: leads to the segment that carried it. */
  private readonly labelAck = el('span', { class: 'ack-link' });
  private readonly labelAfter = document.createTextNode('');
  private readonly label = el('span', { class: 'label' }, this.labelBefore, this.labelAck, this.labelAfter);
  private readonly flight = el('span', { class: 'flight' });
  private readonly words = el('span', { class: 'words' });

  constructor() {
    this.flight.append(this.arrow.element, this.sack.element, this.label);
    this.element = el(
      'div',
      { class: 'row', role: 'option', id: `line-${nextId++}` },
      this.number,
      this.time,
      this.client.label,
      this.client.bar,
      this.flight,
      this.server.bar,
      this.server.label,
      this.words,
    );
  }

  /** Its place among the lines that can be chosen. */
  setPlace(line: number, count: number, selected: boolean): void {
    const { element } = this;
    setAttribute(element, 'role', 'option');
    setAttribute(element, 'aria-hidden', null);
    setAttribute(element, 'aria-selected', selected ? 'true' : 'false');
    setAttribute(element, 'aria-setsize', count);
    setAttribute(element, 'aria-posinset', line + 1);
  }

  /**
   * Time in which nothing was sent: one broken line, or one of several that stand for so much time each.
   * @param part which of the gap's lines, from 0
   * @param stepNs what a line stands for; `null` for a broken line
   * @param before the row before it
   */
  drawGap(gap: Gap, part: number, stepNs: number | null, before: SegmentRow | undefined): void {
    const { element } = this;
    setClass(element, `row gap${stepNs === null ? ' broken' : ''}`);
    // The row after it says how long it was: there is nothing here to stop at.
    setAttribute(element, 'role', 'presentation');
    setAttribute(element, 'aria-hidden', 'true');
    for (const name of GAP_LACKS) setAttribute(element, name, null);
    for (const side of SIDES) this.drawIdle(side, before?.[side] ?? null);
    this.drawPlain('');
    this.time.classList.remove('long');
    setText(this.timeMain, stepNs === null || gap.lines < 2 ? '' : duration((part + 1) * stepNs));
    this.setLabel(part === Math.floor((gap.lines - 1) / 2) ? duration(gap.ns) : '');
    setAttribute(this.label, 'title', t('Nothing was sent for {0}', duration(gap.ns)));
  }

  drawRun(run: QuietRun, { open, selected, before, after, width }: RunLine): void {
    const { element } = this;
    const texts = runTexts(run);
    const [summary] = texts;
    const words = open
      ? t('{0} — select to fold', duration(run.durationNs))
      : t('{0} without problems — select to unfold', duration(run.durationNs));
    for (const side of SIDES) this.drawIdle(side, before?.[side] ?? after?.before?.[side] ?? null);
    setClass(element, `row run${open ? ' open' : ''}${selected ? ' selected' : ''}`);
    setAttribute(element, 'data-row', null);
    setAttribute(element, 'data-packet', null);
    setAttribute(element, 'data-run', run.start);
    this.drawPlain(words);
    this.setLabel(fitting(texts, width - RUN_FRAME));
    setAttribute(this.label, 'title', summary);
    setAttribute(element, 'aria-label', `${open ? t('Unfolded run') : t('Folded run')}: ${summary}. ${words}`);
  }

  /** A segment whose row has not come yet. */
  drawPending(index: number, selected: boolean): void {
    const { element } = this;
    this.setRow(index);
    setClass(element, `row pending${selected ? ' selected' : ''}`);
    setAttribute(element, 'data-packet', null);
    setAttribute(element, 'aria-label', t('Segment {0}, loading', index + 1));
    this.drawPlain('');
    this.setLabel('');
    setAttribute(this.label, 'title', null);
    this.client.draw(null);
    this.server.draw(null);
  }

  drawSegment(index: number, row: SegmentRow, line: SegmentLine): void {
    const { element } = this;
    const { selected, matches, seq, width, waitedNs, phase } = line;
    this.setRow(index);
    const kind = segmentKind(row);
    const problem = isProblem(row);
    const words = row.explanation[0] === undefined ? '' : say(row.explanation[0]);
    const { before, ack, after } = labelParts(row, seq);
    const label = before + ack + after;
    const sack = sackText(row, seq);
    const match = matches === null ? '' : matches ? ' matched' : ' unmatched';
    setClass(element, `row ${kind}${problem ? ' problem' : ''}${selected ? ' selected' : ''}${match}`);
    setAttribute(element, 'data-packet', row.packet);
    setText(this.number, String(row.packet));
    this.setTime(line.time);
    this.time.classList.toggle('long', line.isLongWait);
    this.arrow.draw({ kind, toRight: row.from === 'client', problem }, width, ARROW_TOP, ARROW_BOTTOM);
    for (const side of SIDES) {
      const state = stateText(row[side]);
      const begins = row.before === null || stateText(row.before[side]) !== state;
      const ends = line.next === null || (line.next !== undefined && stateText(line.next[side]) !== state);
      const shut = isShut(row[side]);
      const shuts = shut && (row.before === null || !isShut(row.before[side]));
      const calls = callsText(row, side);
      const remark = shuts ? `${calls} ${t('window 0')}`.trim() : calls;
      this[side].draw(row[side], begins, ends, begins || line.isTop, remark, shut);
    }
    const withSack = sack !== '' && (label.length + sack.length + 1) * CHARACTER <= width - 16;
    this.setLabel(before, ack, withSack ? `${after} ${sack}` : after);
    setAttribute(this.labelAck, 'title', ack === '' ? null : t('Go to what it acknowledges'));
    this.sack.draw(sackSpans(row), Math.round(width * SACK_SHARE));
    setAttribute(this.label, 'title', sack === '' ? null : sack);
    setText(this.words, problem ? `⚠ ${words}` : words);
    const said = [
      phase === null ? '' : `${t(PHASE_NAMES[phase])}:`,
      waitedNs === null ? '' : t('After {0} in which nothing was sent.', duration(waitedNs)),
      rowSentence(row, sack === '' ? label : `${label} ${sack}`, words, line.time),
    ];
    setAttribute(element, 'aria-label', said.filter((text) => text !== '').join(' '));
  }

  private setRow(index: number): void {
    setAttribute(this.element, 'data-run', null);
    setAttribute(this.element, 'data-row', index);
  }

  /** A lane along which nothing happens. */
  private drawIdle(side: Side, tcb: Tcb | null): void {
    this[side].draw(tcb, false, false, false, '', tcb !== null && isShut(tcb));
  }

  /** What only segments have is empty. */
  private drawPlain(words: string): void {
    this.sack.draw([], 0);
    setText(this.number, '');
    this.setTime('');
    setText(this.words, words);
  }

  /** Milliseconds are what most traces are read by; what is finer stands back. */
  private setTime(text: string): void {
    setText(this.timeMain, text.slice(0, -3));
    setText(this.timeFine, text.slice(-3));
  }

  private setLabel(before: string, ack = '', after = ''): void {
    const pieces = [
      [this.labelBefore, inert(before)],
      [this.labelAfter, inert(after)],
    ] as const;
    for (const [node, text] of pieces) if (node.data !== text) node.data = text;
    setText(this.labelAck, ack);
  }
}

/** What the rows of segments and runs have and a line of time has not. */
const GAP_LACKS = [
  'data-row',
  'data-packet',
  'data-run',
  'aria-label',
  'aria-selected',
  'aria-setsize',
  'aria-posinset',
];
/** Share of the width between the lanes that SACK blocks are drawn on. */
const SACK_SHARE = 0.4;
/** What stands around a folded run's label: its margins, its padding and its sign. */
const RUN_FRAME = 66;
/** Width of a character of a label, in pixels; editors' fonts are about 0.6 em. */
const CHARACTER = 7.4;

/** The first text that has room in so many pixels, else the last. */
const fitting = (texts: readonly string[], width: number): string =>
  texts.find((text) => text.length * CHARACTER <= width) ?? texts.at(-1)!;

/** "sack 18825–20273", the blocks that a segment acknowledges selectively; empty where it has none. */
const sackText = (row: SegmentRow, mode: SeqMode): string =>
  row.sack.length === 0 ? '' : `sack ${row.sack.map((block) => sackBlockText(row, block, mode)).join(' ')}`;

/** The row as a sentence, for those who hear it. */
function rowSentence(row: SegmentRow, label: string, words: string, time: string): string {
  const states = [stateText(row.client), stateText(row.server)] as const;
  return t(
    'Packet {0}, {1}, {2}: {3}. {4}. Client {5}, server {6}.',
    row.packet,
    t('{0} seconds', time),
    row.from === 'client' ? t('client to server') : t('server to client'),
    label,
    words,
    ...states,
  );
}
