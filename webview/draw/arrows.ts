import { setAttribute, setClass, svg } from '../dom';
import type { SegmentKind } from './segmentKind';

export interface ArrowStyle {
  readonly kind: SegmentKind;
  readonly toRight: boolean;
  /** Drawn dashed. */
  readonly problem: boolean;
}

/** Distance from the lane to the arrow's ends. */
const MARGIN = 4;
const HEAD_LENGTH = 8;
const HEAD_HALF = 4;

/**
 * One segment on its way: a slanted line from the sender to the receiver, later is lower. The kind is in the colour and
 * in the shape: a dot at the tail opens (SYN), a bar at the tail closes (FIN), a cross for a head aborts (RST), an open
 * head carries no data (ACK), a filled one does, a dashed line is a problem.
 */
export class Arrow {
  readonly element: SVGSVGElement;
  private readonly shaft = svg('path', { class: 'shaft' });
  private readonly head = svg('path', { class: 'head' });
  private readonly tail = svg('path', { class: 'tail' });
  private drawn = '';

  constructor() {
    this.element = svg('svg', { class: 'arrow', 'aria-hidden': 'true' }, this.shaft, this.tail, this.head);
  }

  /** Draws it in a box of this width, from `top` to `bottom`. */
  draw({ kind, toRight, problem }: ArrowStyle, width: number, top: number, bottom: number): void {
    const key = `${kind}|${toRight}|${problem}|${width}|${top}|${bottom}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const direction = toRight ? 1 : -1;
    const from = toRight ? MARGIN : width - MARGIN;
    const to = toRight ? width - MARGIN : MARGIN;
    const angle = (bottom - top) / Math.max(1, width - 2 * MARGIN);
    // The line ends under the head, so that a filled head stays pointed.
    const inset = kind === 'ack' ? 1 : kind === 'rst' ? HEAD_HALF + 1 : HEAD_LENGTH - 1;
    setAttribute(this.shaft, 'd', `M${from} ${top}L${to - direction * inset} ${bottom - angle * inset}`);
    setAttribute(this.head, 'd', headPath(kind, to, bottom, direction));
    setAttribute(this.tail, 'd', tailPath(kind, from, top));
    setClass(this.element, problem ? `arrow ${kind} problem` : `arrow ${kind}`);
  }
}

function headPath(kind: SegmentKind, x: number, y: number, direction: 1 | -1): string {
  if (kind === 'rst') {
    const centre = x - direction * (HEAD_HALF + 1);
    const [a, b] = [centre - HEAD_HALF, centre + HEAD_HALF];
    return `M${a} ${y - HEAD_HALF}L${b} ${y + HEAD_HALF}M${a} ${y + HEAD_HALF}L${b} ${y - HEAD_HALF}`;
  }
  const back = x - direction * HEAD_LENGTH;
  const wings = `M${back} ${y - HEAD_HALF}L${x} ${y}L${back} ${y + HEAD_HALF}`;
  return kind === 'ack' ? wings : `${wings}z`;
}

function tailPath(kind: SegmentKind, x: number, y: number): string {
  if (kind === 'syn') return `M${x - 2.5} ${y}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z`;
  if (kind === 'fin') return `M${x} ${y - 4}V${y + 4}`;
  return '';
}
