import assert from 'node:assert/strict';
import { mutate } from '../../support/mutate';
import { random } from '../../support/random';
import { checkDescription, checkingDecoder } from '../../support/wire/check-frame';
import { fixtureGroups, framesOf, type TestFrame } from '../../support/wire/decode';

/** One frame of each stack of headers on each link: cutting the others shows nothing new. */
const oneOfEach = (): { name: string; frame: TestFrame }[] => {
  const met = new Set<string>();
  return fixtureGroups().flatMap((group) =>
    framesOf(group).flatMap((frame, i) => {
      const { protocols } = group.frames[i]!;
      const stack = `${group.linkType} ${protocols}`;
      const isNew = !met.has(stack);
      met.add(stack);
      return isNew ? [{ name: `${group.name} ${i + 1}: ${protocols}`, frame }] : [];
    }),
  );
};

describe('decoding and describing', () => {
  for (const { name, frame } of oneOfEach()) {
    it(`bears a cut at every byte: ${name}`, () => {
      const { decode } = checkingDecoder();
      const { bytes } = frame;
      for (let kept = 0; kept <= bytes.length; kept++) {
        const cut: TestFrame = { ...frame, bytes: bytes.subarray(0, kept), original: bytes.length };
        decode(kept, cut);
        checkDescription([cut]);
        // As if the frame had been that short on the wire.
        const short: TestFrame = { ...cut, original: kept };
        decode(kept, short);
        checkDescription([short]);
      }
    });
  }

  it('bears any damage, and never finds a segment where the frame has no bytes', () => {
    const next = random(7);
    const frames = fixtureGroups().flatMap(framesOf);
    const { decode } = checkingDecoder();
    for (let run = 0; run < 4000; run++) {
      const frame = frames[next(frames.length)]!;
      const bytes = mutate(frame.bytes, next);
      const original = next(4) === 0 ? next(70_000) : bytes.length;
      const damaged = { ...frame, bytes, original: Math.max(original, bytes.length) };
      const found = decode(run, damaged);
      assert.ok(found * 4 <= Math.max(bytes.length, 65_536));
      checkDescription([damaged]);
    }
  });

  it('agrees with itself when fragments are damaged', () => {
    const next = random(11);
    const group = fixtureGroups().find(({ name }) => name === 'frag4')!;
    const frames = framesOf(group);
    for (let run = 0; run < 60; run++) {
      const damaged = frames.map((frame) => {
        const bytes = next(3) === 0 ? mutate(frame.bytes, next) : frame.bytes;
        return { ...frame, bytes, original: bytes.length };
      });
      const { decode, decoder } = checkingDecoder();
      damaged.forEach((frame, i) => {
        const found = decode(i, frame);
        const needed = [...(decoder.fragmentsOf(i) ?? []), i].map((k) => damaged[k]!);
        const shown = checkDescription(needed).layers.filter(({ id, start, end }) => id === 'tcp' && end - start >= 4);
        assert.equal(shown.length, found, `run ${run}, frame ${i + 1}`);
      });
    }
  });
});
