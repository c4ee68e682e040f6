import type { Field, Layer, PacketDetail } from '../../src/core/model/packet';
import { count } from '../../src/core/format/number';
import type { Context } from '../context';
import { headerPicture, type Cell } from '../draw/headerPicture';
import { consume, el, setAttribute, setChildren, setText } from '../dom';
import { plural, say, t } from '../l10n';
import { HEADER_FORMS, type HeaderForm } from '../state';
import { FieldCard, fieldSentence, sackEdges, valueOf, verdictClass } from './fieldCard';
import { FieldTree } from './fieldTree';
import { LayersFigure } from './layersFigure';
import { marksField, type Mark } from './marking';

export interface HeaderEvents {
  readonly onLayer: (layer: Layer) => void;
  /** The pointer or the keyboard came to a field, or left it. */
  readonly onMark: (mark: Mark | null) => void;
}

/** Up to this many bits a cell has room for its value alone, and for a short name. */
const NARROW_BITS = 4;
/** As RFC 9293's own picture shortens them. */
const NARROW_NAMES: Readonly<Record<string, string>> = {
  Reserved: 'Rsrvd',
  'Data Offset': 'Offset',
  'Header Length': 'IHL',
};

interface DrawnCell {
  readonly cell: Cell;
  readonly elements: readonly HTMLElement[];
  readonly parts: readonly { readonly field: Field; readonly element: HTMLElement }[];
}

/** Short names of protocols, where the usual name is long. */
const SHORT_LAYERS: Readonly<Record<string, string>> = {
  eth: 'Ethernet',
  ip: 'IPv4',
  ipv6: 'IPv6',
  tcp: 'TCP',
  udp: 'UDP',
  vxlan: 'VXLAN',
  gre: 'GRE',
  mpls: 'MPLS',
  vlan: 'VLAN',
  sll: 'Linux SLL',
  sll2: 'Linux SLL2',
  null: 'Loopback',
};

/** Each form as the button that chooses it shows it, and its name. */
const FORM_TEXTS: Readonly<Record<HeaderForm, () => readonly [text: string, label: string]>> = {
  picture: () => [t('picture'), t('As a picture')],
  tree: () => [t('tree'), t('As a tree')],
  layers: () => [t('layers'), t('As layers')],
};

/**
 * A packet's headers: one layer at a time as the RFC draws it, with the values in it, or all of them, as a tree or as
 * boxes in each other.
 */
export class HeaderPanel {
  readonly element: HTMLElement;
  private readonly title = el('span', { class: 'crumb-packet' });
  private readonly crumbs = el('div', { class: 'crumbs', role: 'tablist', 'aria-label': t('Layers') });
  private readonly picture = el('div', { class: 'picture', role: 'listbox', 'aria-label': t('Header') });
  private readonly card: FieldCard;
  private readonly tree: FieldTree;
  private readonly box: HTMLElement;
  private readonly layers: LayersFigure;
  private readonly forms = el('span', { class: 'header-forms', role: 'group', 'aria-label': t('Form') });
  private readonly rest = el('ul', { class: 'rest' });
  private detail: PacketDetail | null = null;
  private layer: Layer | null = null;
  private drawn: DrawnCell[] = [];
  private focused = 0;
  /** The field that was chosen: shown while none is pointed at, and again in the next packet. */
  private chosen: Field | null = null;
  private readonly unlisten: () => void;

