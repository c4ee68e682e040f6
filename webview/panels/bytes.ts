import { count } from '../../src/core/format/number';
import type { Layer, PacketDetail } from '../../src/core/model/packet';
import { VirtualList } from '../draw/virtualList';
import { consume, el, setAttribute, setClass, setText } from '../dom';
import { plural, say, t } from '../l10n';
import { marksByte, type Mark } from './marking';

export interface BytesEvents {
  /** The pointer or the keyboard came to a byte, or left the bytes. */
  readonly onByte: (buffer: number, byte: number | null) => void;
  /** A byte was clicked. */
  readonly onChoose: (buffer: number, byte: number) => void;
}

const ROW_HEIGHT = 18;
const MAX_PER_ROW = 16;
/** Widths in pixels of one column of hexadecimal and one of text, and what a row needs besides. */
const PER_BYTE = 19 + 7;
const FIXED = 50;

class BytesRow {
  readonly element: HTMLElement;
  readonly offset = el('span', { class: 'offset' });
  readonly hex: HTMLElement[] = [];
  readonly text: HTMLElement[] = [];

  constructor(perRow: number) {
    const hex = el('span', { class: 'hex' });
    const text = el('span', { class: 'ascii', 'aria-hidden': 'true' });
    for (let i = 0; i < perRow; i++) {
      this.hex.push(el('span', { 'data-column': i }));
      this.text.push(el('span', { 'data-column': i }));
    }
    hex.append(...this.hex);
    text.append(...this.text);
    this.element = el('div', { class: 'bytes-row', role: 'listitem' }, this.offset, hex, text);
  }
}

/** The bytes of one of a packet's buffers, as hexadecimal and as text. */
export class BytesPanel {
  readonly element: HTMLElement;
  private readonly title = el('h3', {}, t('Bytes'));
  private readonly box = el('div', { class: 'bytes-box' });
  private list: VirtualList<BytesRow> | null = null;
  private perRow = 8;
  private bytes: Uint8Array = new Uint8Array(0);
  private buffer = 0;
  private layer: Layer | null = null;
  private marked: Mark | null = null;
  private cursor = 0;
  private readonly resize = new ResizeObserver(() => this.fit());

  constructor(private readonly events: BytesEvents) {
    this.element = el('section', { class: 'bytes-panel', 'aria-label': t('Bytes') }, this.title, this.box);
    this.resize.observe(this.box);
  }

  show(detail: PacketDetail | null, layer: Layer | null): void {
    const buffer = layer?.buffer ?? 0;
    const shown = detail?.buffers[buffer];
    const same = shown !== undefined && shown.bytes === this.bytes;
    this.buffer = buffer;
    this.layer = layer;
    this.bytes = shown?.bytes ?? new Uint8Array(0);
    if (!same) this.cursor = (layer?.start ?? 0) < this.bytes.length ? (layer?.start ?? 0) : 0;
    const name = detail !== null && detail.buffers.length > 1 && shown !== undefined ? `${say(shown.name)} · ` : '';
    const size = plural(this.bytes.length, '{0} byte', '{0} bytes', count(this.bytes.length));
    const cut =
      buffer === 0 && detail !== null && detail.capturedBytes < detail.originalBytes
        ? ` · ${t('cut from {0}', count(detail.originalBytes))}`
        : '';
    this.title.replaceChildren(t('Bytes'), el('span', { class: 'dim' }, detail === null ? '' : `${name}${size}${cut}`));
    this.marked = null;
    this.list?.setCount(Math.ceil(this.bytes.length / this.perRow));
    this.list?.refresh();
    if (!same) this.list?.scrollTo(0);
  }

  mark(mark: Mark | null, reveal: boolean): void {
    this.marked = mark;
    if (reveal && mark !== null && mark.buffer === this.buffer)
      this.list?.reveal(Math.floor(mark.bit / 8 / this.perRow));
    this.list?.refresh();
  }

  dispose(): void {
    this.resize.disconnect();
    this.list?.dispose();
  }

