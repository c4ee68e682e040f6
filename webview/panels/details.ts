import type { ConnectionRow, QuietRun } from '../../src/core/model/connection';
import type { Field, Layer, PacketDetail } from '../../src/core/model/packet';
import type { SegmentRow } from '../../src/core/model/segment';
import { duration } from '../../src/core/format/time';
import type { Context } from '../context';
import { fieldsAt } from '../draw/headerPicture';
import { el, setChildren } from '../dom';
import { say, t } from '../l10n';
import { BytesPanel } from './bytes';
import { runTexts } from '../draw/runTexts';
import { EndpointsPanel } from './endpoints';
import { explanation, reasonsList } from './explanation';
import { HeaderPanel } from './header';
import { LessonPanel } from './lesson';
import { LinksPanel } from './links';
import { sameMark, type Mark } from './marking';

/** Everything about the selected segment: its headers, its bytes, why it is what it is, and both endpoints. */
export class Details {
  readonly element: HTMLElement;
  private readonly header: HeaderPanel;
  private readonly bytes: BytesPanel;
  private readonly endpoints = new EndpointsPanel();
  private readonly why = el('section', { class: 'why-panel', 'aria-label': t('What happens') });
  private readonly links: LinksPanel;
  private readonly lesson: LessonPanel;
  private readonly reasons = el('div', { class: 'reasons' });
  private readonly empty = el('p', { class: 'details-empty' });
  private row: SegmentRow | null = null;
  private info: ConnectionRow | null = null;
  private detail: PacketDetail | null = null;
  private layer: Layer | null = null;
  private marked: Mark | null = null;
  private asked = 0;

  constructor(private readonly context: Context) {
    this.links = new LinksPanel(context);
    this.lesson = new LessonPanel(context);
    this.header = new HeaderPanel(context, {
      onLayer: (layer) => this.chooseLayer(layer),
      onMark: (mark) => this.mark(mark, true),
    });
    this.bytes = new BytesPanel({
      onByte: (buffer, byte) =>
        this.mark(byte === null ? this.header.chosenMark : this.markOfByte(buffer, byte), false),
      onChoose: (buffer, byte) => this.chooseByte(buffer, byte),
    });
    this.element = el(
      'div',
      { class: 'details', role: 'region', 'aria-label': t('Details') },
      this.empty,
      this.header.element,
      this.bytes.element,
      el('div', { class: 'story', tabindex: 0 }, this.why, this.endpoints.element),
    );
    this.showNothing(t('Select a segment to see its header, its bytes and both endpoints.'));
  }

  /** Shows a segment; the packet's bytes come a moment later and replace the ones before without a gap. */
  async show(row: SegmentRow, info: ConnectionRow): Promise<void> {
    const samePacket = this.row?.packet === row.packet && this.detail !== null;
    this.row = row;
    this.info = info;
    this.element.classList.remove('nothing');
    this.drawStory();
    if (row.notes.length > 0) void this.showReasons(row);
    void this.links.show(row);
    void this.lesson.show(row);
    if (samePacket) return;
    await this.loadPacket(row.packet, row);
  }

  /** Shows a packet that has no TCP segment. */
  async showPacket(packet: number): Promise<void> {
    this.showNothing('');
    this.element.classList.remove('nothing');
    setChildren(this.why, el('h3', {}, t('What happens')), el('p', {}, t('No TCP segment in packet {0}.', packet)));
    await this.loadPacket(packet, null);
  }

  private async loadPacket(packet: number, row: SegmentRow | null): Promise<void> {
    const asked = ++this.asked;
    const detail = await this.context.client.query('packet', { packet }).catch(() => null);
    if (asked !== this.asked || this.row !== row) return;
    this.detail = detail;
    this.layer = detail === null ? null : chooseLayer(detail, this.context.store.now.layer, row);
    this.drawPacket();
  }

  private async showReasons(row: SegmentRow): Promise<void> {
    const reasons = await this.context.client
      .query('reasons', { connection: row.connection, row: row.row })
      .catch(() => []);
    if (this.row === row) setChildren(this.reasons, ...reasonsList(reasons, this.context.post));
  }

