import { count, percent } from '../../src/core/format/number';
import type { FilterFault, Suggestion, Suggestions } from '../../src/core/model/filter';
import type { Context } from '../context';
import { button } from '../controls';
import { consume, el, oncePerFrame, setAttribute, setChildren, setText } from '../dom';
import { plural, say, t } from '../l10n';

/** Suggestions in the list; more are a matter of typing on. */
const LISTED = 50;
/** A filter that takes longer says how far it is. */
const PROGRESS_AFTER_MS = 100;

interface Item {
  readonly kind: Suggestion['kind'] | 'history';
  readonly text: string;
  readonly about: string;
}

/** The box that all tabs are filtered by: suggestions while typing, marks under what is wrong, earlier filters. */
export class FilterBar {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly marks = el('div', { class: 'filter-marks', 'aria-hidden': 'true' });
  private readonly list = el('div', {
    class: 'filter-list',
    role: 'listbox',
    id: 'filter-list',
    'aria-label': t('Suggestions'),
  });
  private readonly status = el('span', { class: 'filter-status', id: 'filter-status', 'aria-live': 'polite' });
  private readonly clear: HTMLElement;
  private readonly unlisten: readonly (() => void)[];
  private items: readonly Item[] = [];
  /** Chosen item, -1 for none. */
  private chosen = -1;
  /** Characters that an item takes the place of; `null` for the whole text. */
  private replaces: Pick<Suggestions, 'start' | 'end'> | null = null;
  private faults: readonly FilterFault[] = [];
  private asked = 0;
  private startedAt = 0;
  private readonly drawSoon = oncePerFrame(() => this.draw());

  constructor(
    private readonly context: Context,
    /** The keyboard goes back to what is filtered. */
    private readonly leave: () => void,
  ) {
    this.input = el('input', {
      type: 'text',
      class: 'filter-input',
      role: 'combobox',
      spellcheck: 'false',
      autocomplete: 'off',
      maxlength: 1000,
      placeholder: t('Filter, such as tcp.port == 80 && note.retransmission  ( / )'),
      'aria-label': t('Filter'),
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': 'filter-list',
      'aria-describedby': 'filter-status',
    });
    this.input.value = context.store.now.filter;
    this.clear = button(el('span', { 'aria-hidden': 'true' }, '✕'), {
      look: 'icon',
      label: t('Clear the filter'),
      onClick: () => {
        this.set('');
        this.apply();
        this.focus();
      },
    });
    const history = button(el('span', { 'aria-hidden': 'true' }, '▾'), {
      look: 'icon',
      label: t('Earlier filters'),
      onClick: () => {
        this.input.focus();
        this.showHistory();
      },
    });
    this.list.hidden = true;
    this.element = el(
      'div',
      { class: 'filter-bar', role: 'search', 'aria-label': t('Filter') },
      el('div', { class: 'filter-box' }, this.marks, this.input, this.clear, history, this.list),
      this.status,
    );
    this.listen();
    this.unlisten = [
      context.filter.listen((restarted) => {
        if (restarted) this.startedAt = performance.now();
        this.drawSoon();
      }),
      // A restored view, or whoever else sets the filter.
      context.store.listen((now, before) => {
        if (now.filter !== before.filter && now.filter !== this.input.value.trim()) this.set(now.filter);
      }),
    ];
    this.draw();
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  dispose(): void {
    for (const stop of this.unlisten) stop();
  }

  private set(text: string): void {
    this.input.value = text;
    this.faults = [];
    this.asked++;
    this.close();
    this.draw();
  }

  private listen(): void {
    const { input, list } = this;
    input.addEventListener('input', () => void this.suggest());
    input.addEventListener('scroll', () => this.drawMarks());
    input.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('blur', () => this.close());
    // The list must not take the keyboard from the box.
    list.addEventListener('pointerdown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = (event.target as HTMLElement).closest('[role=option]');
      const index = option === null ? -1 : [...list.children].indexOf(option);
      if (index >= 0) this.take(index);
    });
  }

  private async suggest(): Promise<void> {
    const asked = ++this.asked;
    const { value: text, selectionStart } = this.input;
    const found = await this.context.client
      .query('suggest', { text, cursor: selectionStart ?? text.length })
      .catch(() => null);
    if (asked !== this.asked || found === null) return;
    // What the cursor is at the end of is still being typed, as long as there is something that it can become.
    const cursor = selectionStart ?? text.length;
    this.faults = found.items.length === 0 ? found.faults : found.faults.filter(({ end }) => end < cursor);
    this.draw();
    if (document.activeElement !== this.input || text.trim() === '') {
      this.close();
      return;
    }
    this.open(
      found.items.slice(0, LISTED).map(({ kind, text: item, about }) => ({ kind, text: item, about: say(about) })),
      found,
    );
  }

  private showHistory(): void {
    this.asked++;
    const { filterHistory } = this.context.store.now;
    this.open(
      filterHistory.map((text) => ({ kind: 'history', text, about: '' })),
      null,
    );
  }

