import { LESSON_TITLES, type LessonPart } from '../../src/core/model/lesson';
import type { SegmentRow } from '../../src/core/model/segment';
import type { Context } from '../context';
import { el, setChildren } from '../dom';
import { say, t } from '../l10n';
import { linked } from './explanation';

/** What a segment teaches, for who wants to learn. */
export class LessonPanel {
  readonly element: HTMLDetailsElement;
  private readonly topics = el('span', { class: 'dim' });
  private readonly body = el('dl', {});
  private asked = 0;

  /** @param open unfolded to begin with; otherwise as it was left the last time */
  constructor(
    private readonly context: Context,
    open = false,
  ) {
    const summary = el('summary', {}, t('What it teaches'), this.topics);
    this.element = el('details', { class: 'lesson', hidden: true }, summary, this.body);
    this.element.open = open || context.store.now.lesson;
    if (!open) this.element.addEventListener('toggle', () => context.store.set({ lesson: this.element.open }));
  }

  /** Asks for the lesson of a segment; what was there stays until the answer comes. */
  async show({ connection, row }: SegmentRow): Promise<void> {
    const asked = ++this.asked;
    const parts = await this.context.client.query('lesson', { connection, row }).catch((): LessonPart[] => []);
    if (asked !== this.asked) return;
    this.element.hidden = parts.length === 0;
    setChildren(this.topics, ...parts.map(({ topic }) => ` · ${say(LESSON_TITLES[topic])}`));
    setChildren(
      this.body,
      ...parts.flatMap(({ topic, text }) => [
        el('dt', {}, say(LESSON_TITLES[topic])),
        el('dd', {}, ...linked(say(text), this.context.post)),
      ]),
    );
  }

  clear(): void {
    this.asked++;
    this.element.hidden = true;
  }
}
