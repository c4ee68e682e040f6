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

/** Packets `[from, to]` as they are typed: `1000-2000`, `1000-` (to the end), `-2000`, `1000` (that one alone). */
export function packetRange(text: string): { readonly from: number; readonly to: number } | null {
  const [, first = '', dash = '', last = ''] = /^([^-–…]*)([-–…]?)([^-–…]*)$/.exec(text.trim()) ?? [];
  const from = first.trim() === '' ? 1 : packetNumber(first);
  const to = dash === '' ? from : last.trim() === '' ? Infinity : packetNumber(last);
  if (from === null || to === null || (first.trim() === '' && last.trim() === '')) return null;
  return from >= 1 && from <= to ? { from, to } : null;
}
