import { endpointInFull, endpointLabel } from '../../src/core/format/endpoint';
import { byteSize, count } from '../../src/core/format/number';
import { duration } from '../../src/core/format/time';
import type { ConnectionRow } from '../../src/core/model/connection';
import type { CaptureSummary } from '../../src/core/model/summary';
import type { Context } from '../context';
import { badge, button, checkbox, dropdown } from '../controls';
import { consume, el, setAttribute, setChildren, setText } from '../dom';
import { plural, t } from '../l10n';

/** What stands beside the tabs: which connection is shown, and how it is shown. */
export class Toolbar {
  readonly start: HTMLElement;
  readonly end: HTMLElement;
  private readonly picker = el('button', { class: 'picker', 'aria-haspopup': 'dialog' });
  private readonly previous: HTMLElement;
  private readonly next: HTMLElement;
  /** Where there is no room for the options beside the tabs, a button opens them as a box. */
  private readonly options = el('div', {
    class: 'display-options',
    id: 'display-options',
    role: 'group',
    'aria-label': t('Display'),
  });
  private readonly menuButton = el(
    'button',
    { class: 'display-menu', 'aria-expanded': 'false', 'aria-controls': 'display-options' },
    el('span', { class: 'display-word' }, t('Display')),
    el('span', { 'aria-hidden': 'true' }, ' ▾'),
  );
  private readonly facts = el('span', { class: 'facts' });

  constructor(context: Context, stepConnection: (direction: 1 | -1) => void) {
    const { store } = context;
    this.previous = button(el('span', { 'aria-hidden': 'true' }, '◀'), {
      look: 'icon',
      label: t('Previous connection'),
      onClick: () => stepConnection(-1),
    });
    this.next = button(el('span', { 'aria-hidden': 'true' }, '▶'), {
      look: 'icon',
      label: t('Next connection'),
      onClick: () => stepConnection(1),
    });
    this.picker.addEventListener('click', () => context.post({ type: 'command', command: 'showConnection' }));
    this.start = el('div', { class: 'toolbar-start' }, this.previous, this.picker, this.next);
    const exportButton = button(el('span', { 'aria-hidden': 'true' }, '↧'), {
      look: 'icon',
      label: t('Export…'),
      onClick: () => context.post({ type: 'command', command: 'export' }),
    });
    this.end = el('div', { class: 'toolbar-end' }, this.facts, exportButton, this.menuButton, this.options);
    const zoom = (by: number): void => store.set({ scaleZoom: store.now.scaleZoom + by });
    const zoomed = el(
      'span',
      { class: 'scale-zoom', role: 'group', 'aria-label': t('Time scale') },
      button('−', { look: 'icon', label: t('More time a line'), onClick: () => zoom(1) }),
      button('+', { look: 'icon', label: t('Less time a line'), onClick: () => zoom(-1) }),
    );
    zoomed.hidden = !store.now.toScale;
    this.options.append(
      checkbox(t('Fold quiet runs'), store.now.fold, (fold) => store.set({ fold })),
      checkbox(t('Time to scale'), store.now.toScale, (toScale) => {
        store.set({ toScale });
        zoomed.hidden = !toScale;
      }),
      zoomed,
      dropdown(
        t('Sequence numbers'),
        [
          { value: 'relative', text: t('Seq: relative') },
          { value: 'raw', text: t('Seq: absolute') },
          { value: 'xy', text: t('Seq: X + 1') },
        ],
        store.now.seq,
        (seq) => store.set({ seq }),
      ),
      dropdown(
        t('Times'),
        [
          { value: 'delta', text: t('Time: delta') },
          { value: 'connection', text: t('Time: since start') },
          { value: 'capture', text: t('Time: in capture') },
          { value: 'clock', text: t('Time: clock') },
          { value: 'utc', text: t('Time: UTC') },
        ],
        store.now.time,
        (time) => store.set({ time }),
      ),
    );
    this.menuButton.setAttribute('aria-label', t('Display'));
    this.menuButton.addEventListener('click', () => this.setMenu(!this.options.classList.contains('open')));
    this.end.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.options.classList.contains('open')) return;
      this.setMenu(false);
      this.menuButton.focus();
      consume(event);
    });
    this.end.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.end.contains(relatedTarget)) this.setMenu(false);
    });
    this.connection(null, 0);
  }

  private setMenu(open: boolean): void {
    this.options.classList.toggle('open', open);
    setAttribute(this.menuButton, 'aria-expanded', open ? 'true' : 'false');
  }

  connection(row: ConnectionRow | null, connections: number): void {
    setAttribute(this.previous, 'disabled', row === null || row.connection === 0);
    setAttribute(this.next, 'disabled', row === null || row.connection + 1 >= connections);
    if (row === null) {
      setChildren(
        this.picker,
        el('span', { class: 'ends dim' }, t('Choose a connection')),
        el('span', { class: 'chevron', 'aria-hidden': 'true' }, '▾'),
      );
      setAttribute(this.picker, 'aria-label', t('Choose a connection'));
      return;
    }
    const segments = plural(row.segments, '{0} segment', '{0} segments', count(row.segments));
    const problems = plural(row.problems, '{0} problem', '{0} problems', count(row.problems));
    const ends = `${endpointLabel(row.client)} ⇄ ${endpointLabel(row.server)}`;
    const inFull = `${endpointInFull(row.client)} ⇄ ${endpointInFull(row.server)}`;
    setChildren(
      this.picker,
      el('b', {}, `#${row.connection}`),
      el('span', { class: 'ends', title: inFull }, ends),
      el('span', { class: 'dim segments' }, `· ${segments}`),
      row.problems > 0 ? badge(`⚠ ${count(row.problems)}`, problems) : null,
      el('span', { class: 'chevron', 'aria-hidden': 'true' }, '▾'),
    );
    setAttribute(
      this.picker,
      'aria-label',
      t(
        'Connection {0}, {1} to {2}, {3}, {4}. Choose another',
        row.connection,
        endpointLabel(row.client),
        endpointLabel(row.server),
        segments,
        problems,
      ),
    );
  }

  summary(summary: CaptureSummary): void {
    this.picker.disabled = summary.connections === 0;
    const facts = [
      plural(summary.frames, '{0} packet', '{0} packets', count(summary.frames)),
      plural(summary.connections, '{0} connection', '{0} connections', count(summary.connections)),
      ...(summary.durationNs === null ? [] : [duration(summary.durationNs)]),
    ];
    setText(this.facts, facts.join(' · '));
    setAttribute(this.facts, 'title', `${summary.format} · ${byteSize(summary.bytesTotal)}`);
  }
}
