import { el, oncePerFrame } from '../dom';

/** Chromium cuts elements at 33 554 428 px without a word; well below it, scroll positions are mapped, not laid out. */
export const MAX_SPACER_PX = 10_000_000;
/** Rows beyond the edges, so that a small scroll shows a finished row. */
const OVERSCAN = 2;
/** Rows are placed relative to a base that moves in steps, so that scrolling moves one layer and not every row. */
const BASE_STEP = 4096;

export interface VirtualListOptions<R extends { readonly element: HTMLElement }> {
  /** The element that scrolls; it also has the keyboard focus. */
  readonly scroller: HTMLElement;
  /** Stays at the top inside the scroller (column heads). */
  readonly header?: HTMLElement;
  readonly rowHeight: number;
  /** Makes a row without content; called once a slot. */
  readonly create: () => R;
  /** Fills a slot with the row at `index`. */
  readonly update: (row: R, index: number) => void;
  /** Called in the same frame, after rows came into view: `[start, end)` and how much of the list is above. */
  readonly onView: (start: number, end: number) => void;
}

/**
 * A list of any length with rows of one height, shown through a few dozen recycled elements.
 *
 * The position is held in rows, with a fraction. The scroll bar follows it: one to one while the list is short enough,
 * in proportion above {@link MAX_SPACER_PX}; there the wheel moves the position directly, so that one notch stays three
 * rows and not three screens.
 */
export class VirtualList<R extends { readonly element: HTMLElement }> {
  private readonly layer = el('div', { class: 'vlist-layer', role: 'presentation' });
  private readonly spacer = el('div', { class: 'vlist-spacer', role: 'presentation' }, this.layer);
  private overlay: Element | null = null;
  private readonly slots: R[] = [];
  /** Index that each slot shows, -1 for none. */
  private shown = new Int32Array(0);
  private rows = 0;
  private rowHeight: number;
  private base = 0;
  private position = 0;
  private viewHeight = 0;
  /** What the rows show has changed: all are filled again in the next frame, and answer for their indices until then. */
  private outdated = false;
  private expectedScroll = 0;
  /** The position moved and the scroll bar did not yet: it follows at the start of a frame, when that costs no layout. */
  private scrollBarIsBehind = false;
  /** Row to reveal once the list is on screen and has a height. */
  private pendingReveal: number | null = null;
  private readonly redraw = oncePerFrame(() => this.draw());
  private readonly resize = new ResizeObserver(() => this.measure());

  constructor(private readonly options: VirtualListOptions<R>) {
    this.rowHeight = options.rowHeight;
    const { scroller, header } = options;
    if (header !== undefined) scroller.append(header);
    scroller.append(this.spacer);
    scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    scroller.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.resize.observe(scroller);
    if (header !== undefined) this.resize.observe(header);
  }

  /** First row at the top of the view, with a fraction. */
  get top(): number {
    return this.position;
  }

  /** Rows that fit, with a fraction. */
  get visibleRows(): number {
    return this.viewHeight / this.rowHeight;
  }

  get count(): number {
    return this.rows;
  }

  setCount(count: number): void {
    if (count === this.rows) return;
    this.rows = count;
    this.layout();
  }

  setRowHeight(height: number): void {
    if (height === this.rowHeight) return;
    this.rowHeight = height;
    this.outdated = true;
    this.layout();
  }

  /** Fills one row again, if it is in view. */
  refreshRow(index: number): void {
    const slot = this.slotOf(index);
    if (slot !== undefined) this.options.update(slot, index);
  }

  /** Fills all rows again: what they show has changed. */
  refresh(): void {
    this.outdated = true;
    this.redraw();
  }

  /** Fills all rows again before it returns. */
  refreshNow(): void {
    this.outdated = true;
    this.draw();
  }

  scrollTo(top: number): void {
    this.pendingReveal = null;
    this.position = Math.min(Math.max(0, top), this.maxTop());
    this.scrollBarIsBehind = true;
    this.redraw();
  }

  /** Scrolls as little as needed to show the row; `centre` puts a row that was out of view in the middle. */
  reveal(index: number, centre = false): void {
    if (this.viewHeight === 0) {
      this.pendingReveal = index;
      return;
    }
    const { visibleRows } = this;
    const above = index < this.position;
    const below = index + 1 > this.position + visibleRows;
    if (!above && !below) return;
    if (centre) this.scrollTo(index - (visibleRows - 1) / 2);
    else this.scrollTo(above ? index : index + 1 - visibleRows);
  }

  /** The slot that shows the row, if one does. */
  slotOf(index: number): R | undefined {
    const slot = this.slots.length === 0 ? -1 : index % this.slots.length;
    return this.shown[slot] === index ? this.slots[slot] : undefined;
  }

  /** Puts an element over the rows, in whose coordinates {@link yOf} counts. */
  addOverlay(element: Element): void {
    this.overlay = element;
    this.layer.append(element);
  }

