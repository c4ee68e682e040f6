import { count } from '../../src/core/format/number';
import type { ConnectionRow } from '../../src/core/model/connection';
import type { SegmentRow, Side } from '../../src/core/model/segment';
import { STATE_EDGES, type StateEdge, type StateMoves } from '../../src/core/model/state-diagram';
import type { StateName } from '../../src/core/model/states';
import type { Context, Panel } from '../context';
import { button } from '../controls';
import { consume, el, setAttribute, setChildren, setText } from '../dom';
import { NO_SCORE, type Question, questionOf, scored } from '../draw/quiz';
import { StateFigure } from '../draw/state-figure';
import { plural, say, t } from '../l10n';
import { linked } from './explanation';
import { LessonPanel } from './lesson';

/** Segments of an edge that are listed at once. */
const LISTED = 200;
/** Segments of an edge that are scrolled into view when it is chosen. */
const SHOWN = 3;
/** Rows that are looked through for the next question at once. */
const LOOKED = 200;
const SIDES = ['client', 'server'] as const;

type Edge = Pick<StateEdge, 'from' | 'to'>;

const sameEdge = (a: Edge, b: Edge): boolean => a.from === b.from && a.to === b.to;
const isInFigure = (edge: Edge): boolean => STATE_EDGES.some((known) => sameEdge(known, edge));

export function statesPanel(context: Context): Panel {
  return new StatesPanel(context);
}

/** The state diagram of the RFC, with both endpoints in it at the chosen segment, and a quiz about them. */
class StatesPanel implements Panel {
  readonly element: HTMLElement;
  private readonly figure: StateFigure;
  private readonly place = el('p', { class: 'state-place', 'aria-live': 'polite' });
  private readonly told = el('div', { class: 'state-told' });
  private readonly lesson: LessonPanel;
  private readonly others = el('div', { class: 'state-others' });
  private readonly list = el('div', { class: 'state-list' });
  private readonly stage = el('div', {
    class: 'states-figure',
    tabindex: 0,
    role: 'group',
    'aria-label': t('The arrow keys step through the segments'),
  });
  private readonly question = el('div', { class: 'state-question', role: 'status', hidden: true });
  private readonly quizButton: HTMLElement;
  private readonly unlisten: () => void;
  private info: ConnectionRow | null = null;
  private row: SegmentRow | null = null;
  private moves: readonly StateMoves[] = [];
  private edge: Edge | null = null;
  private asked: Question | null = null;
  private score = NO_SCORE;
  private loading = 0;
  private counting = false;
  private counted = -1;
  private segments = 0;
  private shown = false;

  constructor(private readonly context: Context) {
    this.lesson = new LessonPanel(context, true);
    this.figure = new StateFigure(
      t('State diagram of RFC 9293'),
      { client: t('C'), server: t('S') },
      { onEdge: (edge) => void this.chooseEdge(edge), onState: (state) => this.answer(state) },
    );
    this.quizButton = button(t('Quiz'), {
      look: 'secondary',
      label: t('Ask me which state an end is in'),
      onClick: () => (this.question.hidden ? void this.startQuiz() : this.endQuiz()),
    });
    this.element = el(
      'div',
      { class: 'state-diagram' },
      el(
        'div',
        { class: 'states-bar' },
        button('◀', { look: 'icon', label: t('Previous segment'), onClick: () => this.step('segment', -1) }),
        button('▶', { look: 'icon', label: t('Next segment'), onClick: () => this.step('segment', 1) }),
        this.place,
        this.quizButton,
      ),
      el(
        'div',
        { class: 'states-body' },
        this.stage,
        el('aside', { class: 'states-side' }, this.question, this.told, this.list),
      ),
    );
    this.stage.append(this.figure.element, this.others);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.unlisten = context.store.listen((now, before) => {
      if (this.shown && (now.row !== before.row || now.connection !== before.connection)) void this.load();
    });
  }

  show(focus: boolean): void {
    this.shown = true;
    void this.load();
    void this.countMoves();
    if (focus) this.stage.focus();
  }

  hide(): void {
    this.shown = false;
  }

  progress({ segments, done }: { readonly segments: number; readonly done: boolean }): void {
    this.segments = segments;
    if (done && this.shown) void this.countMoves();
  }

  connection(info: ConnectionRow | null): void {
    if (info?.connection !== this.info?.connection && !this.question.hidden) this.endQuiz();
    this.info = info;
    if (this.shown) void this.load();
  }