  private fit(): void {
    const width = this.box.clientWidth;
    if (width === 0) return;
    const fitting = Math.floor((width - FIXED) / PER_BYTE);
    const perRow = fitting >= MAX_PER_ROW ? MAX_PER_ROW : fitting >= 8 ? 8 : 4;
    if (this.list !== null && perRow === this.perRow) return;
    this.perRow = perRow;
    this.build();
  }

  private build(): void {
    this.list?.dispose();
    const scroller = el('div', { class: 'bytes-scroller', tabindex: 0, role: 'list', 'aria-label': t('Bytes') });
    scroller.addEventListener('pointerover', (event) => {
      const byte = this.byteOf(event.target);
      if (byte !== null) this.events.onByte(this.buffer, byte);
    });
    scroller.addEventListener('pointerleave', () => this.events.onByte(this.buffer, null));
    scroller.addEventListener('click', (event) => {
      const byte = this.byteOf(event.target);
      if (byte === null) return;
      this.cursor = byte;
      this.events.onChoose(this.buffer, byte);
    });
    scroller.addEventListener('keydown', (event) => this.key(event));
    scroller.addEventListener('focus', () => {
      if (scroller.matches(':focus-visible') && this.bytes.length > 0) this.events.onByte(this.buffer, this.cursor);
    });
    scroller.addEventListener('blur', () => this.events.onByte(this.buffer, null));
    this.box.replaceChildren(scroller);
    const list = new VirtualList<BytesRow>({
      scroller,
      rowHeight: ROW_HEIGHT,
      create: () => new BytesRow(this.perRow),
      update: (row, index) => this.update(row, index),
      onView: () => undefined,
    });
    this.list = list;
    list.setCount(Math.ceil(this.bytes.length / this.perRow));
  }

  private byteOf(target: EventTarget | null): number | null {
    if (!(target instanceof HTMLElement)) return null;
    const { column } = target.dataset;
    const row = this.list?.indexOf(target) ?? -1;
    if (column === undefined || row < 0) return null;
    const byte = row * this.perRow + Number(column);
    return byte < this.bytes.length ? byte : null;
  }

  private key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.list?.visibleRows ?? 1) - 1) * this.perRow;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: this.perRow,
      ArrowUp: -this.perRow,
      PageDown: page,
      PageUp: -page,
      Home: -this.bytes.length,
      End: this.bytes.length,
    };
    const step = steps[event.key];
    if (event.key === 'Enter' && this.bytes.length > 0) this.events.onChoose(this.buffer, this.cursor);
    else if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || this.bytes.length === 0) return;
    else {
      this.cursor = Math.min(Math.max(0, this.cursor + step), this.bytes.length - 1);
      this.list?.reveal(Math.floor(this.cursor / this.perRow));
      this.events.onByte(this.buffer, this.cursor);
    }
    consume(event);
  }

  private update(row: BytesRow, index: number): void {
    const { bytes, layer, buffer } = this;
    const start = index * this.perRow;
    setText(row.offset, start.toString(16).padStart(4, '0'));
    for (let i = 0; i < this.perRow; i++) {
      const at = start + i;
      const value = bytes[at];
      const inLayer = layer !== null && layer.buffer === buffer && at >= layer.start && at < layer.end;
      const name =
        value === undefined ? '' : marksByte(this.marked, buffer, at) ? 'marked' : inLayer ? 'in-layer' : 'outside';
      // Spaces keep the text of a last, shorter row in its column.
      setText(row.hex[i]!, value === undefined ? '  ' : value.toString(16).padStart(2, '0'));
      setText(
        row.text[i]!,
        value === undefined ? '' : value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '·',
      );
      setClass(row.hex[i]!, name);
      setClass(row.text[i]!, value !== undefined && (value < 0x20 || value >= 0x7f) ? `${name} dot` : name);
    }
    setAttribute(row.element, 'aria-posinset', index + 1);
    setAttribute(row.element, 'aria-setsize', this.list?.count ?? 0);
  }
}
