import { count, percent } from '../../src/core/format/number';
import type { LineBytes, StreamFindProgress, StreamMark, StreamMatch, StreamSides } from '../../src/core/model/stream';
import type { Context } from '../context';
import { button, checkbox, textField, type TextField } from '../controls';
import { PagedRows } from '../draw/pages';
import { indices } from '../draw/table';
import { consume, el, oncePerFrame, setText } from '../dom';
import { t } from '../l10n';
import { searchPattern, type SearchPattern } from '../searchPattern';

/** A search that takes longer says how far it is. */
const PROGRESS_AFTER_MS = 100;

const NONE: readonly StreamMark[] = [];

/** What is searched, and the form in which matches are marked. */
interface Searched {
  readonly connection: number;
  readonly sides: StreamSides;
  readonly lineBytes: LineBytes;
}

interface FindHost {
  readonly searched: () => Searched | null;
  /** The row from which on the first match is looked for. */
  readonly from: () => number;
  readonly reveal: (row: number) => void;
  /** Marks have come or gone. */
  readonly redraw: () => void;
  /** The keyboard goes back to the rows. */
  readonly leave: () => void;
}

/** Finds text or bytes in the stream: the box, how many there are, which one is shown, and which bytes are marked. */
export class StreamFind {
  readonly element: HTMLElement;
  private readonly field: TextField;
  private readonly status = el('span', { class: 'find-status', role: 'status' });
  private marks: PagedRows<readonly StreamMark[]> | null = null;
  private progress: StreamFindProgress | null = null;
  private current: StreamMatch | null = null;
  private pattern: SearchPattern | null = null;
  /** What `current` is a match of. */
  private key = '';
  private lineBytes: LineBytes = -1;
  /** Counts searches, so that one that was overtaken ends quietly. */
  private run = 0;
  private readonly arrived = oncePerFrame(() => this.host.redraw());

