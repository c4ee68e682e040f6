import type { Field, Layer, PacketDetail } from '../../src/core/model/packet';
import { consume, el, setAttribute, setChildren } from '../dom';
import { t } from '../l10n';
import { fieldSentence, valueOf, verdictClass } from './fieldCard';
import { marksField, type Mark } from './marking';

export interface FieldTreeEvents {
  /** The pointer or the keyboard came to a field or to a layer (`field` null), or left the tree (`layer` null). */
  readonly onAt: (layer: Layer | null, field: Field | null) => void;
  /** A field was chosen, by a click or by Enter. */
  readonly onChoose: (layer: Layer, field: Field | null) => void;
}

/** An item of the tree: a layer, or a field of it. */
interface Item {
  readonly layer: Layer;
  readonly field: Field | null;
  readonly element: HTMLElement;
  readonly parent: Item | null;
  readonly children: Item[];
  readonly group: HTMLElement | null;
}

/** Every layer of a packet as a tree of its fields (WAI-ARIA tree view). */
export class FieldTree {
  readonly element = el('div', { class: 'field-tree', role: 'tree', 'aria-label': t('Layers and fields') });
  private readonly items = new Map<HTMLElement, Item>();
  private roots: Item[] = [];
  private shown: PacketDetail | null = null;
  private current: Item | null = null;
  /** Ids of the layers and fields that are closed; layers are open and fields closed until somebody says otherwise. */
  private readonly toggled = new Set<string>();

  constructor(private readonly events: FieldTreeEvents) {
    const { element } = this;
    element.addEventListener('pointerover', (event) => this.at(this.itemOf(event.target)));
    element.addEventListener('pointerleave', () => this.events.onAt(null, null));
    element.addEventListener('focusin', (event) => {
      const item = this.itemOf(event.target);
      this.setCurrent(item);
      this.at(item);
    });
    element.addEventListener('click', (event) => this.clicked(event));
    element.addEventListener('keydown', (event) => this.key(event));
  }

  show(detail: PacketDetail | null, layer: Layer | null): void {
    if (detail !== this.shown) {
      this.shown = detail;
      this.items.clear();
      this.roots = (detail?.layers ?? []).map((one) => this.build(one, null, null));
      setChildren(this.element, ...this.roots.map(({ element }) => element));
      this.setCurrent(this.roots.find((item) => item.layer === layer) ?? this.roots[0] ?? null);
    }
  }

  /** Marks the items of these bits; with `reveal` brings the innermost into view. */
  mark(mark: Mark | null, reveal: boolean): void {
    let innermost: Item | null = null;
    for (const item of this.items.values()) {
      const { field, layer, element } = item;
      const on = field !== null && field.bits > 0 && marksField(mark, layer.buffer, field);
      element.classList.toggle('marked', on);
      if (on && this.isShown(item)) innermost = item;
    }
    if (reveal) innermost?.element.querySelector('.tree-line')?.scrollIntoView({ block: 'nearest' });
  }

  focus(): void {
    this.current?.element.focus();
  }

  private build(layer: Layer, field: Field | null, parent: Item | null): Item {
    const fields = field === null ? layer.fields : (field.children ?? []);
    const element = el('div', { role: 'treeitem', tabindex: -1, class: field === null ? 'tree-layer' : 'tree-field' });
    const children: Item[] = [];
    const group = fields.length === 0 ? null : el('div', { role: 'group' });
    const item: Item = { layer, field, element, parent, children, group };
    this.items.set(element, item);
    const line =
      field === null
        ? [el('b', {}, t(layer.name)), ' ', el('span', { class: 'dim' }, layer.summary)]
        : [el('span', { class: 'name' }, `${t(field.name)}: `), ...valueOf(field)];
    const twisty = el('span', { class: 'twisty', 'aria-hidden': 'true' });
    element.append(
      el('div', { class: `tree-line ${field === null ? '' : verdictClass(field)}` }, twisty, el('span', {}, ...line)),
    );
    setAttribute(element, 'aria-label', field === null ? `${t(layer.name)}: ${layer.summary}` : fieldSentence(field));
    if (group !== null) {
      for (const child of fields) children.push(this.build(layer, child, item));
      group.append(...children.map((child) => child.element));
      element.append(group);
      this.open(item, (field === null) !== this.toggled.has(keyOf(item)));
    }
    return item;
  }

  private open({ element, group }: Item, open: boolean): void {
    if (group === null) return;
    setAttribute(element, 'aria-expanded', open ? 'true' : 'false');
    group.hidden = !open;
  }

  private toggle(item: Item): void {
    if (item.group === null) return;
    const key = keyOf(item);
    if (!this.toggled.delete(key)) this.toggled.add(key);
    this.open(item, item.group.hidden);
  }

  private isShown({ parent }: Item): boolean {
    return parent === null || (parent.group?.hidden === false && this.isShown(parent));
  }

  private itemOf(target: EventTarget | null): Item | null {
    const element = target instanceof Element ? target.closest<HTMLElement>('[role=treeitem]') : null;
    return element === null ? null : (this.items.get(element) ?? null);
  }

  private at(item: Item | null): void {
    if (item !== null) this.events.onAt(item.layer, item.field);
  }

  private setCurrent(item: Item | null): void {
    if (this.current !== null) setAttribute(this.current.element, 'tabindex', -1);
    this.current = item;
    if (item !== null) setAttribute(item.element, 'tabindex', 0);
  }

  private go(item: Item | undefined | null): void {
    if (item === undefined || item === null) return;
    this.setCurrent(item);
    item.element.focus({ preventScroll: true });
    item.element.querySelector('.tree-line')!.scrollIntoView({ block: 'nearest' });
  }

  private clicked(event: MouseEvent): void {
    const item = this.itemOf(event.target);
    if (item === null) return;
    if (event.target instanceof Element && event.target.closest('.twisty') !== null) this.toggle(item);
    this.go(item);
    this.events.onChoose(item.layer, item.field);
  }

  private key(event: KeyboardEvent): void {
    const item = this.current;
    if (item === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const visible = [...this.items.values()].filter((one) => this.isShown(one));
    const index = visible.indexOf(item);
    const isOpen = item.group?.hidden === false;
    if (event.key === 'ArrowDown') this.go(visible[index + 1]);
    else if (event.key === 'ArrowUp') this.go(visible[index - 1]);
    else if (event.key === 'Home') this.go(visible[0]);
    else if (event.key === 'End') this.go(visible.at(-1));
    else if (event.key === 'ArrowRight') {
      if (isOpen) this.go(item.children[0]);
      else this.toggle(item);
    } else if (event.key === 'ArrowLeft') {
      if (isOpen) this.toggle(item);
      else this.go(item.parent);
    } else if (event.key === 'Enter') this.events.onChoose(item.layer, item.field);
    else return;
    consume(event);
  }
}

/** Items that look alike in other packets open alike. */
const keyOf = ({ layer, field }: Item): string => (field === null ? layer.id : `${layer.id}/${field.id}`);
