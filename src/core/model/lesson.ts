import { type Message, message } from './message';

/** What a student asks about a segment, in this order. */
export const LESSON_TOPICS = ['role', 'states', 'knows', 'queue', 'why', 'lost'] as const;
export type LessonTopic = (typeof LESSON_TOPICS)[number];

/** What each topic is called. */
export const LESSON_TITLES: Readonly<Record<LessonTopic, Message>> = {
  role: message('Its role'),
  states: message('The states after it'),
  knows: message('What each side knows'),
  queue: message('The queues of the server'),
  why: message('Why it is so'),
  lost: message('If it were lost'),
};

/** What a segment teaches about one topic. */
export interface LessonPart {
  readonly topic: LessonTopic;
  readonly text: Message;
}
