import { flagNames } from '../model/flags';
import type { NoteCondition } from '../model/segment';
import { duration } from './time';

/**
 * The numbers that a condition compared, one a text: "una 1001", "elapsed 204 ms", "flags PSH ACK", "sndNxt ?" where it
 * is not known.
 */
export const conditionValues = (values: NoteCondition['values']): string[] =>
  Object.entries(values).map(([name, value]) => {
    if (value === null) return `${name} ?`;
    if (name === 'flags' && value !== 0) return `flags ${flagNames(value).join(' ')}`;
    return name.endsWith('Ns') ? `${name.slice(0, -2)} ${duration(value)}` : `${name} ${value}`;
  });
