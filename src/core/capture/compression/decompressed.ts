import { ReadError } from '../../bytes/source';
import { message, type Message } from '../../model/message';
import type { DecompressedSource } from '../format';

/** A decoder of one compressed stream. */
export interface Decoder {
  /** Bytes of the compressed source that have been used so far. */
  readonly consumed: number;
  /** The stream has come to its regular end. */
  readonly ended: boolean;
  /**
   * Decodes a bounded piece into `target` from index `at` on, as much as fits at most, and returns how many bytes that
   * were; 0 where the piece was only input.
   * @throws {DamagedStream} when it cannot go on
   * @throws {ReadError} as the compressed source does
   */
  decode(target: Uint8Array<ArrayBuffer>, at: number): number;
}

/** What is compressed cannot be decompressed from here on. */
export class DamagedStream extends Error {
  constructor(readonly sentence: Message) {
    super(sentence.text);
  }
}

export const cutStream = (): DamagedStream => new DamagedStream(message('The compressed data was cut short.'));
export const damagedStream = (position: number): DamagedStream =>
  new DamagedStream(message('The compressed data is damaged at byte {0} of the file.', position));
export const dictionaryNeeded = (compression: string): DamagedStream =>
  new DamagedStream(message('This {0} file needs a dictionary, which is not in it.', compression));

const CHUNK_BYTES = 1 << 18;
const MIB = 1 << 20;

/** Opens what a decoder yields for random access; see {@link Compression.open}. */
export function decompressed(decoder: Decoder, limit: number): DecompressedSource {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const beyond = new Uint8Array(1);
  let size = 0;
  let failure: ReadError | null = null;

  const finished = (): boolean => failure !== null || decoder.ended;

  /** Decompresses one piece more. */
  function advance(): void {
    try {
      if (size >= limit) {
        if (decoder.decode(beyond, 0) > 0) throw limitReached(limit);
        return;
      }
      const within = size % CHUNK_BYTES;
      if (within === 0 && chunks.length * CHUNK_BYTES === size) chunks.push(new Uint8Array(CHUNK_BYTES));
      const chunk = chunks[chunks.length - 1]!;
      const room = Math.min(CHUNK_BYTES, within + limit - size);
      size += decoder.decode(room < CHUNK_BYTES ? chunk.subarray(0, room) : chunk, within);
    } catch (error) {
      if (error instanceof DamagedStream) failure = new ReadError(english(error.sentence), size, error.sentence);
      else if (error instanceof ReadError) failure = new ReadError(error.message, size, error.sentence);
      else throw error;
    }
  }

  return {
    get size() {
      return size;
    },
    get consumed() {
      return decoder.consumed;
    },
    prepare(position) {
      if (position >= size && !finished()) advance();
      return position < size || finished();
    },
    read(position, target, at, length) {
      while (position >= size && !finished()) advance();
      if (position >= size) {
        if (failure !== null) throw failure;
        return 0;
      }
      const within = position % CHUNK_BYTES;
      const count = Math.min(length, size - position, CHUNK_BYTES - within);
      const chunk = chunks[(position - within) / CHUNK_BYTES]!;
      target.set(chunk.subarray(within, within + count), at);
      return count;
    },
  };
}

const limitReached = (limit: number): DamagedStream =>
  new DamagedStream(
    message('Decompression stops at the limit of {0} MiB (setting {1}).', limit / MIB, 'tcpTrace.decompressionLimit'),
  );

/** What the error says where nobody translates it. */
const english = ({ text, args }: Message): string =>
  text.replace(/\{(\d)\}/g, (_, i: string) => {
    const argument = args[Number(i)]!;
    return typeof argument === 'object' ? english(argument) : String(argument);
  });