  /** Where a row is drawn or would be, in pixels of the layer that moves with the rows. */
  yOf(index: number): number {
    return (index - this.base) * this.rowHeight;
  }

  /** The row of an element inside the list, -1 for none. */
  indexOf(target: EventTarget | null): number {
    if (!(target instanceof Node)) return -1;
    const slot = this.slots.findIndex(({ element }) => element.contains(target));
    return slot < 0 ? -1 : (this.shown[slot] ?? -1);
  }

  dispose(): void {
    this.resize.disconnect();
  }

  private get contentHeight(): number {
    return this.rows * this.rowHeight;
  }

  private get spacerHeight(): number {
    return Math.min(this.contentHeight, MAX_SPACER_PX);
  }

  /** Whether the scroll bar stands in proportion to the list instead of one to one. */
  private get mapped(): boolean {
    return this.contentHeight > MAX_SPACER_PX;
  }

  private maxTop(): number {
    return Math.max(0, this.rows - this.visibleRows);
  }

  private measure(): void {
    const { scroller, header } = this.options;
    const height = Math.max(0, scroller.clientHeight - (header?.offsetHeight ?? 0));
    if (height === this.viewHeight) return;
    const hidden = this.viewHeight === 0;
    this.viewHeight = height;
    if (header !== undefined) this.layer.style.top = `${header.offsetHeight}px`;
    this.layout();
    if (hidden && height > 0 && this.pendingReveal !== null) {
      const index = this.pendingReveal;
      this.pendingReveal = null;
      this.reveal(index, true);
    }
  }

  private layout(): void {
    const wanted = this.viewHeight === 0 ? 0 : Math.ceil(this.visibleRows) + 1 + 2 * OVERSCAN;
    while (this.slots.length < wanted) {
      const slot = this.options.create();
      slot.element.style.display = 'none';
      this.slots.push(slot);
      this.layer.insertBefore(slot.element, this.overlay);
    }
    for (const slot of this.slots.splice(wanted)) slot.element.remove();
    this.shown = new Int32Array(this.slots.length).fill(-1);
    this.spacer.style.height = `${this.spacerHeight}px`;
    if (this.viewHeight > 0) this.position = Math.min(this.position, this.maxTop());
    this.scrollBarIsBehind = true;
    this.redraw();
  }

  private syncScrollBar(): void {
    const { scroller } = this.options;
    this.scrollBarIsBehind = false;
    const room = this.spacerHeight - this.viewHeight;
    const scroll = this.mapped ? (this.position / Math.max(1, this.maxTop())) * room : this.position * this.rowHeight;
    scroller.scrollTop = scroll;
    this.expectedScroll = scroller.scrollTop;
  }

  private scrolled(): void {
    const { scrollTop } = this.options.scroller;
    // Our own change of the scroll bar comes back here; it is rounded, the position is not.
    if (this.scrollBarIsBehind || Math.abs(scrollTop - this.expectedScroll) < 1) return;
    this.expectedScroll = scrollTop;
    const room = this.spacerHeight - this.viewHeight;
    this.position = this.mapped ? (room > 0 ? (scrollTop / room) * this.maxTop() : 0) : scrollTop / this.rowHeight;
    this.redraw();
  }

  private wheel(event: WheelEvent): void {
    if (!this.mapped || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const rows =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? event.deltaY
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? event.deltaY * this.visibleRows
          : event.deltaY / this.rowHeight;
    this.scrollTo(this.position + rows);
  }

  private draw(): void {
    const { slots, shown, rowHeight } = this;
    if (slots.length === 0) return;
    if (this.scrollBarIsBehind) this.syncScrollBar();
    const start = Math.max(0, Math.floor(this.position) - OVERSCAN);
    const end = Math.min(this.rows, start + slots.length);
    const base = Math.floor(start / BASE_STEP) * BASE_STEP;
    const moved = base !== this.base || this.outdated;
    const { outdated } = this;
    this.outdated = false;
    this.base = base;
    for (let index = start; index < end; index++) {
      const at = index % slots.length;
      const slot = slots[at]!;
      const before = shown[at]!;
      if (before === index && !moved) continue;
      shown[at] = index;
      slot.element.style.transform = `translateY(${(index - base) * rowHeight}px)`;
      if (before !== index || outdated) {
        slot.element.style.display = '';
        this.options.update(slot, index);
      }
    }
    for (let at = 0; at < slots.length; at++) {
      const index = shown[at]!;
      if (index >= start && index < end) continue;
      if (index !== -1 || end - start < slots.length) {
        shown[at] = -1;
        slots[at]!.element.style.display = 'none';
      }
    }
    this.layer.style.transform = `translateY(${Math.round((base - this.position) * rowHeight)}px)`;
    this.options.onView(start, end);
  }
}
