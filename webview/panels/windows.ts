import { count } from '../../src/core/format/number';
import type { SegmentRow, Side } from '../../src/core/model/segment';
import { type WindowBar, type WindowPicture, windowPicture } from '../draw/windowSpans';
import { el, setChildren } from '../dom';
import { t } from '../l10n';

const SIDES: readonly Side[] = ['client', 'server'];

/** The send window of each end over the receive window of the other, as stretches of the sequence space they share. */
export class WindowsPanel {
  readonly element = el('div', { class: 'windows' });

  show(row: SegmentRow): void {
    setChildren(this.element, ...SIDES.flatMap((sender) => direction(windowPicture(row, sender))));
  }
}

function direction(picture: WindowPicture): HTMLElement[] {
  const { sender, send, receive, inFlight, usable, receiveWindow, width } = picture;
  if (width === 0) return [];
  const [to, from] = sender === 'client' ? [t('server'), t('client')] : [t('client'), t('server')];
  return [
    bar(t('{0} sends', from), send, width, [
      part('flight', t('in flight: {0}', count(inFlight))),
      part(
        'usable',
        usable > 0
          ? t('may send: {0}', count(usable))
          : usable < 0
            ? t('beyond the window: {0}', count(-usable))
            : t('window full'),
      ),
    ]),
    bar(t('{0} receives', to), receive, width, [
      receive?.spans.some(({ kind }) => kind === 'held') === true ? part('held', t('held out of order')) : null,
      part('window', receiveWindow === 0 ? t('window closed') : t('window: {0}', count(receiveWindow))),
    ]),
  ];
}

/** A word of the legend, with a piece of the bar as its sign. */
const part = (kind: string, text: string): HTMLElement =>
  el('span', { class: 'part-text' }, el('i', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), text);

/** Less than this share of the bar could not be seen. */
const LEAST_PERCENT = 0.6;

function bar(name: string, data: WindowBar | null, width: number, texts: readonly (HTMLElement | null)[]): HTMLElement {
  const percent = (value: number): string => `${((100 * value) / width).toFixed(2)}%`;
  const strip = el('div', { class: 'window-bar', 'aria-hidden': 'true' });
  for (const { kind, start, end } of data?.spans ?? []) {
    const piece = el('span', { class: `span ${kind}` });
    piece.style.left = percent(start);
    piece.style.width = `max(${LEAST_PERCENT}%, ${percent(end - start)})`;
    strip.append(piece);
  }
  for (const { at } of data?.moved ?? []) {
    const edge = el('span', { class: 'moved', title: t('It was here before this segment') });
    edge.style.left = percent(at);
    strip.append(edge);
  }
  const changed = (data?.moved.length ?? 0) > 0;
  return el(
    'div',
    { class: 'window-line' },
    el('span', { class: 'name' }, name),
    data === null ? el('span', { class: 'dim' }, t('unknown')) : strip,
    el(
      'span',
      { class: 'texts' },
      ...(data === null ? [] : texts),
      changed ? el('span', { class: 'moved-text' }, t('changed')) : null,
    ),
  );
}