  showRun(run: QuietRun, open: boolean): void {
    const keys = open ? t('Enter or ← folds it.') : t('Enter or → unfolds it.');
    this.showNothing(`${runTexts(run)[0]} · ${duration(run.durationNs)} · ${keys}`);
  }

  showNothing(text: string): void {
    this.asked++;
    this.row = null;
    this.detail = null;
    this.layer = null;
    this.element.classList.add('nothing');
    setChildren(this.empty, text);
    this.drawPacket();
    this.endpoints.show(null, null, 'relative');
    this.lesson.clear();
    setChildren(this.why);
  }

  /** Prints numbers anew: relative or raw. */
  redraw(): void {
    if (this.row !== null) this.endpoints.show(this.row, this.info, this.context.store.now.seq);
  }

  focus(): void {
    this.header.focusFirst();
  }

  dispose(): void {
    this.header.dispose();
    this.bytes.dispose();
  }

  private drawStory(): void {
    const { row, info } = this;
    if (row === null || info === null) return;
    setChildren(this.reasons);
    this.links.clear();
    setChildren(
      this.why,
      el('h3', {}, t('What happens')),
      ...explanation(row, this.context.post),
      this.lesson.element,
      this.links.element,
      this.reasons,
    );
    this.endpoints.show(row, info, this.context.store.now.seq);
  }

  private drawPacket(): void {
    this.marked = null;
    this.header.show(this.detail, this.layer);
    this.bytes.show(this.detail, this.layer);
    this.mark(this.header.chosenMark, true);
    const notices = this.detail?.notices ?? [];
    if (notices.length > 0)
      this.why.append(...notices.map((notice) => el('p', { class: 'problem' }, say(notice.message))));
  }

  private chooseLayer(layer: Layer): void {
    this.layer = layer;
    this.context.store.set({ layer: layer.id });
    this.drawPacket();
  }

  private mark(mark: Mark | null, revealBytes: boolean): void {
    if (sameMark(mark, this.marked)) return;
    this.marked = mark;
    this.header.mark(mark, mark === null ? null : this.fieldOf(mark));
    this.bytes.mark(mark, revealBytes);
  }

  /** The field that stands in exactly these bits. */
  private fieldOf(mark: Mark): Field | null {
    for (const layer of this.detail?.layers ?? []) {
      if (layer.buffer !== mark.buffer) continue;
      const path = fieldsAt(layer.fields, mark.bit);
      const exact = path.find((field) => field.bit === mark.bit && field.bits === mark.bits);
      if (exact !== undefined) return exact;
    }
    return null;
  }

  /** The field that a byte belongs to, as it is drawn; the byte alone where there is none. */
  private markOfByte(buffer: number, byte: number): Mark {
    for (const layer of this.detail?.layers ?? []) {
      if (layer.buffer !== buffer || byte < layer.start || byte >= layer.end) continue;
      // The widest field below a container of many (options): what the picture draws as one.
      const path = fieldsAt(layer.fields, byte * 8).filter((field) => field.bits > 0);
      const field = path.find((candidate) => candidate.bits <= 32) ?? path[path.length - 1];
      if (field !== undefined) return { buffer, bit: field.bit, bits: field.bits };
    }
    return { buffer, bit: byte * 8, bits: 8 };
  }

  private chooseByte(buffer: number, byte: number): void {
    const layer = this.detail?.layers.find((l) => l.buffer === buffer && byte >= l.start && byte < l.end);
    if (layer === undefined || layer === this.layer) return;
    this.chooseLayer(layer);
    this.mark(this.markOfByte(buffer, byte), false);
  }
}

/** The layer that was looked at last, if this packet has it; of several TCP headers the one the row is about. */
function chooseLayer(detail: PacketDetail, id: string, row: SegmentRow | null): Layer | null {
  const named = detail.layers.filter((layer) => layer.id === id);
  const mine = named.find((layer) =>
    layer.fields.some((field) => field.id === 'tcp.seq' && field.value === String(row?.seqRaw)),
  );
  const headers = detail.layers.filter(({ place }) => place !== 'payload' && place !== 'trailer');
  return mine ?? named[named.length - 1] ?? headers[headers.length - 1] ?? detail.layers[0] ?? null;
}
