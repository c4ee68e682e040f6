import { i32be, u16be, u32be } from '../bytes/endian';
import { ipv4Text, ipv6Text } from '../model/addresses';
import type { Message } from '../model/message';
import type { Notice, Severity } from '../model/notice';
import type { Field } from '../model/packet';
import type { TcpContext } from './transport/tcp-describe';

/** What a field may have besides its place and value. */
export interface FieldExtras {
  readonly meaning?: Message | undefined;
  readonly verdict?: Field['verdict'] | undefined;
  readonly children?: readonly Field[] | undefined;
}

/** What the describer of a TCP header is told besides its bytes. */
export interface TcpAside {
  /** Index into `CHECKSUM_VERDICTS`. */
  readonly checksum: number;
  readonly context: TcpContext | null;
}

/**
 * One header being described. Offsets are relative to the header's first byte, bits to its first bit; a field that was
 * not wholly captured is left out, and the first one left out is noted.
 */
export class HeaderView {
  readonly fields: Field[] = [];
  readonly notices: Notice[] = [];
  private list = this.fields;
  private cut = false;
  private last: number;

  /**
   * @param start index of the header's first byte in `bytes`
   * @param end end of what was captured of this header and what it carries
   * @param limit the same on the wire
   * @param next end of the header as its step found it
   * @param tcp for a TCP header: what is known about the segment besides these bytes
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly end: number,
    readonly limit: number,
    readonly next: number,
    readonly tcp: TcpAside,
  ) {
    this.last = start;
  }

  /** Bytes captured from the header's start on. */
  get captured(): number {
    return this.end - this.start;
  }

  /** Length of the header in bytes, as its step found it. */
  get headerBytes(): number {
    return this.next - this.start;
  }

  /** End of the last field written, as an index into `bytes`. */
  get described(): number {
    return this.last;
  }

  /** Whether the bytes were captured; the first time they were not is noted. */
  has(offset: number, length: number): boolean {
    if (offset >= 0 && this.start + offset + length <= this.end) return true;
    if (!this.cut) {
      this.cut = true;
      this.notice('cut-header', 'info', { text: 'The header was not captured whole', args: [] }, this.captured, 0);
    }
    return false;
  }

  u8(offset: number): number {
    return this.start + offset < this.end ? this.bytes[this.start + offset]! : 0;
  }

  u16(offset: number): number {
    return this.start + offset + 2 <= this.end ? u16be(this.bytes, this.start + offset) : 0;
  }

  u32(offset: number): number {
    return this.start + offset + 4 <= this.end ? u32be(this.bytes, this.start + offset) : 0;
  }

  /** The bytes as hexadecimal digits. */
  hexText(offset: number, length: number): string {
    return hexText(this.bytes, this.start + offset, Math.min(this.end, this.start + offset + length));
  }

  /** Unsigned number of up to 6 bytes, in decimal. */
  uint(id: string, name: string, offset: number, length: number, extras?: FieldExtras): void {
    if (this.has(offset, length)) this.put(id, name, offset * 8, length * 8, `${this.number(offset, length)}`, extras);
  }

  /** Unsigned number of up to 4 bytes, in hexadecimal. */
  hex(id: string, name: string, offset: number, length: number, extras?: FieldExtras): void {
    if (!this.has(offset, length)) return;
    const value = `0x${this.number(offset, length)
      .toString(16)
      .padStart(length * 2, '0')}`;
    this.put(id, name, offset * 8, length * 8, value, extras);
  }

  /** A field of `bits` bits (up to 32) at `bit`; `format` makes its text, decimal by default. */
  bits(
    id: string,
    name: string,
    bit: number,
    bits: number,
    format: (value: number) => string = String,
    extras?: FieldExtras,
  ): void {
    const first = bit >>> 3;
    if (this.has(first, ((bit + bits + 7) >>> 3) - first))
      this.put(id, name, bit, bits, format(this.bitsAt(bit, bits)), extras);
  }

