import { type Message, message } from '../model/message';
import { threeDigits } from './number';

const US = 1e3;
const MS = 1e6;
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time at a glance: `0 s`, `850 ns`, `21.3 ms`, `2.11 s`, `3 min 20 s`, `2 h 5 min`. Nanoseconds in. */
export function duration(ns: number): string {
  if (ns === 0) return '0 s';
  if (ns < 0) return `-${duration(-ns)}`;
  if (ns < US) return `${Math.round(ns)} ns`;
  // Each limit is where three digits would round up to the next unit.
  if (ns < 999.5 * US) return `${threeDigits(ns / US)} µs`;
  if (ns < 999.5 * MS) return `${threeDigits(ns / MS)} ms`;
  if (ns < 59.95 * SECOND) return `${threeDigits(ns / SECOND)} s`;
  if (ns < HOUR - SECOND / 2) return twoUnits(ns, MINUTE, 'min', SECOND, 's');
  if (ns < DAY - MINUTE / 2) return twoUnits(ns, HOUR, 'h', MINUTE, 'min');
  return twoUnits(ns, DAY, 'd', HOUR, 'h');
}

/** The same of a time that a text without times does not tell (NaN). */
export const lapse = (ns: number): string | Message =>
  Number.isNaN(ns) ? message('a time that is not told') : duration(ns);

function twoUnits(ns: number, big: number, bigName: string, small: number, smallName: string): string {
  const smalls = Math.round(ns / small);
  const ratio = big / small;
  const rest = smalls % ratio;
  const whole = `${Math.floor(smalls / ratio)} ${bigName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

/**
 * Nanoseconds as seconds with a fixed number of decimals, cut and not rounded, as packet lists print times:
 * `2.110034`. Exact for safe integers.
 */
export function seconds(ns: number, decimals = 6): string {
  const sign = ns < 0 ? '-' : '';
  const whole = Math.abs(Math.trunc(ns));
  const fraction = String(whole % SECOND).padStart(9, '0');
  const units = Math.floor(whole / SECOND);
  return decimals === 0 ? `${sign}${units}` : `${sign}${units}.${fraction.slice(0, decimals)}`;
}

/** The same for a difference, with its sign: `+0.021000`. */
export const delta = (ns: number, decimals = 6): string => (ns < 0 ? '' : '+') + seconds(ns, decimals);

/**
 * A point in time, given in seconds since 1970-01-01 UTC as decimal text, in UTC with all decimals that were given:
 * `2023-11-14 22:13:20.123456789`. Text that is no such time comes back unchanged.
 */
export function utc(time: string): string {
  const parts = /^(-?\d{1,13})(\.\d+)?$/.exec(time);
  if (!parts) return time;
  const date = new Date(Number(parts[1]) * 1000);
  if (Number.isNaN(date.getTime()) || date.getTime() < 0) return time;
  return date.toISOString().replace('T', ' ').replace('.000Z', '') + (parts[2] ?? '');
}
