import type { Field, PacketDetail } from '../../src/core/model/packet';
import type { Context } from '../context';
import { el, setAttribute, setChildren } from '../dom';
import { FIELD_DOCS } from '../fieldDocs';
import { say, t } from '../l10n';
import { linked } from './explanation';

/** Fields whose raw value another name stands for: Wireshark's `tcp.seq` is relative, its header lengths are bytes. */
const RAW_NAMES: Readonly<Record<string, string>> = { 'tcp.seq': 'tcp.seq_raw', 'tcp.ack': 'tcp.ack_raw' };
const IN_BYTES: ReadonlySet<string> = new Set(['tcp.hdr_len', 'ip.hdr_len']);

/** A display filter that finds packets with this value in this field; with the field at all where it is no plain value. */
export function fieldFilter({ id, value, children }: Field): string {
  const name = RAW_NAMES[id] ?? id;
  if (children !== undefined && children.some(({ bits }) => bits > 1)) return name;
  if (IN_BYTES.has(id)) return `${name} == ${Number(value) * 4}`;
  // Numbers, addresses; bytes in hexadecimal are no literal of the filter without their separators.
  if (/^(\d+|0x[0-9a-f]+|[0-9a-f:]*:[0-9a-f:.]*|\d+(\.\d+){3})$/i.test(value)) return `${name} == ${value}`;
  return name;
}

/** The bytes that a field stands in, in hexadecimal: "92 32 25 cb". */
export function fieldBytes({ bit, bits }: Pick<Field, 'bit' | 'bits'>, bytes: Uint8Array): string {
  const covered = bytes.subarray(Math.floor(bit / 8), Math.ceil((bit + bits) / 8));
  return Array.from(covered, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** What is known of one field: name, value, place, what it is for and where that is laid down; and copies of it. */
export class FieldCard {
  readonly element: HTMLElement;
  private readonly line = el('p', { class: 'readout', 'aria-live': 'polite' });
  private readonly about = el('p', { class: 'field-about' });
  private readonly actions = el('span', { class: 'field-actions', role: 'group', 'aria-label': t('Copy') });
  private readonly copyFilter: HTMLElement;
  private field: Field | null = null;
  private bytes: Uint8Array | null = null;

  constructor(private readonly context: Context) {
    const action = (text: string, label: string, what: () => string): HTMLElement => {
      const button = el('button', { class: 'link', 'aria-label': label, title: label }, text);
      button.addEventListener('click', () => context.post({ type: 'copy', text: what() }));
      return button;
    };
    this.copyFilter = action(t('filter'), t('Copy as filter'), () =>
      this.field === null ? '' : fieldFilter(this.field),
    );
    this.actions.append(
      el('span', { class: 'dim', 'aria-hidden': 'true' }, t('Copy')),
      action(t('value'), t('Copy value'), () => this.value),
      this.copyFilter,
      action(t('bytes'), t('Copy bytes'), () =>
        this.field === null || this.bytes === null ? '' : fieldBytes(this.field, this.bytes),
      ),
    );
    this.element = el('div', { class: 'field-card' }, this.line, this.about, this.actions);
    this.show(null, null, '');
  }

  /** The value of the field that is shown, as text. */
  get value(): string {
    return this.field?.value ?? '';
  }

  /** Shows a field of a packet; without one, what the header says as a whole. */
  show(field: Field | null, detail: PacketDetail | null, summary: string, buffer = 0): void {
    this.field = field;
    this.bytes = detail?.buffers[buffer]?.bytes ?? null;
    this.actions.hidden = field === null;
    if (field === null) {
      setChildren(this.line, el('span', { class: 'dim' }, summary));
      setChildren(
        this.about,
        summary === '' ? null : el('span', { class: 'dim' }, t('Choose a field to see what it is for.')),
      );
      return;
    }
    setAttribute(this.copyFilter, 'title', `${t('Copy as filter')}: ${fieldFilter(field)}`);
    setChildren(
      this.line,
      el('b', {}, t(field.name)),
      ' ',
      ...valueOf(field),
      ' ',
      el('span', { class: 'dim' }, `· ${placeOf(field)}`),
    );
    const doc = FIELD_DOCS[field.id];
    setChildren(
      this.about,
      doc === undefined ? el('span', { class: 'dim' }, field.id) : t(doc.text),
      ...(doc?.cites === undefined ? [] : [' ', ...linked(doc.cites, this.context.post)]),
    );
  }
}

function placeOf({ bit, bits }: Field): string {
  const start = bit / 8;
  if (bits % 8 === 0 && bit % 8 === 0)
    return bits === 8 ? t('byte {0}', start) : t('bytes {0}–{1}', start, start + bits / 8 - 1);
  return bits === 1
    ? t('bit {0} of byte {1}', bit % 8, Math.floor(start))
    : t('{0} bits from bit {1} of byte {2}', bits, bit % 8, Math.floor(start));
}

/** A field's value with what it means and whether it is right. */
export function valueOf(field: Field): (Node | string)[] {
  const value: (Node | string)[] = [el('span', { class: 'raw' }, field.value)];
  const sign =
    field.verdict === 'good' ? '✓ ' : field.verdict === 'bad' ? '✗ ' : field.verdict === 'warning' ? '⚠ ' : '';
  const meaning = sackEdges(field) ?? (field.meaning === undefined ? '' : say(field.meaning));
  if (sign !== '' || meaning !== '') value.push(' ', el('span', { class: 'meaning' }, `${sign}${meaning}`));
  return value;
}

/** "17400–18848", the blocks of a SACK option by their edges (raw, `[left, right)`); `null` for other fields. */
export function sackEdges({ id, children = [] }: Field): string | null {
  if (id !== 'tcp.options.sack') return null;
  const edges = (edge: string): string[] => children.filter((part) => part.id === edge).map(({ value }) => value);
  const rights = edges('tcp.options.sack_re');
  const blocks = edges('tcp.options.sack_le').map((left, i) => `${left}–${rights[i] ?? '?'}`);
  return blocks.length === 0 ? null : blocks.join(' · ');
}

/** The field as a sentence, for those who hear it. */
export const fieldSentence = (field: Field): string =>
  `${t(field.name)}: ${field.value}${field.meaning === undefined ? '' : `, ${say(field.meaning)}`}`;

export const verdictClass = (field: Field): string => (field.verdict === undefined ? '' : `verdict-${field.verdict}`);
