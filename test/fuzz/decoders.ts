import { mutate } from '../support/mutate';
import { random } from '../support/random';
import { checkDescription, checkingDecoder } from '../support/wire/check-frame';
import { fixtureGroups, framesOf } from '../support/wire/decode';
import type { FuzzTarget } from './target';
import { isSupported } from '../../src/core/wire/registry';

const LINK_TYPES = Array.from({ length: 300 }, (_, i) => i).filter(isSupported);

/** Nothing may throw or hang, or point outside its bytes, in the decoder nor in what describes a packet field by field. */
export const decoders: FuzzTarget = {
  id: 'decoders',
  about: 'random frames, and damaged ones of every link type and protocol',
  share: 700,
  prepare() {
    const frames = fixtureGroups().flatMap(framesOf);
    const { decode } = checkingDecoder();
    return (seed) => {
      const next = random(seed);
      const frame = frames[next(frames.length)]!;
      const noise = next(4) === 0;
      const bytes = noise ? Uint8Array.from({ length: next(200) }, () => next(256)) : mutate(frame.bytes, next);
      const original = bytes.length + (next(3) === 0 ? next(2000) : 0);
      const linkType = next(8) === 0 ? LINK_TYPES[next(LINK_TYPES.length)]! : frame.linkType;
      const input = { ...frame, linkType, bytes, original, seconds: next(1000) };
      decode(seed, input);
      checkDescription([input]);
    };
  },
};
