import type { Side } from '../../src/core/model/segment';
import { STATE_EDGES, type StateEdge } from '../../src/core/model/state-diagram';
import type { StateName } from '../../src/core/model/states';
import { setAttribute, setClass, setText, svg } from '../dom';
import { otherNames } from './stateNames';

/** Size of the drawing, and of a state in it. */
const WIDTH = 880;
const HEIGHT = 560;
const BOX_WIDTH = 124;
const BOX_HEIGHT = 34;

/** How long a token takes from one state to another, and in how many pieces it follows a curve. */
const MOVE_MS = 500;
const WAY_POINTS = 16;

/** CLOSED stands at the top and at the bottom of the figure. */
type Place = StateName | 'CLOSED AGAIN';

/** Middles of the states, where figure 5 of RFC 9293 has them. */
const PLACES: Readonly<Record<Place, readonly [x: number, y: number]>> = {
  CLOSED: [440, 34],
  LISTEN: [440, 124],
  'SYN-RECEIVED': [150, 206],
  'SYN-SENT': [730, 206],
  ESTABLISHED: [440, 272],
  'FIN-WAIT-1': [150, 346],
  'CLOSE-WAIT': [730, 346],
  'FIN-WAIT-2': [150, 436],
  CLOSING: [440, 436],
  'LAST-ACK': [730, 436],
  'TIME-WAIT': [440, 524],
  'CLOSED AGAIN': [730, 524],
};

/** How an edge runs, and where its words stand. */
interface Course {
  readonly path: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

const COURSES: Readonly<Record<string, Course>> = {
  'CLOSED LISTEN': { path: 'M426 51V107', x: 418, y: 83, anchor: 'end' },
  'LISTEN CLOSED': { path: 'M454 107V51', x: 462, y: 83, anchor: 'start' },
  'CLOSED SYN-SENT': { path: 'M502 28C680 34 752 100 752 189', x: 664, y: 56, anchor: 'start' },
  'SYN-SENT CLOSED': { path: 'M724 189C718 110 640 52 502 42', x: 664, y: 104, anchor: 'end' },
  'LISTEN SYN-RECEIVED': { path: 'M378 118C270 124 170 140 140 189', x: 226, y: 120, anchor: 'end' },
  'SYN-RECEIVED LISTEN': { path: 'M172 189C200 156 290 140 378 131', x: 250, y: 166, anchor: 'start' },
  'LISTEN SYN-SENT': { path: 'M502 128C590 136 640 156 680 189', x: 566, y: 156, anchor: 'middle' },
  'SYN-SENT SYN-RECEIVED': { path: 'M668 206H212', x: 440, y: 199, anchor: 'middle' },
  'SYN-RECEIVED ESTABLISHED': { path: 'M206 223C250 250 310 266 378 270', x: 250, y: 232, anchor: 'start' },
  'SYN-SENT ESTABLISHED': { path: 'M674 223C630 250 570 266 502 270', x: 632, y: 232, anchor: 'end' },
  'SYN-RECEIVED FIN-WAIT-1': { path: 'M134 223V329', x: 126, y: 280, anchor: 'end' },
  'ESTABLISHED FIN-WAIT-1': { path: 'M384 289C340 316 280 336 212 343', x: 268, y: 308, anchor: 'end' },
  'ESTABLISHED CLOSE-WAIT': { path: 'M496 289C540 316 600 336 668 343', x: 612, y: 308, anchor: 'start' },
  'FIN-WAIT-1 FIN-WAIT-2': { path: 'M134 363V419', x: 126, y: 395, anchor: 'end' },
  'FIN-WAIT-1 CLOSING': { path: 'M212 352C290 362 370 384 420 419', x: 352, y: 372, anchor: 'start' },
  'FIN-WAIT-1 TIME-WAIT': { path: 'M180 363C250 410 280 508 378 518', x: 287, y: 468, anchor: 'start' },
  'CLOSE-WAIT LAST-ACK': { path: 'M746 363V419', x: 754, y: 395, anchor: 'start' },
  'FIN-WAIT-2 TIME-WAIT': { path: 'M150 453C180 510 290 530 378 530', x: 168, y: 512, anchor: 'end' },
  'CLOSING TIME-WAIT': { path: 'M476 453V507', x: 484, y: 484, anchor: 'start' },
  'LAST-ACK CLOSED': { path: 'M746 453V507', x: 754, y: 484, anchor: 'start' },
  'TIME-WAIT CLOSED': { path: 'M502 524H668', x: 585, y: 517, anchor: 'middle' },
};

const translation = (x: number, y: number): string => `${x}px ${y}px`;
const keyOf = ({ from, to }: Pick<StateEdge, 'from' | 'to'>): string => `${from} ${to}`;
/** Where a state stands, as it is come to from another. */
const placeOf = (state: StateName, from: StateName | null): Place =>
  state === 'CLOSED' && (from === 'TIME-WAIT' || from === 'LAST-ACK') ? 'CLOSED AGAIN' : state;

interface DrawnEdge {
  readonly edge: StateEdge;
  readonly group: SVGGElement;
  readonly count: SVGTextElement;
}

export interface FigureActions {
  onEdge(edge: StateEdge): void;
  onState(state: StateName): void;
}

/** The state diagram of RFC 9293 with a token for each endpoint. */
export class StateFigure {
  readonly element: SVGSVGElement;
  private readonly edges = new Map<string, DrawnEdge>();
  /** The edges by the places that they join. */
  private readonly lines = new Map<string, SVGPathElement>();
  private readonly boxes: { readonly state: StateName; readonly group: SVGGElement }[] = [];
  private readonly tokens: Readonly<Record<Side, SVGGElement>>;
  /** Where the tokens are. */
  private readonly at: Record<Side, Place | null> = { client: null, server: null };

