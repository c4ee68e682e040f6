import { byteSize, count, percent } from '../../src/core/format/number';
import { PARTLY_LOADED } from '../../src/core/model/load';
import type { Message } from '../../src/core/model/message';
import type { Notice } from '../../src/core/model/notice';
import type { CaptureSummary } from '../../src/core/model/summary';
import type { ToHost, ViewCommand } from '../../src/protocol';
import { button, progressRing } from '../controls';
import { el, setChildren, setText } from '../dom';
import { plural, say, t } from '../l10n';

/** Short analyses never show their progress. */
const SHOW_PROGRESS_AFTER_MS = 250;
/** Notices that are listed; the rest is a number. */
const LISTED = 200;

const SIGNS = { error: '✗', warning: '⚠', info: 'ℹ' } as const;

/** What a person should know about the capture as a whole: how far it has been read, and what is wrong with it. */
export class NoticesBar {
  readonly element: HTMLElement;
  private readonly progressBar: HTMLElement;
  private readonly progressText = el('span', { class: 'progress-text' });
  private readonly progressFill = el('div', { class: 'progress-fill' });
  private readonly noticesBar = el('div', { class: 'notices', role: 'status', tabindex: -1 });
  private open = false;
  private dismissed = 0;
  private summary: CaptureSummary | null = null;
  private readonly started = performance.now();

  constructor(private readonly post: (message: ToHost) => void) {
    this.progressBar = el(
      'div',
      { class: 'progress', role: 'group', 'aria-label': t('Reading the capture') },
      el('div', { class: 'progress-track' }, this.progressFill),
      progressRing(t('Reading the capture')),
      this.progressText,
      button(t('Cancel'), { look: 'secondary', onClick: () => post({ type: 'command', command: 'cancel' }) }),
    );
    this.progressBar.hidden = true;
    this.noticesBar.hidden = true;
    this.element = el('div', { class: 'bars' }, this.progressBar, this.noticesBar);
  }

  progress(summary: CaptureSummary): void {
    this.summary = summary;
    this.progressBar.hidden = summary.done || performance.now() - this.started < SHOW_PROGRESS_AFTER_MS;
    if (!summary.done) {
      const done = percent(summary.bytesRead, summary.bytesTotal);
      setText(
        this.progressText,
        t(
          'Reading: {0} % of {1} · {2}',
          done,
          byteSize(summary.bytesTotal),
          plural(summary.frames, '{0} packet', '{0} packets', count(summary.frames)),
        ),
      );
      this.progressFill.style.width = `${done}%`;
    }
    this.draw();
  }

  /** Lists all notices, also those that were hidden, and takes the keyboard there. */
  show(): void {
    this.open = (this.summary?.noticesTotal ?? 0) > 1;
    this.dismissed = 0;
    this.draw();
    this.noticesBar.focus();
  }

  /** What can be loaded instead, where not all is. */
  private loadActions(): HTMLElement {
    const action = (text: string, command: ViewCommand): HTMLElement =>
      button(text, { look: 'secondary', onClick: () => this.post({ type: 'command', command }) });
    return el(
      'div',
      { class: 'notice-actions' },
      action(t('Load a Range of Packets…'), 'loadRange'),
      action(t('Load Only What Matches…'), 'loadMatching'),
      action(t('Load All'), 'loadAll'),
    );
  }

  private draw(): void {
    const { summary } = this;
    const notices = summary?.notices ?? [];
    const total = summary?.noticesTotal ?? 0;
    this.noticesBar.hidden = total === 0 || total === this.dismissed;
    if (summary === null || this.noticesBar.hidden) return;
    const worst =
      notices.find((notice) => notice.severity === 'error') ??
      notices.find((notice) => notice.severity === 'warning') ??
      notices[0];
    const summaryLine = el(
      'div',
      { class: `notice-line ${worst?.severity ?? 'info'}` },
      el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[worst?.severity ?? 'info']),
      el(
        'span',
        { class: 'notice-text' },
        this.open
          ? plural(total, '{0} notice about this capture', '{0} notices about this capture', count(total))
          : worst === undefined
            ? ''
            : noticeText(worst),
      ),
    );
    if (total > 1) {
      const more = el(
        'button',
        { class: 'link', 'aria-expanded': this.open ? 'true' : 'false' },
        this.open ? t('Show less') : plural(total - 1, '{0} more notice', '{0} more notices', count(total - 1)),
      );
      more.addEventListener('click', () => {
        this.open = !this.open;
        this.draw();
        this.noticesBar.querySelector<HTMLElement>('button.link')?.focus();
      });
      summaryLine.append(more);
    }
    summaryLine.append(
      button(el('span', { 'aria-hidden': 'true' }, '✕'), {
        look: 'icon',
        label: t('Hide'),
        onClick: () => {
          this.dismissed = total;
          this.draw();
        },
      }),
    );
    const listed = notices.slice(0, LISTED);
    const list = this.open
      ? el(
          'ul',
          { class: 'notice-list' },
          ...listed.map((notice) =>
            el(
              'li',
              { class: notice.severity },
              el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[notice.severity]),
              noticeText(notice),
            ),
          ),
          total > listed.length ? el('li', { class: 'dim' }, t('and {0} more', count(total - listed.length))) : null,
        )
      : null;
    const isPart = notices.some(({ code }) => code === PARTLY_LOADED);
    setChildren(this.noticesBar, summaryLine, isPart ? this.loadActions() : null, list);
  }
}

const noticeText = (notice: Notice): string => say(notice.message);

/** The whole view when the input cannot be opened at all. */
export function failedView(message: Message, post: (message: ToHost) => void): HTMLElement {
  return el(
    'div',
    { class: 'failed', role: 'alert' },
    el('span', { class: 'failed-sign', 'aria-hidden': 'true' }, '⚠'),
    el('h2', {}, t('This file cannot be shown')),
    el('p', {}, say(message)),
    button(t('Retry'), { look: 'primary', onClick: () => post({ type: 'command', command: 'retry' }) }),
  );
}
