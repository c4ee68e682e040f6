import type { SegmentRow } from '../../src/core/model/segment';
import { setAttribute, svg } from '../dom';

/** A stretch behind the acknowledgment number, in bytes from it: `[start, end)`. */
export interface SackSpan {
  readonly start: number;
  readonly end: number;
  /** `held` was received out of order, `hole` is missing before it, `twice` arrived again (D-SACK, RFC 2883). */
  readonly kind: 'held' | 'hole' | 'twice';
}

/** What a segment's SACK blocks say of the receiver's sequence space, in order; empty where it has none. */
export function sackSpans({ sack, ackRaw }: Pick<SegmentRow, 'sack' | 'ackRaw'>): SackSpan[] {
  if (sack.length === 0) return [];
  const blocks = sack
    .map(([left, right]) => ({ start: (left - ackRaw) | 0, end: (right - ackRaw) | 0 }))
    .filter(({ start, end }) => end > start);
  const first = blocks[0];
  const spans: SackSpan[] = [];
  // RFC 2883 §4: a first block below the acknowledgment number, or within the second block, was received twice.
  const second = blocks[1];
  const within = first !== undefined && second !== undefined && first.start >= second.start && first.end <= second.end;
  if (first !== undefined && (first.start < 0 || within)) {
    spans.push({ ...first, kind: 'twice' });
    blocks.shift();
  }
  let at = 0;
  for (const { start, end } of [...blocks].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    if (start > at) spans.push({ start: at, end: start, kind: 'hole' });
    spans.push({ start: Math.max(at, start), end, kind: 'held' });
    at = end;
  }
  return spans;
}

const HEIGHT = 4;

/** SACK blocks and the holes between them as a strip of sequence space: full, open, and crossed where it came twice. */
export class SackStrip {
  private readonly held = svg('path', { class: 'held' });
  private readonly hole = svg('path', { class: 'hole' });
  private readonly twice = svg('path', { class: 'twice' });
  readonly element = svg('svg', { class: 'sack none', 'aria-hidden': 'true' }, this.hole, this.held, this.twice);
  private drawn = '';

  /** Draws it in a box of this width. */
  draw(spans: readonly SackSpan[], width: number): void {
    const key =
      spans.length === 0 ? '' : `${width}|${spans.map(({ start, end, kind }) => `${kind}${start}-${end}`).join()}`;
    if (key === this.drawn) return;
    this.drawn = key;
    setAttribute(this.element, 'class', spans.length === 0 ? 'sack none' : 'sack');
    const from = Math.min(0, ...spans.map(({ start }) => start));
    const to = Math.max(...spans.map(({ end }) => end));
    const scale = (width - 2) / Math.max(1, to - from);
    for (const kind of ['held', 'hole', 'twice'] as const)
      setAttribute(
        this[kind],
        'd',
        spans
          .filter((span) => span.kind === kind)
          .map(({ start, end }) => box(1 + (start - from) * scale, Math.max(2, (end - start) * scale)))
          .join(''),
      );
  }
}

const box = (x: number, width: number): string =>
  `M${x.toFixed(1)} .5h${width.toFixed(1)}v${HEIGHT}h${(-width).toFixed(1)}z`;
