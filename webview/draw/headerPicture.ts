import type { Field, Layer } from '../../src/core/model/packet';

/** Bits of one row of an RFC's header picture. */
export const ROW_BITS = 32;
/** Rows that a long field is drawn with at most; beyond that only its length would be seen. */
const MAX_FIELD_ROWS = 4;
/** A group of bits (flags) is drawn bit by bit up to this width. */
const MAX_GROUP_BITS = 16;

/** A rectangle of the picture. Columns and rows count from 0; `columns` are bits. */
export interface Piece {
  readonly column: number;
  readonly columns: number;
  readonly row: number;
  readonly rows: number;
  /** The field's name and value stand in this piece; the others only continue it. */
  readonly main: boolean;
}

/** One field of the picture, in one piece or in several where it wraps. */
export interface Cell {
  readonly field: Field;
  readonly pieces: readonly Piece[];
  /** Single bits and small parts, drawn inside the field, in order and without gaps. */
  readonly parts: readonly Field[] | null;
  /** Drawn with fewer rows than it has bits for. */
  readonly shortened: boolean;
}

export interface HeaderPicture {
  readonly cells: readonly Cell[];
  readonly rows: number;
  /** Fields without bits of their own, or outside the header. */
  readonly rest: readonly Field[];
}

/**
 * Lays a header out as RFCs draw them, 32 bits to a row. Works from the fields' bits alone, so any layer can be drawn:
 * fields wider than a row span rows, those that start in the middle of one wrap, options take their places one by one.
 */
export function headerPicture(layer: Layer): HeaderPicture {
  const origin = layer.start * 8;
  const rest: Field[] = [];
  const drawable: Field[] = [];
  for (const field of layer.fields) {
    if (field.bits <= 0 || field.bit < origin) rest.push(field);
    // A long list of parts (options) is its parts; a short one (flags) is drawn as one field.
    else if (field.children !== undefined && field.bits > ROW_BITS && tiles(field)) drawable.push(...field.children);
    else drawable.push(field);
  }
  drawable.sort((a, b) => a.bit - b.bit || b.bits - a.bits);

  const cells: Cell[] = [];
  let rows = 0;
  /** Rows that shortened fields above did not take. */
  let saved = 0;
  let end = 0;
  for (const field of drawable) {
    const first = field.bit - origin;
    if (first < end) {
      rest.push(field); // overlaps what is drawn already: another view of the same bits
      continue;
    }
    end = first + field.bits;
    const { pieces, skipped } = piecesOf(first, end, saved);
    saved += skipped;
    const last = pieces[pieces.length - 1]!;
    rows = Math.max(rows, last.row + last.rows);
    cells.push({ field, pieces, parts: groupParts(field), shortened: skipped > 0 });
  }
  return { cells, rows, rest };
}

/** Whether the children follow each other from the field's first bit to its last. */
function tiles(field: Field): boolean {
  let bit = field.bit;
  for (const child of field.children ?? []) {
    if (child.bit !== bit || child.bits <= 0) return false;
    bit += child.bits;
  }
  return bit === field.bit + field.bits;
}

/** The parts of a group of flags; options, whose parts are numbers, are drawn as one value. */
function groupParts(field: Field): readonly Field[] | null {
  const { children } = field;
  if (children === undefined || field.bits > MAX_GROUP_BITS || !tiles(field)) return null;
  return children.some((child) => child.bits === 1) ? children : null;
}

function piecesOf(
  first: number,
  end: number,
  saved: number,
): { readonly pieces: readonly Piece[]; readonly skipped: number } {
  const spans: { column: number; columns: number; row: number; rows: number }[] = [];
  let skipped = 0;
  let at = first;
  while (at < end) {
    const row = Math.floor(at / ROW_BITS) - saved - skipped;
    const column = at % ROW_BITS;
    const wholeRows = column === 0 ? Math.floor((end - at) / ROW_BITS) : 0;
    if (wholeRows > 0) {
      const rows = Math.min(wholeRows, MAX_FIELD_ROWS);
      spans.push({ column: 0, columns: ROW_BITS, row, rows });
      skipped += wholeRows - rows;
      at += wholeRows * ROW_BITS;
    } else {
      const columns = Math.min(ROW_BITS - column, end - at);
      spans.push({ column, columns, row, rows: 1 });
      at += columns;
    }
  }
  let main = 0;
  spans.forEach((span, i) => {
    if (span.columns * span.rows > spans[main]!.columns * spans[main]!.rows) main = i;
  });
  return { pieces: spans.map((span, i) => ({ ...span, main: i === main })), skipped };
}

/** The innermost field that holds a bit, with the fields around it, outermost first; empty where there is none. */
export function fieldsAt(fields: readonly Field[], bit: number): readonly Field[] {
  for (const field of fields) {
    if (bit < field.bit || bit >= field.bit + field.bits) continue;
    return [field, ...fieldsAt(field.children ?? [], bit)];
  }
  return [];
}
