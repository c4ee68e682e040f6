import { closeSync, openSync, writeSync } from 'node:fs';

/** Where a command prints to. */
export interface Output {
  /** One line, without its line break. */
  line(text: string): void;
  bytes(bytes: Uint8Array): void;
  end(): void;
}

/** There is nowhere to print to, or no place left there; the message is what standard error gets. */
export class CannotWrite extends Error {
  override readonly name = 'CannotWrite';

  constructor(file: string | null, error: unknown) {
    const reason = error instanceof Error ? error.message : String(error);
    super(`${file ?? 'standard output'}: cannot be written: ${reason}`);
  }
}

const FLUSH_CHARACTERS = 1 << 16;

/**
 * Standard output, or a file, written in large pieces and without waiting for more than one of them at a time.
 * What it returns throws the same.
 * @throws {CannotWrite}
 */
export function createOutput(file: string | null = null): Output {
  const target = file === null ? 1 : openFile(file);
  let pending = '';
  const write = (bytes: Uint8Array): void => {
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(target, bytes));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') process.exit(0); // the reader has gone (`| head`)
        if (code !== 'EAGAIN') throw new CannotWrite(file, error);
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

function openFile(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (error) {
    throw new CannotWrite(file, error);
  }
}
