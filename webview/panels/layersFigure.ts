import { count } from '../../src/core/format/number';
import { gapsOf, nest, type Entry, type NestedLayer } from '../../src/core/model/nesting';
import type { Layer, LayerPlace, PacketDetail } from '../../src/core/model/packet';
import { consume, el, setAttribute, setChildren, setText } from '../dom';
import { plural, say, t } from '../l10n';
import { marksField, type Mark } from './marking';

export interface LayersFigureEvents {
  /** The pointer or the keyboard came to these bytes, or left the figure. */
  readonly onAt: (mark: Mark | null) => void;
  /** A layer was chosen; `open` where its fields are wanted. */
  readonly onChoose: (layer: Layer, open: boolean) => void;
}

/** A strip of the figure: the header of a layer, or bytes that no layer tells of. */
interface Strip {
  readonly layer: Layer | null;
  readonly buffer: number;
  readonly start: number;
  readonly end: number;
  /** What is said of it when somebody comes to it. */
  readonly about: string;
  readonly element: HTMLElement;
  readonly depth: number;
}

interface PlaceTexts {
  /** Number of the layer in the OSI model; empty where it has none. */
  readonly osi: string;
  /** Its name in TCP/IP (RFC 1122 §1.1.3). */
  readonly name: string;
  readonly about: string;
}

/** A packet's layers as boxes, each inside the one that carries it (WAI-ARIA tree view), with a scale of their bytes. */
export class LayersFigure {
  readonly element: HTMLElement;
  private readonly about = el('p', { class: 'layers-about', 'aria-live': 'polite' });
  private readonly tree = el('div', { class: 'layers-tree', role: 'tree' });
  private strips: Strip[] = [];
  private shown: PacketDetail | null = null;
  private current: Strip | null = null;
  private selected: Layer | null = null;

  constructor(private readonly events: LayersFigureEvents) {
    const { tree } = this;
    this.element = el('div', { class: 'layers-figure' }, this.about, tree);
    tree.addEventListener('pointerover', (event) => this.at(this.stripOf(event.target)));
    tree.addEventListener('pointerleave', () => this.leave());
    tree.addEventListener('focusin', (event) => {
      const strip = this.stripOf(event.target);
      this.setCurrent(strip);
      this.at(strip);
    });
    tree.addEventListener('focusout', () => this.leave());
    tree.addEventListener('click', (event) => {
      const strip = this.stripOf(event.target);
      this.go(strip);
      this.choose(strip, false);
    });
    tree.addEventListener('dblclick', (event) => this.choose(this.stripOf(event.target), true));
    tree.addEventListener('keydown', (event) => this.key(event));
  }

  show(detail: PacketDetail | null, layer: Layer | null): void {
    if (detail !== this.shown) {
      this.shown = detail;
      this.strips = [];
      setAttribute(this.tree, 'aria-label', detail === null ? t('Layers') : t('Layers of packet {0}', detail.packet));
      setChildren(this.tree, ...(detail === null ? [] : this.boxes(detail, nest(detail.layers), 1, null)));
      const first = this.strips.find((strip) => strip.layer === layer) ?? this.strips[0] ?? null;
      this.setCurrent(first);
    }
    this.selected = layer;
    for (const strip of this.strips)
      setAttribute(strip.element, 'aria-selected', strip.layer === layer ? 'true' : 'false');
    this.say(null);
  }

  /** Marks the strips that these bits stand in. */
  mark(mark: Mark | null): void {
    for (const { element, buffer, start, end } of this.strips)
      element.classList.toggle('marked', marksField(mark, buffer, { bit: start * 8, bits: (end - start) * 8 }));
  }

  focus(): void {
    this.current?.element.focus();
  }

  private boxes(
    detail: PacketDetail,
    nested: readonly NestedLayer[],
    depth: number,
    around: NestedLayer | null,
  ): HTMLElement[] {
    const gaps = around === null ? [] : gapsOf(around);
    const pieces = [
      ...nested.map((one) => ({ start: one.entry === 'reassembled' ? Infinity : one.layer.start, one })),
      ...gaps.map((gap) => ({ start: gap.start, gap })),
    ];
    // Stable: headers that are told in words, and what was put together, keep their order.
    if (around?.layer.until !== null) pieces.sort((a, b) => (a.start === b.start ? 0 : a.start - b.start));
    return pieces.map((piece) =>
      'one' in piece
        ? this.box(detail, piece.one, depth, around)
        : this.leaf(detail, { ...piece.gap, buffer: around!.layer.buffer }, depth),
    );
  }

