/**
 * A sentence for a person that can be said in any language: an English text with numbered places, and what stands in
 * them. The English text is the key of the translation (as in VS Code's `l10n` bundles), so it must be a constant.
 */
export interface Message {
  /** English, with `{0}`, `{1}`, … where the arguments go. */
  readonly text: string;
  readonly args: readonly MessageArgument[];
}

export type MessageArgument = string | number | Message;

/** Makes a {@link Message}: `message('acknowledges #{0}', 6)`. */
export const message = (text: string, ...args: MessageArgument[]): Message => ({ text, args });
