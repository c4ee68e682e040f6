/** Narrow no-break space: groups digits without inviting a line break or looking like a separator of fields. */
const GROUP = '\u202f';

/** An amount with its thousands grouped: `26 280`. Not for names such as packet, port or sequence numbers. */
export function count(value: number): string {
  const digits = String(Math.abs(Math.trunc(value)));
  if (!/^\d+$/.test(digits)) return String(value);
  return (value < 0 ? '-' : '') + digits.replace(/\B(?=(?:\d{3})+$)/g, GROUP);
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** A size at a glance, in powers of 1000 with three significant digits: `512 B`, `26.3 kB`, `1.07 GB`. */
export function byteSize(bytes: number): string {
  let power = 0;
  let scaled = bytes;
  // 999.5 would round to four digits
  while (scaled >= (power === 0 ? 1000 : 999.5) && power < PREFIXES.length - 1) {
    scaled /= 1000;
    power++;
  }
  return `${power === 0 ? String(scaled) : threeDigits(scaled)} ${PREFIXES[power]}B`;
}

/** Three significant digits of a number in [0, 1000), without an exponent; trailing zeros say how exact it is. */
export const threeDigits = (value: number): string =>
  value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);

/** How much of a whole is done, in percent, rounded down so that 100 means all of it. */
export const percent = (part: number, whole: number): number =>
  whole > 0 ? Math.min(100, Math.max(0, Math.floor((part / whole) * 100))) : 0;