  private box(detail: PacketDetail, nested: NestedLayer, depth: number, around: NestedLayer | null): HTMLElement {
    const { layer, entry, inside } = nested;
    const texts = textsOf(layer, around?.layer ?? null);
    const words = layer.until === null;
    const bytes = words ? '' : rangeText(layer.start, layer.end);
    const name = t(layer.name);
    const element = el(
      'div',
      {
        role: 'treeitem',
        tabindex: -1,
        class: 'layer-box',
        'data-place': layer.place,
        'data-entry': entry,
        'aria-level': depth,
        'aria-label': [entry === null ? '' : entryText(entry, detail), name, texts.name, bytes]
          .filter((text) => text !== '')
          .join(', '),
        'data-layer': layer.id,
      },
      entry === null ? null : el('p', { class: 'layer-entry' }, entryText(entry, detail)),
      el(
        'div',
        { class: 'layer-strip' },
        el('span', { class: 'layer-osi' }, texts.osi),
        el('span', { class: 'layer-name' }, el('b', {}, name), ' ', el('span', { class: 'layer-place' }, texts.name)),
        words ? null : el('span', { class: 'layer-bytes' }, bytes),
        words ? null : scale(detail, layer, layer.until),
      ),
    );
    this.strips.push({
      layer,
      buffer: layer.buffer,
      start: layer.start,
      end: layer.end,
      about: `${texts.about}${words ? '' : ` ${holdsText(layer)}`}`,
      element,
      depth,
    });
    const content = this.boxes(detail, inside, depth + 1, nested);
    if (content.length > 0) {
      setAttribute(element, 'aria-expanded', 'true');
      element.append(el('div', { role: 'group', class: 'layer-inside' }, ...content));
    }
    return element;
  }

  /** Bytes that no layer tells of. */
  private leaf(
    detail: PacketDetail,
    { buffer, start, end }: { readonly buffer: number; readonly start: number; readonly end: number },
    depth: number,
  ): HTMLElement {
    const bytes = rangeText(start, end);
    const name = t('Not decoded');
    const element = el(
      'div',
      {
        role: 'treeitem',
        tabindex: -1,
        class: 'layer-box',
        'data-place': 'gap',
        'aria-level': depth,
        'aria-label': `${name}, ${bytes}`,
      },
      el(
        'div',
        { class: 'layer-strip' },
        el('span', { class: 'layer-osi' }),
        el('span', { class: 'layer-name' }, name),
        el('span', { class: 'layer-bytes' }, bytes),
        scale(detail, { buffer, start, end }, end),
      ),
    );
    const about = t('No header says what these bytes are.');
    this.strips.push({ layer: null, buffer, start, end, about, element, depth });
    return element;
  }

  private stripOf(target: EventTarget | null): Strip | null {
    const element = target instanceof Element ? target.closest('[role=treeitem]') : null;
    return this.strips.find((strip) => strip.element === element) ?? null;
  }

  private at(strip: Strip | null): void {
    this.say(strip);
    if (strip === null) return;
    const { buffer, start, end } = strip;
    // The characters of a text are marked field by field.
    this.events.onAt(strip.layer?.until === null ? null : { buffer, bit: start * 8, bits: (end - start) * 8 });
  }

  private leave(): void {
    this.say(null);
    this.events.onAt(null);
  }

  /** Says what a strip is; without one, what is chosen. */
  private say(strip: Strip | null): void {
    const said = strip ?? this.strips.find(({ layer }) => layer !== null && layer === this.selected);
    setText(this.about, said?.about ?? '');
  }

  private setCurrent(strip: Strip | null): void {
    if (this.current !== null) setAttribute(this.current.element, 'tabindex', -1);
    this.current = strip;
    if (strip !== null) setAttribute(strip.element, 'tabindex', 0);
  }

  private go(strip: Strip | null | undefined): void {
    if (strip === null || strip === undefined) return;
    strip.element.focus({ preventScroll: true });
    strip.element.querySelector('.layer-strip')!.scrollIntoView({ block: 'nearest' });
  }

  private choose(strip: Strip | null, open: boolean): void {
    if (strip?.layer != null) this.events.onChoose(strip.layer, open);
  }