  constructor(
    private readonly context: Context,
    private readonly events: HeaderEvents,
  ) {
    this.card = new FieldCard(context);
    this.tree = new FieldTree({
      onAt: (layer, field) => this.pointedAt(layer, field),
      onChoose: (layer, field) => {
        this.chosen = field;
        if (layer !== this.layer) this.events.onLayer(layer);
        this.pointedAt(layer, field);
      },
    });
    this.layers = new LayersFigure({
      onAt: (mark) => events.onMark(mark ?? this.chosenMark),
      onChoose: (layer, open) => {
        if (layer !== this.layer) events.onLayer(layer);
        if (open) context.store.set({ headerForm: 'picture' });
      },
    });
    this.box = el(
      'div',
      { class: 'picture-box', id: 'header-picture', role: 'tabpanel', 'aria-label': t('Header') },
      this.ruler(),
      this.picture,
    );
    this.element = el(
      'section',
      { class: 'header-panel', 'aria-label': t('Header') },
      el('h3', {}, this.title, this.crumbs, this.forms),
      this.card.element,
      this.box,
      this.rest,
      this.tree.element,
      this.layers.element,
    );
    for (const form of HEADER_FORMS) {
      const [text, label] = FORM_TEXTS[form]();
      const button = el('button', { class: 'link', 'aria-label': label, title: label, 'data-form': form }, text);
      button.addEventListener('click', () => context.store.set({ headerForm: form }));
      this.forms.append(button);
    }
    this.unlisten = context.store.listen((now, before) => {
      if (now.headerForm !== before.headerForm) this.drawForm();
    });
    this.drawForm();
    this.picture.addEventListener('click', (event) => this.clicked(event.target));
    // Without a selection, copying means the field that has the keyboard.
    this.element.addEventListener('copy', (event) => {
      if (this.card.value === '' || document.getSelection()?.isCollapsed === false) return;
      event.clipboardData?.setData('text/plain', this.card.value);
      event.preventDefault();
    });
    this.picture.addEventListener('pointerover', (event) => this.hovered(event.target));
    this.picture.addEventListener('pointerleave', () => this.leave());
    this.picture.addEventListener('focusin', (event) => this.clicked(event.target));
    this.picture.addEventListener('focusout', () => this.leave());
    this.picture.addEventListener('keydown', (event) => this.key(event));
    this.crumbs.addEventListener('keydown', (event) => this.crumbKey(event));
  }

  show(detail: PacketDetail | null, layer: Layer | null): void {
    this.detail = detail;
    this.layer = layer;
    const { chosen } = this;
    this.chosen = layer === null || chosen === null ? null : fieldCalled(layer.fields, chosen.id);
    setText(this.title, detail === null ? '' : t('Packet {0}', detail.packet));
    this.drawCrumbs();
    this.drawPicture();
    this.showAll();
    this.forms.hidden = detail === null;
    this.say(null);
  }

  /** What is marked while nothing is pointed at. */
  get chosenMark(): Mark | null {
    const { chosen, layer } = this;
    return chosen === null || layer === null || chosen.bits <= 0 ? null : markOf(layer, chosen);
  }

  dispose(): void {
    this.unlisten();
  }

  private get form(): HeaderForm {
    return this.context.store.now.headerForm;
  }

  private drawForm(): void {
    const { form } = this;
    this.box.hidden = form !== 'picture';
    this.rest.hidden = form !== 'picture' || this.rest.childElementCount === 0;
    this.tree.element.hidden = form !== 'tree';
    this.layers.element.hidden = form !== 'layers';
    this.card.element.hidden = form === 'layers';
    for (const button of this.forms.children)
      setAttribute(button, 'aria-pressed', (button as HTMLElement).dataset['form'] === form ? 'true' : 'false');
    this.showAll();
  }

  /** Shows the form that has all layers, where that is the one on screen. */
  private showAll(): void {
    if (this.form === 'tree') this.tree.show(this.detail, this.layer);
    else if (this.form === 'layers') this.layers.show(this.detail, this.layer);
  }

  /** Something of the tree was come to, or left. */
  private pointedAt(layer: Layer | null, field: Field | null): void {
    if (layer === null) this.events.onMark(this.chosenMark);
    else if (field === null)
      this.events.onMark({ buffer: layer.buffer, bit: layer.start * 8, bits: (layer.end - layer.start) * 8 });
    else {
      if (field.bits > 0) this.events.onMark(markOf(layer, field));
      this.card.show(field, this.detail, '', layer.buffer);
    }
  }

  /** Marks the fields that these bits belong to, and says what the innermost is. */
  mark(mark: Mark | null, field: Field | null): void {
    const buffer = this.layer?.buffer ?? -1;
    for (const { cell, elements, parts } of this.drawn) {
      const on = marksField(mark, buffer, cell.field);
      for (const element of elements) element.classList.toggle('marked', on);
      for (const part of parts) part.element.classList.toggle('marked', on && marksField(mark, buffer, part.field));
    }
    if (this.form === 'tree') this.tree.mark(mark, !this.tree.element.matches(':hover, :focus-within'));
    else if (this.form === 'layers') this.layers.mark(mark);
    this.say(field);
  }

