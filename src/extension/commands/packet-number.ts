/** Digits in groups of three, separated as people and we ourselves write them: `1,234`, `1 234`, `1'234`, `1_234`. */
const GROUPED = /^\d{1,3}(?:[\s,'’_]\d{3})+$/;

/** The whole number that was typed, with or without a `#` before it; `null` where it is none. */
export function packetNumber(text: string): number | null {
  const typed = text.trim().replace(/^#\s?/, '');
  const digits = GROUPED.test(typed) ? typed.replace(/\D/g, '') : typed;
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}

/** The line that was typed: a whole number behind a colon, as where VS Code goes to a line, or an L; else `null`. */
export function lineNumber(text: string): number | null {
  const [, number] = /^(?::|[Ll]\s?)(.*)$/s.exec(text.trim()) ?? [];
  return number === undefined || number.trim().startsWith('#') ? null : packetNumber(number);
}