  step(what: 'segment' | 'problem', direction: 1 | -1): void {
    const { info } = this;
    if (info === null || what !== 'segment' || this.asked !== null) return;
    const next = Math.min(Math.max(0, (this.context.store.now.row ?? 0) + direction), info.segments - 1);
    this.context.store.set({ row: next });
  }

  dispose(): void {
    this.unlisten();
  }

  private async load(): Promise<void> {
    const { connection, row } = this.context.store.now;
    const asked = ++this.loading;
    if (connection === null) {
      setText(this.place, t('Choose a connection to see its segments.'));
      return;
    }
    const start = row ?? 0;
    const [found] = await this.context.client
      .query('segments', { connection, start, end: start + 1 })
      .catch((): SegmentRow[] => []);
    if (asked !== this.loading || found === undefined) return;
    this.row = found;
    if (this.asked === null) this.draw(found);
  }

  private draw(row: SegmentRow): void {
    const moved: Edge[] = [];
    for (const side of SIDES) {
      const from = row.before?.[side].state ?? null;
      const to = row[side].state;
      this.figure.place(side, to, from);
      if (from !== null && to !== null && from !== to) moved.push({ from, to });
    }
    this.figure.highlight(moved);
    const name = row.from === 'client' ? t('client') : t('server');
    setText(this.place, t('Packet {0} of the {1}: {2}', row.packet, name, row.label));
    setChildren(
      this.told,
      el(
        'table',
        { class: 'state-table' },
        ...SIDES.map((side) =>
          el('tr', {}, el('th', { scope: 'row' }, side === 'client' ? t('client') : t('server')), stateCell(row, side)),
        ),
      ),
      ...row.explanation.map((part) => el('p', {}, ...linked(say(part), this.context.post))),
      this.lesson.element,
    );
    void this.lesson.show(row);
  }

  /** Counts moves over the whole capture, a piece at a time, for as long as the view is looked at. */
  private async countMoves(): Promise<void> {
    if (this.counting || this.counted === this.segments) return;
    this.counting = true;
    const { segments } = this;
    while (this.shown) {
      const progress = await this.context.client.query('stateMoves', {}).catch(() => null);
      if (progress === null) break;
      this.moves = progress.moves;
      this.drawCounts();
      if (progress.share < 1) continue;
      this.counted = segments;
      break;
    }
    this.counting = false;
  }

  private drawCounts(): void {
    const total = (edge: Edge): number => {
      const found = this.moves.find((moves) => sameEdge(moves, edge));
      return found === undefined ? 0 : found.client + found.server;
    };
    this.figure.setCounts(total, (edge) =>
      t('{0} to {1}: {2}; {3} in this capture', edge.from, edge.to, edge.label, count(total(edge))),
    );
    const others = this.moves.filter((moves) => !isInFigure(moves));
    setChildren(
      this.others,
      others.length > 0 &&
        el('p', { class: 'dim' }, t('Not in the figure: resets (its note 3), and several steps at one segment')),
      ...others.map((moves) =>
        el(
          'button',
          { class: 'link', type: 'button', 'data-edge': `${moves.from} ${moves.to}` },
          `${moves.from} → ${moves.to} ×${count(moves.client + moves.server)}`,
        ),
      ),
    );
    for (const link of this.others.querySelectorAll<HTMLElement>('[data-edge]'))
      link.addEventListener('click', () => {
        const moves = others.find(({ from, to }) => `${from} ${to}` === link.dataset['edge']);
        if (moves !== undefined) void this.chooseEdge(moves);
      });
  }

  /** Lists the segments of the capture that took an edge. */
  private async chooseEdge(edge: Edge): Promise<void> {
    this.edge = this.edge !== null && sameEdge(this.edge, edge) ? null : { from: edge.from, to: edge.to };
    this.figure.choose(this.edge);
    const chosen = this.edge;
    if (chosen === null) {
      setChildren(this.list);
      return;
    }
    const found = await this.context.client.query('movesOf', { ...chosen, start: 0, end: LISTED }).catch(() => []);
    if (this.edge !== chosen) return;
    const moves = this.moves.find((known) => sameEdge(known, chosen));
    const all = moves === undefined ? 0 : moves.client + moves.server;
    const items = found.map(({ packet, connection, side }) => {
      const link = el(
        'button',
        { class: 'link', type: 'button' },
        side === 'client'
          ? t('Packet {0}: the client of connection {1}', packet, connection)
          : t('Packet {0}: the server of connection {1}', packet, connection),
      );
      link.addEventListener('click', () => void this.goTo(packet));
      return el('li', {}, link);
    });
    setChildren(
      this.list,
      el('h3', {}, `${chosen.from} → ${chosen.to}`),
      el(
        'p',
        { class: 'dim' },
        all > found.length
          ? t('{0} segments of this capture, of which the first {1}:', count(all), count(found.length))
          : plural(all, '{0} segment of this capture:', '{0} segments of this capture:', count(all)),
      ),
      el('ul', {}, ...items),
    );
    // What is told of the segment may be longer than the view is high.
    (items[SHOWN - 1] ?? items.at(-1))?.scrollIntoView({ block: 'nearest' });
  }

