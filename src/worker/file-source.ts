import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ReadError, type ByteSource } from '../core/bytes/source';

/**
 * A local file, read by ranges. Its size is asked again each time, for files that are still being written; where it
 * cannot be told any more, it is what it was.
 * @throws the file system's error when it cannot be opened, or is not a plain file
 */
export function fileSource(path: string): ByteSource & { close(): void } {
  // Without O_NONBLOCK (0 where it does not exist) opening a pipe that nobody writes to would wait for ever.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) throw new Error('not a plain file');
  } catch (error) {
    closeSync(file);
    throw error;
  }
  let size = 0;
  return {
    get size() {
      try {
        size = fstatSync(file).size;
      } catch {
        // A network drive has gone (ESTALE). How long the file was is still true of what was read; to read on says why not.
      }
      return size;
    },
    read(position, target, at, length) {
      try {
        return readSync(file, target, at, length, position);
      } catch (error) {
        throw new ReadError(error instanceof Error ? error.message : String(error), position);
      }
    },
    close() {
      closeSync(file);
    },
  };
}