  private key(event: KeyboardEvent): void {
    const { strips, current } = this;
    if (current === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = strips.indexOf(current);
    if (event.key === 'ArrowDown') this.go(strips[at + 1]);
    else if (event.key === 'ArrowUp') this.go(strips[at - 1]);
    else if (event.key === 'Home') this.go(strips[0]);
    else if (event.key === 'End') this.go(strips.at(-1));
    else if (event.key === 'ArrowRight') {
      const next = strips[at + 1];
      if (next !== undefined && next.depth > current.depth) this.go(next);
    } else if (event.key === 'ArrowLeft') this.go(strips.slice(0, at).findLast(({ depth }) => depth < current.depth));
    else if (event.key === ' ') this.choose(current, false);
    else if (event.key === 'Enter') this.choose(current, true);
    else return;
    consume(event);
  }
}

/** Where the header and all that it carries stand among the bytes of their buffer, to scale. */
function scale(
  detail: PacketDetail,
  { buffer, start, end }: Pick<Layer, 'buffer' | 'start' | 'end'>,
  until: number | null,
): HTMLElement {
  const total = Math.max(1, detail.buffers[buffer]?.bytes.length ?? 1);
  const part = (name: string, from: number, to: number): HTMLElement => {
    const element = el('i', { class: name });
    element.style.insetInlineStart = `${(100 * from) / total}%`;
    element.style.width = `${(100 * (to - from)) / total}%`;
    return element;
  };
  return el(
    'span',
    { class: 'layer-scale', 'aria-hidden': 'true' },
    part('carried', start, until ?? end),
    part('own', start, end),
  );
}

function rangeText(start: number, end: number): string {
  const size = plural(end - start, '{0} byte', '{0} bytes', count(end - start));
  return end - start <= 1 ? `${t('byte {0}', start)} · ${size}` : `${t('bytes {0}–{1}', start, end - 1)} · ${size}`;
}

/** How much a layer holds besides its header. */
function holdsText({ place, end, until }: Layer): string {
  if (place === 'payload' || place === 'trailer' || until === null || until === end) return '';
  return t('Behind its header it holds {0} bytes, up to byte {1}.', count(until - end), until - 1);
}

function entryText(entry: Entry, { fragments, buffers }: PacketDetail): string {
  if (entry === 'tunnel') return t('Tunnelled: in here the layers begin anew');
  if (entry === 'quoted') return t('Quoted: the packet that the error is about');
  const whole = say(buffers.at(-1)!.name);
  return fragments.length === 0
    ? whole
    : t('{0}: this fragment together with those of packets {1}', whole, fragments.join(', '));
}

/** What is said of layers by their place. */
const PLACES: Readonly<Record<LayerPlace, () => PlaceTexts>> = {
  capture: () => ({
    osi: '',
    name: t('of the capture'),
    about: t('Put before the frame by what captured it; this was never sent.'),
  }),
  link: () => ({
    osi: '2',
    name: t('link'),
    about: t('Layer 2 of OSI (data link), link layer of TCP/IP: brings the frame to the next device.'),
  }),
  shim: () => ({
    osi: '2½',
    name: t('label'),
    about: t('Between layers 2 and 3 of OSI: a label by which routers pass the packet on.'),
  }),
  network: () => ({
    osi: '3',
    name: t('internet'),
    about: t('Layer 3 of OSI (network), internet layer of TCP/IP: brings the packet from host to host.'),
  }),
  transport: () => ({
    osi: '4',
    name: t('transport'),
    about: t('Layer 4 of OSI (transport), transport layer of TCP/IP: brings the data from program to program.'),
  }),
  tunnel: () => ({
    osi: '',
    name: t('tunnel'),
    about: t('A tunnel: payload to the layers around it; inside it the layers begin anew.'),
  }),
  payload: () => ({ osi: '', name: '', about: t('What the header carries; it is not decoded further.') }),
  trailer: () => ({
    osi: '2',
    name: t('link'),
    about: t('Behind the payload of the frame, which ends where the header of layer 3 says.'),
  }),
  text: () => ({ osi: '', name: '', about: t('What the text says of the packet as a whole.') }),
};

function textsOf(layer: Layer, around: Layer | null): PlaceTexts {
  if (layer.place === 'payload' && around?.place === 'transport')
    return {
      osi: '5–7',
      name: t('application'),
      about: t('Layers 5 to 7 of OSI, application layer of TCP/IP: what the programs say to each other.'),
    };
  const texts = PLACES[layer.place]();
  const about = ABOUT[layer.id]?.();
  return about === undefined ? texts : { ...texts, about };
}

/** Of single layers more is known than their place. */
const ABOUT: Readonly<Record<string, () => string>> = {
  'eth.padding': () =>
    t('Fills a short Ethernet frame up to 60 bytes; with its check sequence it has 64, the least allowed.'),
  'eth.fcs': () => t('By this the receiver tells a damaged frame; most captures do not have it.'),
};
