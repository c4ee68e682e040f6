import { render } from '../src/core/format/message';
import { message, type Message, type MessageArgument } from '../src/core/model/message';

let translations: Readonly<Record<string, string>> = {};

/** Sets the translations of everything that {@link t} and {@link say} print from now on. */
export function setTranslations(bundle: Readonly<Record<string, string>>): void {
  translations = bundle;
}

const translate = (english: string): string => translations[english] ?? english;

/** A string of the interface: its English text, which is the key of its translation, and what goes in its places. */
export const t = (english: string, ...args: MessageArgument[]): string => render(message(english, ...args), translate);

/** `t` for an amount: two texts, because languages differ in what they do with one. */
export const plural = (n: number, one: string, many: string, ...args: MessageArgument[]): string =>
  t(n === 1 ? one : many, ...args);

/** A sentence from the core in the user's language. */
export const say = (sentence: Message): string => render(sentence, translate);
