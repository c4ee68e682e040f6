/** A stretch of bits in one of a packet's buffers, `[bit, bit + bits)`: what is marked in the header and in the bytes. */
export interface Mark {
  readonly buffer: number;
  readonly bit: number;
  readonly bits: number;
}

export const sameMark = (a: Mark | null, b: Mark | null): boolean =>
  a === b || (a !== null && b !== null && a.buffer === b.buffer && a.bit === b.bit && a.bits === b.bits);

/** Whether any bit of the byte is marked. */
export const marksByte = (mark: Mark | null, buffer: number, byte: number): boolean =>
  mark !== null && mark.buffer === buffer && byte * 8 + 8 > mark.bit && byte * 8 < mark.bit + mark.bits;

export const marksField = (
  mark: Mark | null,
  buffer: number,
  field: { readonly bit: number; readonly bits: number },
): boolean =>
  mark !== null && mark.buffer === buffer && field.bit < mark.bit + mark.bits && field.bit + field.bits > mark.bit;
