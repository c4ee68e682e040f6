/** The languages of text traces, as in package.json. */
export const TRACE_LANGUAGES = ['tcpdump', 'packetdrill', 'tcp-trace-text'] as const;

export const isTraceLanguage = (languageId: string): boolean =>
  (TRACE_LANGUAGES as readonly string[]).includes(languageId);

/** The language of a text trace by its format's identifier. */
export const languageOf = (textFormat: string): string => (isTraceLanguage(textFormat) ? textFormat : 'tcp-trace-text');