  constructor(
    label: string,
    letters: Readonly<Record<Side, string>>,
    private readonly actions: FigureActions,
  ) {
    this.tokens = { client: token('client', letters.client), server: token('server', letters.server) };
    const head = (id: string): SVGMarkerElement =>
      svg(
        'marker',
        {
          id,
          viewBox: '0 0 8 8',
          refX: 7,
          refY: 4,
          markerWidth: 9,
          markerHeight: 9,
          markerUnits: 'userSpaceOnUse',
          orient: 'auto',
          class: 'state-head',
        },
        svg('path', { d: 'M0 0L8 4L0 8Z' }),
      );
    this.element = svg(
      'svg',
      { class: 'state-figure', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'group', 'aria-label': label },
      svg('defs', {}, head('state-head')),
      ...STATE_EDGES.map((edge) => this.drawEdge(edge)),
      ...Object.entries(PLACES).map(([name, at]) => this.drawState(name, at)),
      this.tokens.client,
      this.tokens.server,
    );
  }

  /** How often each edge was taken, and the words for a screen reader. */
  setCounts(countOf: (edge: StateEdge) => number, labelOf: (edge: StateEdge) => string): void {
    for (const { edge, group, count } of this.edges.values()) {
      const taken = countOf(edge);
      setText(count, taken === 0 ? '' : `×${taken}`);
      group.classList.toggle('taken', taken > 0);
      setAttribute(group, 'aria-label', labelOf(edge));
    }
  }

  /** The edge whose segments are listed; `null` for none. */
  choose(edge: Pick<StateEdge, 'from' | 'to'> | null): void {
    for (const [key, { group }] of this.edges) {
      const chosen = edge !== null && key === keyOf(edge);
      group.classList.toggle('chosen', chosen);
      setAttribute(group, 'aria-pressed', chosen ? 'true' : 'false');
    }
  }

