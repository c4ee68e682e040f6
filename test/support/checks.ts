import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { inProject, run, since } from './command';
import type { Counts } from './counts';

interface Check {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

/** The projects that the root's tsconfig.json refers to: one for each layer, with only the types that it may use. */
function layers(): string[] {
  const { references } = JSON.parse(readFileSync(inProject('tsconfig.json'), 'utf8')) as {
    references: { path: string }[];
  };
  return references.map((reference) => reference.path);
}

const checks = (): Check[] => [
  {
    name: 'eslint',
    script: 'node_modules/eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0'],
  },
  {
    name: 'prettier',
    script: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.'],
  },
  ...layers().map((layer) => ({
    name: `tsc ${layer}`,
    script: 'node_modules/typescript/bin/tsc',
    args: ['--project', layer, ...(process.stdout.isTTY ? ['--pretty'] : [])],
  })),
];

/** Runs eslint, prettier and the compiler over every layer, as many at once as there are processors. */
export async function runChecks(): Promise<Counts> {
  const waiting = checks();
  // Colours only where somebody looks: the tools are told, for they see a pipe in either case.
  const env = { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' };
  let passed = 0;
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const start = performance.now();
      const { code, output } = await run(process.execPath, [check.script, ...check.args], { env });
      if (code === 0) passed++;
      else failed++;
      console.log(`  ${code === 0 ? '✔' : '✖'} ${check.name} (${since(start)})`);
      if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '    '));
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), waiting.length) }, work));
  return { passed, failed };
}