  private open(items: readonly Item[], replaces: Pick<Suggestions, 'start' | 'end'> | null): void {
    this.items = items;
    this.replaces = replaces;
    this.chosen = -1;
    setChildren(
      this.list,
      ...items.map((item, i) =>
        el(
          'div',
          { class: `filter-item ${item.kind}`, role: 'option', id: `filter-item-${i}`, 'aria-selected': 'false' },
          el('span', { class: 'filter-text' }, item.text),
          el('span', { class: 'filter-about' }, item.about),
        ),
      ),
    );
    this.list.hidden = items.length === 0;
    this.list.scrollTop = 0;
    setAttribute(this.input, 'aria-expanded', items.length > 0 ? 'true' : 'false');
    setAttribute(this.input, 'aria-activedescendant', null);
  }

  private close(): void {
    if (!this.list.hidden) this.open([], null);
  }

  private choose(index: number): void {
    this.chosen = index;
    [...this.list.children].forEach((option, i) => {
      setAttribute(option, 'aria-selected', i === index ? 'true' : 'false');
      if (i === index) option.scrollIntoView({ block: 'nearest' });
    });
    setAttribute(this.input, 'aria-activedescendant', `filter-item-${index}`);
  }

  /** Puts an item where it belongs and goes on suggesting; an earlier filter is applied at once. */
  private take(index: number): void {
    const item = this.items[index]!;
    const { input, replaces } = this;
    if (replaces === null) {
      this.set(item.text);
      this.apply();
      return;
    }
    const rest = input.value.slice(replaces.end);
    const before = input.value.slice(0, replaces.start) + item.text + (rest.startsWith(' ') ? '' : ' ');
    input.value = before + rest;
    input.setSelectionRange(before.length, before.length);
    void this.suggest();
  }

  private key(event: KeyboardEvent): void {
    const { items, chosen } = this;
    const open = !this.list.hidden;
    if (event.key === 'ArrowDown' && open) this.choose((chosen + 1) % items.length);
    else if (event.key === 'ArrowUp' && open) this.choose((chosen <= 0 ? items.length : chosen) - 1);
    else if (event.key === 'ArrowDown' || (event.key === ' ' && event.ctrlKey)) {
      if (this.input.value.trim() === '' && event.key === 'ArrowDown') this.showHistory();
      else void this.suggest();
    } else if (event.key === 'Tab' && open && !event.shiftKey) this.take(Math.max(0, chosen));
    else if (event.key === 'Enter') {
      if (open && chosen >= 0) this.take(chosen);
      else this.apply();
    } else if (event.key === 'Escape') {
      if (open) this.close();
      else this.leave();
    } else return;
    consume(event);
  }

  /** Filters by what is written, unless it is wrong: then that stays to be mended. */
  private apply(): void {
    const text = this.input.value;
    this.close();
    const asked = ++this.asked;
    void this.context.client
      .query('suggest', { text, cursor: text.length })
      .catch(() => null)
      .then((checked) => {
        if (asked !== this.asked) return;
        this.faults = checked?.faults ?? [];
        if (this.faults.length === 0) this.context.filter.apply(text);
        this.draw();
      });
  }

  private draw(): void {
    this.drawMarks();
    const { progress } = this.context.filter;
    const applied = this.context.store.now.filter;
    const fault = this.faults[0] ?? (this.input.value.trim() === applied ? progress?.faults[0] : undefined);
    setAttribute(this.input, 'aria-invalid', fault === undefined ? null : 'true');
    this.element.classList.toggle('wrong', fault !== undefined);
    this.element.classList.toggle('active', this.context.filter.active !== '');
    this.clear.hidden = this.input.value === '';
    if (fault !== undefined) setText(this.status, say(fault.message));
    else if (progress === null || applied === '') setText(this.status, '');
    else if (!progress.done && performance.now() - this.startedAt > PROGRESS_AFTER_MS)
      setText(this.status, t('Filtering: {0} %', percent(progress.share, 1)));
    else if (progress.done)
      setText(
        this.status,
        t(
          '{0} of {1}, {2}',
          count(progress.packets),
          plural(progress.total, '{0} packet', '{0} packets', count(progress.total)),
          plural(progress.connections, '{0} connection', '{0} connections', count(progress.connections)),
        ),
      );
    setAttribute(this.status, 'title', this.status.textContent);
  }

  /** The text again, unseen, with waves under what is wrong. */
  private drawMarks(): void {
    const { value } = this.input;
    const parts: (Node | string)[] = [];
    let at = 0;
    for (const { start, end } of [...this.faults].sort((a, b) => a.start - b.start)) {
      if (start < at) continue;
      parts.push(value.slice(at, start), el('span', { class: 'wave' }, value.slice(start, end) || ' '));
      at = end;
    }
    setChildren(this.marks, ...parts, value.slice(at));
    this.marks.scrollLeft = this.input.scrollLeft;
  }
}
