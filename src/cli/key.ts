import { randomBytes } from 'node:crypto';
import type { AnonymiseKey } from '../core/model/export';

/** A key that nobody knows afterwards: whoever has what was made with it cannot find out what stood in it before. */
export const newKey = (): AnonymiseKey => {
  const bytes = randomBytes(8);
  return [bytes.readInt32LE(0), bytes.readInt32LE(4)];
};
