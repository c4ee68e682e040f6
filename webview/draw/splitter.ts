import { consume, el } from '../dom';

export interface SplitterOptions {
  readonly label: string;
  /** Current size of the pane below, in pixels. */
  readonly size: () => number;
  /** Largest size that makes sense now. */
  readonly limit: () => number;
  readonly onSize: (size: number) => void;
  /** Double click and Enter: the size that fits by itself, or closed and open again. */
  readonly onReset: () => void;
}

const STEP = 24;

/** A bar that resizes the pane below it, by mouse and by keyboard (WAI-ARIA window splitter). */
export function splitter({ label, size, limit, onSize, onReset }: SplitterOptions): HTMLElement {
  const bar = el('div', {
    class: 'splitter',
    role: 'separator',
    'aria-orientation': 'horizontal',
    'aria-label': label,
    tabindex: 0,
  });
  const set = (value: number): void => {
    const to = Math.round(Math.min(Math.max(0, value), limit()));
    onSize(to);
    const percent = limit() > 0 ? Math.round((to / limit()) * 100) : 0;
    bar.setAttribute('aria-valuenow', String(percent));
  };
  bar.setAttribute('aria-valuenow', '50');
  bar.setAttribute('aria-valuemin', '0');
  bar.setAttribute('aria-valuemax', '100');
  let grabbed: { readonly y: number; readonly size: number } | null = null;
  bar.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    bar.focus();
    bar.setPointerCapture(event.pointerId);
    grabbed = { y: event.clientY, size: size() };
    bar.classList.add('dragging');
  });
  bar.addEventListener('pointermove', (event) => {
    if (grabbed !== null) set(grabbed.size + grabbed.y - event.clientY);
  });
  const release = (): void => {
    grabbed = null;
    bar.classList.remove('dragging');
  };
  bar.addEventListener('pointerup', release);
  bar.addEventListener('pointercancel', release);
  bar.addEventListener('dblclick', onReset);
  bar.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowUp') set(size() + STEP);
    else if (event.key === 'ArrowDown') set(size() - STEP);
    else if (event.key === 'Home') set(limit());
    else if (event.key === 'End') set(0);
    else if (event.key === 'Enter') onReset();
    else return;
    consume(event);
  });
  return bar;
}