  ipv4(id: string, name: string, offset: number, extras?: FieldExtras): void {
    if (this.has(offset, 4))
      this.put(id, name, offset * 8, 32, ipv4Text(i32be(this.bytes, this.start + offset)), extras);
  }

  ipv6(id: string, name: string, offset: number, extras?: FieldExtras): void {
    if (this.has(offset, 16)) this.put(id, name, offset * 8, 128, ipv6Text(this.bytes, this.start + offset), extras);
  }

  /** A MAC address. */
  mac(id: string, name: string, offset: number): void {
    if (this.has(offset, 6)) this.put(id, name, offset * 8, 48, this.macText(offset));
  }

  macText(offset: number): string {
    if (this.start + offset + 6 > this.end) return '';
    const text: string[] = [];
    for (let i = 0; i < 6; i++)
      text.push(
        this.u8(offset + i)
          .toString(16)
          .padStart(2, '0'),
      );
    return text.join(':');
  }

  /** Bytes as hexadecimal digits, as many as were captured; the first {@link SHOWN_BYTES} of them. */
  raw(id: string, name: string, offset: number, length: number, extras?: FieldExtras): void {
    const there = Math.min(length, this.captured - offset);
    if (there < length) this.has(offset, length);
    if (there <= 0) return;
    const shown = this.hexText(offset, Math.min(there, SHOWN_BYTES));
    this.put(id, name, offset * 8, there * 8, there > SHOWN_BYTES ? `${shown}…` : shown, extras);
  }

  /** A field whose text the caller has made, at a bit. */
  put(id: string, name: string, bit: number, bits: number, value: string, extras?: FieldExtras): void {
    if (!this.has(bit >>> 3, ((bit + bits + 7) >>> 3) - (bit >>> 3))) return;
    const meaning = extras?.meaning;
    const verdict = extras?.verdict;
    const children = extras?.children;
    this.list.push({
      id,
      name,
      value,
      bit: this.start * 8 + bit,
      bits,
      ...(meaning && { meaning }),
      ...(verdict && { verdict }),
      ...(children && children.length > 0 && { children }),
    });
    this.last = Math.max(this.last, this.start + ((bit + bits + 7) >>> 3));
  }

  /** The fields that `write` writes, to be the children of another one. */
  children(write: () => void): Field[] {
    const outer = this.list;
    const fields: Field[] = [];
    this.list = fields;
    write();
    this.list = outer;
    return fields;
  }

  /** Notes something wrong at a byte of this header. */
  notice(code: string, severity: Severity, message: Message, offset: number, length: number): void {
    this.notices.push({ code, severity, message, offset: this.start + offset, length });
  }

  private number(offset: number, length: number): number {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + this.u8(offset + i);
    return value;
  }

  private bitsAt(bit: number, bits: number): number {
    let value = 0;
    for (let i = bit; i < bit + bits; i++) value = value * 2 + ((this.u8(i >>> 3) >>> (7 - (i & 7))) & 1);
    return value;
  }
}

/** Bytes of a long field that its text shows. */
export const SHOWN_BYTES = 64;

/** The bytes in `[start, end)` as hexadecimal digits. */
export function hexText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += bytes[i]!.toString(16).padStart(2, '0');
  return text;
}

/** `0x` and the value in hexadecimal, for {@link HeaderView.bits}. */
export const hexOf =
  (digits: number) =>
  (value: number): string =>
    `0x${value.toString(16).padStart(digits, '0')}`;

/** Looks a number's name up; the number stays in the text, for {@link HeaderView.bits}. */
export const setOrNot = (value: number): string => (value ? '1' : '0');

/** Printable ASCII up to the first zero byte, for names in headers. */
export function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < Math.min(end, bytes.length) && bytes[i] !== 0; i++)
    text += bytes[i]! >= 0x20 && bytes[i]! < 0x7f ? String.fromCharCode(bytes[i]!) : '.';
  return text;
}
