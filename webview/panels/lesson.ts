import { LESSON_TITLES, type LessonPart } from '../../src/core/model/lesson';
import type { SegmentRow } from '../../src/core/model/segment';
import type { Context } from '../context';
import { el, setChildren } from '../dom';
import { say, t } from '../l10n';
import { linked } from './explanation';

/** What a segment teaches, for who wants to learn: it folds, and stays as it was left. */
export class LessonPanel {
  readonly element: HTMLDetailsElement;
  private readonly body = el('div', {});
  private asked = 0;

  constructor(private readonly context: Context) {
    this.element = el('details', { class: 'lesson', hidden: true }, el('summary', {}, t('What it teaches')), this.body);
    this.element.open = context.store.now.lesson;
    this.element.addEventListener('toggle', () => context.store.set({ lesson: this.element.open }));
  }

  /** Asks for the lesson of a segment; what was there stays until the answer comes. */
  async show({ connection, row }: SegmentRow): Promise<void> {
    const asked = ++this.asked;
    const parts = await this.context.client.query('lesson', { connection, row }).catch((): LessonPart[] => []);
    if (asked !== this.asked) return;
    this.element.hidden = parts.length === 0;
    this.element.open = this.context.store.now.lesson;
    setChildren(
      this.body,
      el(
        'dl',
        {},
        ...parts.flatMap(({ topic, text }) => [
          el('dt', {}, say(LESSON_TITLES[topic])),
          el('dd', {}, ...linked(say(text), this.context.post)),
        ]),
      ),
    );
  }

  clear(): void {
    this.asked++;
    this.element.hidden = true;
  }
}
