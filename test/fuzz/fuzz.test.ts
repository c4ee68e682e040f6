import { TARGETS } from './targets';

/** Inputs in all, of which each target has its share; by hand millions are run (see the README beside this). */
const INPUTS = 100_000;

describe(`fuzzing with ${INPUTS} inputs`, function () {
  this.timeout(0);

  for (const { id, about, share, prepare } of TARGETS) {
    const inputs = (INPUTS * share) / 1000;
    it(`${id}: ${inputs} times ${about}`, () => {
      const run = prepare();
      for (let seed = 1; seed <= inputs; seed++) {
        try {
          run(seed);
        } catch (error) {
          throw new Error(`npm run fuzz -- --target ${id} --seed ${seed} --inputs 1`, { cause: error });
        }
      }
    });
  }
});