  constructor(
    private readonly context: Context,
    private readonly host: FindHost,
  ) {
    const { store } = context;
    this.field = textField(t('Find in the stream'), t('Text, or bytes such as 0x16 03'), {
      value: store.now.streamFind,
      onInput: (streamFind) => {
        store.set({ streamFind });
        void this.search();
      },
    });
    this.field.element.title = t('Text is found as UTF-8, bytes in hexadecimal behind 0x, other text in double quotes');
    const icon = (sign: string, label: string, onClick: () => void): HTMLElement =>
      button(el('span', { 'aria-hidden': 'true' }, sign), { look: 'icon', label, onClick });
    this.element = el(
      'div',
      { class: 'stream-find', role: 'search', 'aria-label': t('Find'), hidden: !store.now.streamFindOpen },
      this.field.element,
      checkbox(t('Match case'), store.now.streamFindCase, (streamFindCase) => {
        store.set({ streamFindCase });
        void this.search();
      }),
      this.status,
      icon('↑', t('Previous match (Shift+Enter)'), () => void this.step(-1)),
      icon('↓', t('Next match (Enter)'), () => void this.step(1)),
      icon('✕', t('Close (Escape)'), () => this.close()),
    );
    this.field.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      void this.step(event.shiftKey ? -1 : 1);
      consume(event);
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Opens the box, with what is marked by the pointer where that is one line. */
  open(): void {
    const { store } = this.context;
    const marked = getSelection()?.toString() ?? '';
    if (marked !== '' && !marked.includes('\n') && !this.element.contains(document.activeElement)) {
      store.set({ streamFind: marked });
      this.field.value = marked;
    }
    store.set({ streamFindOpen: true });
    this.element.hidden = false;
    this.field.focus();
    void this.search();
  }

  close(): void {
    this.context.store.set({ streamFindOpen: false });
    this.element.hidden = true;
    void this.search();
    this.host.leave();
  }

  /** Searches what is shown now: another stream, another form, or more of it. Stops where nothing is looked for. */
  async search(): Promise<void> {
    const run = ++this.run;
    const { store, client } = this.context;
    const searched = this.host.searched();
    this.pattern = this.isOpen ? searchPattern(store.now.streamFind) : null;
    const { pattern } = this;
    if (pattern === null || pattern.fault !== null || searched === null) {
      this.forget('');
      return;
    }
    const from = this.current?.row ?? this.host.from();
    const { connection, sides, lineBytes } = searched;
    const search = { bytes: pattern.bytes, ignoreCase: pattern.isText && !store.now.streamFindCase };
    const key = JSON.stringify([connection, sides, search]);
    if (key === this.key) this.progress = null;
    else this.forget(key);
    this.marks = new PagedRows<readonly StreamMark[]>(
      (start, end) => client.query('streamMarks', { connection, sides, lineBytes, search, start, end }),
      () => this.arrived(),
    );
    const started = performance.now();
    // In another form the match that was shown is in another row.
    let again = this.lineBytes === lineBytes ? null : (this.current?.index ?? null);
    this.lineBytes = lineBytes;
    for (;;) {
      const progress = await client.query('streamFind', { connection, sides, search }).catch(() => null);
      if (run !== this.run || progress === null) return;
      const more = progress.matches !== (this.progress?.matches ?? 0);
      this.progress = progress;
      if (more) this.redraw();
      if (again !== null && again < progress.matches) {
        await this.goTo(again);
        again = null;
      } else if (this.current === null && progress.matches > 0) {
        const first = await client
          .query('streamMatchFrom', { connection, sides, lineBytes, search, row: from })
          .catch(() => -1);
        if (run !== this.run) return;
        // Behind the last one the first is next.
        if (first >= 0 || progress.done) await this.goTo(Math.max(0, first));
      }
      if (run !== this.run) return;
      this.tell(performance.now() - started > PROGRESS_AFTER_MS);
      if (progress.done) return;
    }
  }

  /** Goes to the next or previous match, from the last to the first. */
  async step(direction: 1 | -1): Promise<void> {
    const matches = this.progress?.matches ?? 0;
    if (!this.isOpen) {
      this.open();
      return;
    }
    if (matches === 0) return;
    const at = this.current?.index ?? (direction > 0 ? -1 : 0);
    await this.goTo((at + direction + matches) % matches);
  }

  /** The stream is not shown, or is about to be another: nobody waits for what is found. */
  stop(): void {
    this.run++;
    this.marks = null;
  }

  want(start: number, end: number): void {
    this.marks?.want(indices(start, end));
  }

  /** Bytes of a row to mark, and whether they are of the match that is shown. */
  marksOf(row: number): readonly StreamMark[] {
    return this.marks?.get(row) ?? NONE;
  }

  isCurrent(from: StreamMatch['from'], { offset }: StreamMark): boolean {
    return this.current?.from === from && this.current.offset === offset;
  }

  private async goTo(index: number): Promise<void> {
    const searched = this.host.searched();
    const { pattern } = this;
    if (searched === null || pattern?.bytes == null) return;
    const search = { bytes: pattern.bytes, ignoreCase: pattern.isText && !this.context.store.now.streamFindCase };
    const { run } = this;
    const match = await this.context.client.query('streamMatch', { ...searched, search, index }).catch(() => null);
    if (run !== this.run || match === null) return;
    this.current = match;
    if (match.row >= 0) this.host.reveal(match.row);
    this.host.redraw();
    this.tell(false);
  }

  private forget(key: string): void {
    this.key = key;
    this.current = null;
    this.progress = null;
    this.marks = null;
    this.host.redraw();
    this.tell(false);
  }

  private redraw(): void {
    this.marks?.refresh();
    this.host.redraw();
  }

  private tell(slow: boolean): void {
    const { pattern, progress, current } = this;
    this.element.classList.toggle(
      'wrong',
      pattern?.fault != null || (progress?.done === true && progress.matches === 0),
    );
    setText(
      this.status,
      pattern?.fault != null ? t(pattern.fault) : progress === null ? '' : found(progress, current, slow),
    );
  }
}

function found({ matches, more, done, share }: StreamFindProgress, current: StreamMatch | null, slow: boolean): string {
  if (done && matches === 0) return t('No matches');
  return [
    current === null ? '' : t('{0} of {1}', count(current.index + 1), more ? `${count(matches)}+` : count(matches)),
    current?.row === -1 ? t('not shown as text: look in hexadecimal') : '',
    !done && slow ? t('Searching: {0} %', percent(share, 1)) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