  private async goTo(packet: number): Promise<void> {
    const place = await this.context.client.query('place', { packet }).catch(() => null);
    if (place !== null && place.connection !== null)
      this.context.store.set({ connection: place.connection, row: place.row, top: 0, unfolded: [] });
  }

  /** Asks from the chosen segment on, and from the first one where none after it moves an end. */
  private async startQuiz(): Promise<void> {
    await this.ask(this.row?.row ?? -1);
    if (this.asked === null) await this.ask(-1);
    if (!this.question.hidden) setText(this.quizButton, t('End quiz'));
  }

  /** Asks about the next segment after `row` that moves an end. */
  private async ask(row: number): Promise<void> {
    const { info } = this;
    if (info === null) return;
    const found = await this.questionAfter(info, row);
    if (this.info !== info) return;
    this.asked = found;
    if (found === null) {
      this.tellQuiz(
        t('No further segment changes a state. {0} of {1} right.', this.score.right, this.score.asked),
        null,
      );
      return;
    }
    this.context.store.set({ row: found.row.row });
    for (const side of SIDES)
      this.figure.place(
        side,
        side === found.side ? null : found.row[side].state,
        found.row.before?.[side].state ?? null,
      );
    this.figure.highlight([]);
    this.figure.setAnswering(true);
    const name = found.side === 'client' ? t('client') : t('server');
    setText(this.place, t('Packet {0}: {1}', found.row.packet, found.row.label));
    setChildren(this.told);
    this.tellQuiz(
      t('In which state is the {0} after packet {1}? Choose it in the figure.', name, found.row.packet),
      null,
    );
  }

  private async questionAfter(info: ConnectionRow, row: number): Promise<Question | null> {
    for (let start = row + 1; start < info.segments; start += LOOKED) {
      const rows = await this.context.client
        .query('segments', { connection: info.connection, start, end: Math.min(start + LOOKED, info.segments) })
        .catch((): SegmentRow[] => []);
      for (const segment of rows) {
        const question = questionOf(segment);
        if (question !== null) return question;
      }
      if (rows.length === 0) return null;
    }
    return null;
  }

  private answer(state: StateName): void {
    const { asked } = this;
    if (asked === null || !this.figure.element.classList.contains('answering')) return;
    const isRight = state === asked.answer;
    this.score = scored(this.score, isRight);
    this.figure.setAnswering(false);
    this.draw(asked.row);
    this.tellQuiz(
      isRight
        ? t('✓ Right: {0}. {1} of {2} right.', asked.answer, this.score.right, this.score.asked)
        : t('✗ It is {0}, not {1}. {2} of {3} right.', asked.answer, state, this.score.right, this.score.asked),
      button(t('Next question'), {
        look: 'primary',
        label: t('Next question'),
        onClick: () => void this.ask(asked.row.row),
      }),
    );
  }

  private tellQuiz(text: string, next: HTMLElement | null): void {
    this.question.hidden = false;
    setChildren(this.question, el('p', {}, text), next);
    next?.focus();
  }

  private endQuiz(): void {
    this.asked = null;
    this.score = NO_SCORE;
    this.question.hidden = true;
    this.figure.setAnswering(false);
    setText(this.quizButton, t('Quiz'));
    if (this.row !== null) this.draw(this.row);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowRight' || event.key === 'ArrowDown') this.step('segment', 1);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') this.step('segment', -1);
    else if (event.key === 'Home') this.context.store.set({ row: 0 });
    else if (event.key === 'End' && this.info !== null) this.context.store.set({ row: this.info.segments - 1 });
    else if (event.key === 'Escape' && !this.question.hidden) this.endQuiz();
    else return;
    consume(event);
  }
}

function stateCell(row: SegmentRow, side: Side): HTMLElement {
  const from = row.before?.[side].state ?? null;
  const { state, assumed } = row[side];
  const cell = el('td', {}, from === null || from === state ? (state ?? '–') : `${from} → ${state ?? '–'}`);
  if (assumed) cell.append(el('span', { class: 'dim' }, ` ${t('(assumed)')}`));
  setAttribute(cell, 'class', from !== null && from !== state ? 'moved' : null);
  return cell;
}
