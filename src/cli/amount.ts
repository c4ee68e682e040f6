import { count } from '../core/format/number';

/** So many of something, in English: "1 segment", "1 204 segments". */
export const amount = (n: number, one: string): string => `${count(n)} ${one}${n === 1 ? '' : 's'}`;
