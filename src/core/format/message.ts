import type { Message } from '../model/message';

/** Gives the translation of an English template, or the template itself where there is none. */
export type Translate = (english: string) => string;

/**
 * The sentence of a message, its arguments in their places. Messages inside are translated too; numbers are printed as
 * they are. A place without an argument stays visible, since it is a mistake of ours that somebody should see.
 */
export function render(message: Message, translate: Translate = (english) => english): string {
  const text = translate(message.text);
  if (message.args.length === 0) return text;
  return text.replace(/\{(\d{1,2})\}/g, (place, index: string) => {
    const argument = message.args[Number(index)];
    if (argument === undefined) return place;
    return typeof argument === 'object' ? render(argument, translate) : String(argument);
  });
}