  /**
   * Puts a token on a state; `null` takes it away. It moves along the edge between where it was and there, if there is
   * one, also backwards. `from`: the state before, by which one of the CLOSED is chosen.
   */
  place(side: Side, state: StateName | null, from: StateName | null): void {
    const element = this.tokens[side];
    setClass(element, `state-token ${side}${state === null ? ' away' : ''}`);
    const before = this.at[side];
    const place = state === null ? null : placeOf(state, from);
    this.at[side] = place;
    if (place === before) return;
    for (const animation of element.getAnimations()) animation.cancel();
    if (place === null) return;
    const [x, y] = PLACES[place];
    const dx = (side === 'client' ? -1 : 1) * (BOX_WIDTH / 2 - 4);
    const end = translation(x + dx, y + BOX_HEIGHT / 2 - 3);
    const start = element.style.getPropertyValue('translate');
    // A property, not an attribute, so that the content security policy lets it be.
    element.style.setProperty('translate', end);
    if (before === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const way = [start, ...this.wayBetween(before, place), end];
    element.animate(
      way.map((translate) => ({ translate })),
      { duration: MOVE_MS, easing: 'ease-in-out' },
    );
  }

  /** Points of the edge from one place to another, or of that from the other to the one; none where there is neither. */
  private wayBetween(from: Place, to: Place): string[] {
    const along = this.lines.get(`${from} ${to}`);
    const line = along ?? this.lines.get(`${to} ${from}`);
    if (line === undefined) return [];
    const length = line.getTotalLength();
    const way = Array.from({ length: WAY_POINTS + 1 }, (_, i) => {
      const { x, y } = line.getPointAtLength((length * i) / WAY_POINTS);
      return translation(x, y);
    });
    return along === undefined ? way.reverse() : way;
  }

  /** The edges that the endpoints went along just now. */
  highlight(moved: readonly Pick<StateEdge, 'from' | 'to'>[]): void {
    const keys = new Set(moved.map(keyOf));
    for (const [key, { group }] of this.edges) group.classList.toggle('now', keys.has(key));
  }

  /** Whether states can be chosen, as in a question. */
  setAnswering(answering: boolean): void {
    this.element.classList.toggle('answering', answering);
    for (const { group } of this.boxes) {
      setAttribute(group, 'tabindex', answering ? 0 : null);
      setAttribute(group, 'role', answering ? 'button' : null);
    }
  }

  private drawEdge(edge: StateEdge): SVGGElement {
    const { path, x, y, anchor } = COURSES[keyOf(edge)]!;
    const count = svg('tspan', { class: 'state-count', dx: 5 });
    const line = svg('path', { class: 'state-line', d: path, 'marker-end': 'url(#state-head)' });
    const group = svg(
      'g',
      { class: edge.noted ? 'state-edge noted' : 'state-edge', role: 'button', tabindex: 0 },
      svg('path', { class: 'state-reach', d: path }),
      line,
      svg('text', { x, y, 'text-anchor': anchor }, edge.label, count),
    );
    activates(group, () => this.actions.onEdge(edge));
    this.edges.set(keyOf(edge), { edge, group, count });
    this.lines.set(`${edge.from} ${placeOf(edge.to, edge.from)}`, line);
    return group;
  }

  private drawState(name: string, [x, y]: readonly [number, number]): SVGGElement {
    const state = (name === 'CLOSED AGAIN' ? 'CLOSED' : name) as StateName;
    const names = otherNames(state);
    const group = svg(
      'g',
      { class: 'state-box', 'aria-label': state },
      svg('rect', { x: x - BOX_WIDTH / 2, y: y - BOX_HEIGHT / 2, width: BOX_WIDTH, height: BOX_HEIGHT, rx: 4 }),
      svg('text', { x, y: y + 5, 'text-anchor': 'middle' }, state),
      names === null ? null : svg('title', {}, names),
    );
    activates(group, () => this.actions.onState(state));
    this.boxes.push({ state, group });
    return group;
  }
}

/** A circle for the client, a square for the server: told apart without colour. */
function token(side: Side, letter: string): SVGGElement {
  const shape =
    side === 'client' ? svg('circle', { r: 11 }) : svg('rect', { x: -10, y: -10, width: 20, height: 20, rx: 2 });
  return svg(
    'g',
    { class: `state-token ${side} away` },
    shape,
    svg('text', { y: 4.5, 'text-anchor': 'middle' }, letter),
  );
}

function activates(element: SVGElement, action: () => void): void {
  element.addEventListener('click', action);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
}
