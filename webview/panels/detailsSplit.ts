import type { Context } from '../context';
import { splitter } from '../draw/splitter';
import { t } from '../l10n';
import type { Details } from './details';

/** Share of the height that the details take until the user says otherwise, and its bounds in pixels. */
const SHARE = 0.38;
const MIN = 160;
const MAX = 420;
/** What is left of the panel above them. */
const ABOVE_MIN = 120;

/** The details below a panel's content, and the bar that says how high they are; all panels have the same height. */
export class DetailsSplit {
  readonly bar: HTMLElement;
  private readonly resize: ResizeObserver;
  private readonly unlisten: () => void;

  constructor(
    private readonly context: Context,
    private readonly panel: HTMLElement,
    private readonly details: Details,
  ) {
    this.bar = splitter({
      label: t('Height of the details'),
      size: () => details.element.offsetHeight,
      limit: () => Math.max(0, panel.clientHeight - ABOVE_MIN),
      onSize: (detailsHeight) => context.store.set({ detailsHeight }),
      onReset: () => context.store.set({ detailsHeight: context.store.now.detailsHeight === 0 ? null : 0 }),
    });
    this.unlisten = context.store.listen((now, before) => {
      if (now.detailsHeight !== before.detailsHeight) this.fit();
    });
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(panel);
  }

  fit(): void {
    const height = this.panel.clientHeight;
    if (height === 0) return;
    const chosen = this.context.store.now.detailsHeight;
    const limit = Math.max(0, height - ABOVE_MIN);
    const fitting = Math.round(Math.min(MAX, Math.max(MIN, height * SHARE)));
    this.details.element.style.height = `${Math.min(limit, chosen ?? fitting)}px`;
    this.details.element.classList.toggle('closed', chosen === 0);
  }

  /** Opens the details where they are closed, and gives them the keyboard. */
  open(): void {
    if (this.context.store.now.detailsHeight === 0) this.context.store.set({ detailsHeight: null });
    this.details.focus();
  }

  dispose(): void {
    this.unlisten();
    this.resize.disconnect();
  }
}