  focusFirst(): void {
    if (this.form === 'tree') {
      this.tree.focus();
      return;
    }
    if (this.form === 'layers') {
      this.layers.focus();
      return;
    }
    const first = this.drawn[this.focused] ?? this.drawn[0];
    first?.elements[0]?.focus();
  }

  private ruler(): HTMLElement {
    const ruler = el('div', { class: 'ruler', 'aria-hidden': 'true' });
    for (const bit of [0, 4, 8, 12, 16, 20, 24, 28, 31]) {
      const tick = el('span', {}, String(bit));
      tick.style.gridColumn = `${bit + 1}`;
      ruler.append(tick);
    }
    return ruler;
  }

  private drawCrumbs(): void {
    const layers = this.detail?.layers ?? [];
    setChildren(
      this.crumbs,
      ...layers.map((layer) => {
        const active = layer === this.layer;
        const crumb = el(
          'button',
          {
            class: 'crumb',
            role: 'tab',
            'aria-selected': active ? 'true' : 'false',
            'aria-controls': 'header-picture',
            tabindex: active ? 0 : -1,
            title: `${t(layer.name)}\n${layer.summary}`,
            'data-layer': layer.id,
          },
          SHORT_LAYERS[layer.id] ?? t(layer.name),
        );
        crumb.addEventListener('click', () => this.events.onLayer(layer));
        return crumb;
      }),
    );
  }

  private crumbKey(event: KeyboardEvent): void {
    const layers = this.detail?.layers ?? [];
    const at = this.layer === null ? -1 : layers.indexOf(this.layer);
    const to = layers[at + (event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0)];
    if (to === undefined || to === this.layer) return;
    consume(event);
    this.events.onLayer(to);
    this.crumbs.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }

  private drawPicture(): void {
    const { layer } = this;
    this.drawn = [];
    this.focused = 0;
    setChildren(this.rest);
    if (layer === null) {
      setChildren(this.picture);
      return;
    }
    setAttribute(this.picture, 'aria-label', t('Fields of {0}', t(layer.name)));
    const { cells, rest } = headerPicture(layer);
    this.drawn = cells.map((cell, index) => this.drawCell(cell, index));
    setChildren(this.picture, ...this.drawn.flatMap(({ elements }) => elements));
    setChildren(
      this.rest,
      ...rest.map((field) =>
        el('li', { class: verdictClass(field) }, el('span', { class: 'name' }, t(field.name)), ' ', ...valueOf(field)),
      ),
    );
    this.rest.hidden = rest.length === 0 || this.form !== 'picture';
  }

  private drawCell(cell: Cell, index: number): DrawnCell {
    const { field } = cell;
    const parts = (cell.parts ?? []).map((part) => ({ field: part, element: drawPart(part) }));
    const elements = cell.pieces.map((piece, i) => {
      const element = el('div', {
        class: `cell ${verdictClass(field)}${piece.main ? '' : ' more'}${i > 0 ? ' from' : ''}${i + 1 < cell.pieces.length ? ' on' : ''}${piece.rows > 1 ? ' tall' : ''}${piece.columns <= NARROW_BITS ? ' narrow' : ''}`,
        'data-index': index,
        title: piece.columns <= 2 * NARROW_BITS ? fieldSentence(field) : null,
      });
      element.style.gridColumn = `${piece.column + 1} / span ${piece.columns}`;
      element.style.gridRow = `${piece.row + 1} / span ${piece.rows}`;
      if (piece.main) {
        setAttribute(element, 'role', 'option');
        setAttribute(element, 'aria-selected', 'false');
        setAttribute(element, 'aria-label', fieldSentence(field));
        setAttribute(element, 'tabindex', index === 0 ? 0 : -1);
        if (parts.length > 0) {
          const bits = el('div', { class: 'parts' });
          bits.style.gridTemplateColumns = `repeat(${field.bits}, minmax(0, 1fr))`;
          bits.append(...parts.map((part) => part.element));
          element.append(bits);
        } else {
          const size = cell.shortened
            ? ` · ${plural(field.bits / 8, '{0} byte', '{0} bytes', count(field.bits / 8))}`
            : '';
          const narrow = piece.columns <= NARROW_BITS;
          const name = t((narrow ? NARROW_NAMES[field.name] : undefined) ?? field.name);
          element.append(
            el('span', { class: 'name' }, `${name}${size}`),
            el('span', { class: 'value' }, ...(narrow ? [field.value] : pictured(field))),
          );
        }
      } else setAttribute(element, 'aria-hidden', 'true');
      return element;
    });
    const main = cell.pieces.findIndex((piece) => piece.main);
    // The piece that can have the focus comes first.
    return { cell, elements: [elements[main]!, ...elements.filter((_, i) => i !== main)], parts };
  }

