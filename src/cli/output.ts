import { writeSync } from 'node:fs';

/** Where a command prints to. */
export interface Output {
  /** One line, without its line break. */
  line(text: string): void;
  end(): void;
}

const FLUSH_CHARACTERS = 1 << 16;

/** Standard output, written in large pieces and without waiting for more than one of them at a time. */
export function createOutput(): Output {
  let pending = '';
  const flush = (): void => {
    let bytes: Uint8Array = Buffer.from(pending);
    pending = '';
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(1, bytes));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') process.exit(0); // the reader has gone (`| head`)
        if (code !== 'EAGAIN') throw error;
      }
    }
  };
  return {
    line(text) {
      pending += `${text}\n`;
      if (pending.length >= FLUSH_CHARACTERS) flush();
    },
    end: flush,
  };
}
