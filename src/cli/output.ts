import { closeSync, openSync, writeSync } from 'node:fs';

/** Where a command prints to. */
export interface Output {
  /** One line, without its line break. */
  line(text: string): void;
  bytes(bytes: Uint8Array): void;
  end(): void;
}

const FLUSH_CHARACTERS = 1 << 16;

/**
 * Standard output, or a file, written in large pieces and without waiting for more than one of them at a time.
 * @throws as `openSync` does
 */
export function createOutput(file: string | null = null): Output {
  const target = file === null ? 1 : openSync(file, 'w');
  let pending = '';
  const write = (bytes: Uint8Array): void => {
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(target, bytes));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') process.exit(0); // the reader has gone (`| head`)
        if (code !== 'EAGAIN') throw error;
      }
    }
  };
  const flush = (): void => {
    const bytes = Buffer.from(pending);
    pending = '';
    write(bytes);
  };
  return {
    line(text) {
      pending += `${text}\n`;
      if (pending.length >= FLUSH_CHARACTERS) flush();
    },
    bytes(bytes) {
      flush();
      write(bytes);
    },
    end() {
      flush();
      if (file !== null) closeSync(target);
    },
  };
}
