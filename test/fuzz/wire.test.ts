import { mutate } from '../support/mutate';
import { random } from '../support/random';
import { checkDescription, checkingDecoder } from '../support/wire/check-frame';
import { fixtureGroups, framesOf } from '../support/wire/decode';
import { isSupported } from '../../src/core/wire/registry';

/**
 * Random frames, and damaged ones of every kind, through the decoder and the describer: nothing may throw, hang or
 * point outside its bytes. `FUZZ_RUNS` says how many, `FUZZ_SEED` where to begin; a failure names its seed.
 */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const LINK_TYPES = Array.from({ length: 300 }, (_, i) => i).filter(isSupported);

describe('fuzzing the decoders', function () {
  this.timeout(0);

  it(`bears ${RUNS} frames from seed ${SEED} on`, () => {
    const frames = fixtureGroups().flatMap(framesOf);
    const { decode } = checkingDecoder();
    for (let seed = SEED; seed < SEED + RUNS; seed++) {
      const next = random(seed);
      const frame = frames[next(frames.length)]!;
      const noise = next(4) === 0;
      const bytes = noise ? Uint8Array.from({ length: next(200) }, () => next(256)) : mutate(frame.bytes, next);
      const original = bytes.length + (next(3) === 0 ? next(2000) : 0);
      const linkType = next(8) === 0 ? LINK_TYPES[next(LINK_TYPES.length)]! : frame.linkType;
      const input = { ...frame, linkType, bytes, original, seconds: next(1000) };
      try {
        decode(seed, input);
        checkDescription([input]);
      } catch (error) {
        (error as Error).message = `FUZZ_SEED=${seed}: ${(error as Error).message}`;
        throw error;
      }
    }
  });
});
