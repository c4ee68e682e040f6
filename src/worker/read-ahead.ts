import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ReadAhead } from '../core/bytes/source';

/** Files that take less time to read than a thread takes to start are read without one. */
const SMALLEST_FILE_BYTES = 1 << 26;
const PIECE_BYTES = 1 << 18;
const PIECES = 4;
/** What is left of a lap goes before its first piece: a record and its header. */
const HEADROOM_BYTES = PIECE_BYTES + (1 << 12);
/** Longer than any disk takes. Whoever waits so long goes on alone. */
const LONGEST_WAIT_MS = 10_000;

/** Words that both threads see: how far it is, pieces read, pieces no longer needed; then the bytes of each piece. */
const STAGE = 0;
const READ = 1;
const RELEASED = 2;
const LENGTHS = 3;

/** Stages: the thread is not there yet; waits for a position; reads; is not to go on, or has come to its end. */
const STARTING = 0;
const READY = 1;
const READING = 2;
const OVER = 3;

/**
 * The thread: reads piece after piece into a ring, as far as pieces are released. It ends with the file, at an error,
 * which whoever goes on alone meets himself, and when nobody has released a piece for long.
 */
const THREAD = `
const { readSync } = require('node:fs');
const { file, words, place, bytes } = require('node:worker_threads').workerData;
const is = (stage) => Atomics.load(words, ${STAGE}) === stage;
const changed = (word, value) => Atomics.wait(words, word, value, ${LONGEST_WAIT_MS}) !== 'timed-out';
function released(piece) {
  for (;;) {
    const free = Atomics.load(words, ${RELEASED});
    if (piece - free < ${PIECES}) return true;
    if (!changed(${RELEASED}, free)) return false;
  }
}
if (Atomics.compareExchange(words, ${STAGE}, ${STARTING}, ${READY}) === ${STARTING}) changed(${STAGE}, ${READY});
try {
  for (let piece = 0; is(${READING}) && released(piece) && is(${READING}); piece++) {
    const at = ${HEADROOM_BYTES} + (piece % ${PIECES}) * ${PIECE_BYTES};
    let length = 0;
    for (let got = 1; got > 0 && length < ${PIECE_BYTES}; length += got)
      got = readSync(file, bytes, at + length, ${PIECE_BYTES} - length, place[0] + piece * ${PIECE_BYTES} + length);
    Atomics.store(words, ${LENGTHS} + (piece % ${PIECES}), length);
    Atomics.add(words, ${READ}, 1);
    Atomics.notify(words, ${READ});
    if (length < ${PIECE_BYTES}) break;
  }
} finally {
  Atomics.store(words, ${STAGE}, ${OVER});
  Atomics.notify(words, ${READ});
}
`;

/** Reads a file ahead in a thread of its own; `null` where that gains nothing. */
export function readAhead(file: number, size: number): ReadAhead | null {
  if (size < SMALLEST_FILE_BYTES || availableParallelism() < 2) return null;
  const words = new Int32Array(new SharedArrayBuffer(4 * (LENGTHS + PIECES)));
  /** Position of the first piece. */
  const place = new Float64Array(new SharedArrayBuffer(8));
  const bytes = new Uint8Array(new SharedArrayBuffer(HEADROOM_BYTES + PIECES * PIECE_BYTES));
  const thread = new Worker(THREAD, { eval: true, workerData: { file, words, place, bytes } });
  thread.on('error', () => Atomics.store(words, STAGE, OVER));
  thread.unref();
  let piece = 0;
  return {
    bytes,
    first: HEADROOM_BYTES,
    pieceBytes: PIECE_BYTES,
    begin(position) {
      if (Atomics.load(words, STAGE) !== READY) return false;
      place[0] = position;
      if (Atomics.compareExchange(words, STAGE, READY, READING) !== READY) return false;
      Atomics.notify(words, STAGE);
      return true;
    },
    next(needed) {
      Atomics.store(words, RELEASED, Math.min(piece, Math.floor((needed - place[0]!) / PIECE_BYTES)));
      Atomics.notify(words, RELEASED);
      for (;;) {
        const isOver = Atomics.load(words, STAGE) === OVER;
        const read = Atomics.load(words, READ);
        if (read > piece) return words[LENGTHS + (piece++ % PIECES)]!;
        if (isOver || Atomics.wait(words, READ, read, LONGEST_WAIT_MS) === 'timed-out') return 0;
      }
    },
    stop() {
      Atomics.store(words, STAGE, OVER);
      Atomics.notify(words, STAGE);
      Atomics.add(words, RELEASED, PIECES);
      Atomics.notify(words, RELEASED);
    },
  };
}
