import type { MarkKind } from '../../src/core/model/connection';
import { el, setChildren, svg } from '../dom';

export interface MinimapMark {
  /** Where in the whole, in [0, 1). */
  readonly at: number;
  readonly kind: MarkKind;
}

/** Problems are drawn last, over what stands at the same height. */
const ORDER: readonly MarkKind[] = ['close', 'open', 'reset', 'problem'];
const WIDTH = 14;

/**
 * The whole diagram at a glance, beside its scroll bar: where it opens, closes, is reset or has problems (each with a
 * colour and a shape), and which part of it is on screen. A click or a drag goes there. It repeats what the keyboard
 * reaches with `n` and `p`, so it is a picture to assistive technology.
 */
export class Minimap {
  readonly element: HTMLElement;
  private readonly marksLayer = svg('g');
  private readonly picture = svg('svg', { 'aria-hidden': 'true' }, this.marksLayer);
  private readonly viewport = el('div', { class: 'minimap-viewport' });
  private marks: readonly MinimapMark[] = [];
  private height = 0;
  private readonly resize = new ResizeObserver(() => this.measure());

  /** @param jump is given the place, in [0, 1], that should come to the middle of the view. */
  constructor(label: string, jump: (at: number) => void) {
    this.element = el('div', { class: 'minimap', role: 'img', 'aria-label': label });
    this.element.append(this.picture, this.viewport);
    const go = (event: PointerEvent): void => {
      const box = this.element.getBoundingClientRect();
      jump(Math.min(1, Math.max(0, (event.clientY - box.top) / Math.max(1, box.height))));
    };
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
      go(event);
    });
    this.element.addEventListener('pointermove', (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) go(event);
    });
    this.resize.observe(this.element);
  }

  setMarks(marks: readonly MinimapMark[], label: string): void {
    this.marks = [...marks].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    this.element.setAttribute('aria-label', label);
    this.draw();
  }

  /** The part on screen, `[start, end)` in [0, 1]. */
  setView(start: number, end: number): void {
    const visible = end - start < 1;
    this.viewport.style.display = visible ? '' : 'none';
    if (!visible) return;
    const height = Math.max(8, (end - start) * this.height);
    this.viewport.style.height = `${height}px`;
    this.viewport.style.transform = `translateY(${Math.min(start * this.height, this.height - height)}px)`;
  }

  dispose(): void {
    this.resize.disconnect();
  }

  private measure(): void {
    if (this.element.clientHeight === this.height) return;
    this.height = this.element.clientHeight;
    this.draw();
  }

  private draw(): void {
    // Marks that would stand on the same pixel rows are one mark.
    const seen = new Set<string>();
    const shapes: SVGElement[] = [];
    for (const { at, kind } of this.marks) {
      const y = Math.round((at * (this.height - 4)) / 2) * 2 + 2;
      const key = `${kind}${y}`;
      if (seen.has(key)) continue;
      seen.add(key);
      shapes.push(svg('path', { class: `mark ${kind}`, d: shape(kind, y) }));
    }
    setChildren(this.marksLayer, ...shapes);
  }
}

function shape(kind: MarkKind, y: number): string {
  switch (kind) {
    case 'open':
    case 'close':
      return `M2 ${y - 1}H${WIDTH - 2}V${y + 1}H2z`;
    case 'problem':
      return `M${WIDTH - 2} ${y - 3}V${y + 3}L4 ${y}z`;
    case 'reset':
      return `M3 ${y - 3}L5 ${y - 4}L${WIDTH - 3} ${y + 2}L${WIDTH - 5} ${y + 4}zM${WIDTH - 5} ${y - 4}L${WIDTH - 3} ${y - 3}L5 ${y + 4}L3 ${y + 2}z`;
  }
}