  /** The field, or the part of one, that something of the picture shows. */
  private fieldIn(target: EventTarget | null): Field | null {
    const element = target instanceof Element ? target.closest<HTMLElement>('.cell') : null;
    const drawn = this.drawn[Number(element?.dataset['index'] ?? -1)];
    if (drawn === undefined) return null;
    const part = target instanceof Node ? drawn.parts.find((p) => p.element.contains(target)) : undefined;
    return part?.field ?? drawn.cell.field;
  }

  private hovered(target: EventTarget | null): void {
    const field = this.fieldIn(target);
    if (field !== null && this.layer !== null) this.events.onMark(markOf(this.layer, field));
  }

  private clicked(target: EventTarget | null): void {
    this.chosen = this.fieldIn(target) ?? this.chosen;
    this.hovered(target);
  }

  private leave(): void {
    this.events.onMark(this.chosenMark);
  }

  private key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const from = this.drawn.findIndex(({ elements }) => elements[0] === event.target);
    if (from < 0) return;
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? this.drawn.length - 1 : from + (steps[event.key] ?? Number.NaN);
    const next = this.drawn[to];
    if (Number.isNaN(to)) return;
    consume(event);
    if (next === undefined) return;
    this.focused = to;
    setAttribute(event.target as HTMLElement, 'tabindex', -1);
    setAttribute(next.elements[0]!, 'tabindex', 0);
    next.elements[0]!.focus();
    next.elements[0]!.scrollIntoView({ block: 'nearest' });
  }

  private say(field: Field | null): void {
    this.card.show(field ?? this.chosen, this.detail, this.layer?.summary ?? '', this.layer?.buffer);
  }
}

const markOf = ({ buffer }: Layer, { bit, bits }: Field): Mark => ({ buffer, bit, bits });

/** The first field of that name, at any depth. */
function fieldCalled(fields: readonly Field[], id: string): Field | null {
  for (const field of fields) {
    if (field.id === id) return field;
    const found = fieldCalled(field.children ?? [], id);
    if (found !== null) return found;
  }
  return null;
}

/** Three letters for a flag: the field's own where they are short, as RFC pictures have them, else of its identifier. */
const FLAG_LETTERS: Readonly<Record<string, string>> = { push: 'PSH', reset: 'RST', reserved: '', res: '', rb: '' };

function letters(field: Field): string {
  const id = field.id.slice(field.id.lastIndexOf('.') + 1).toLowerCase();
  return FLAG_LETTERS[id] ?? (id.length <= 3 ? id.toUpperCase() : field.name.slice(0, 3).toUpperCase());
}

/** A part of a group: its letters one under the other, as RFC 9293's picture writes them, and its value. */
function drawPart(part: Field): HTMLElement {
  const set = part.bits === 1 && /^(1|set|true)$/i.test(part.value);
  const element = el(
    'span',
    { class: `part${set ? ' set' : ''}`, title: `${t(part.name)}: ${part.value}` },
    el('span', { class: 'letters' }, ...[...letters(part)].map((letter) => el('i', {}, letter))),
    el('span', { class: 'bit' }, part.bits === 1 ? (set ? '1' : '0') : part.value),
  );
  element.style.gridColumn = `span ${part.bits}`;
  return element;
}

/** In the picture an option stands with what it says; its bytes are beside it. */
const pictured = (field: Field): (Node | string)[] => {
  const edges = sackEdges(field);
  if (edges !== null) return [el('span', { class: 'raw' }, edges)];
  return field.children !== undefined && field.meaning !== undefined
    ? [el('span', { class: 'raw' }, say(field.meaning))]
    : valueOf(field);
};
