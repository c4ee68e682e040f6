import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { runChecks } from './checks';
import { endWithParent, inProject, run, since } from './command';
import { addCounts, countsOf, type Counts } from './counts';
import { launchChromium } from './editor/chromium';
import { runHostSuite } from './editor/host-suite';
import { installServer } from './editor/install-server';
import { VSIX } from './editor/editor';
import { npmCommand } from './npm.mjs';

interface Part {
  readonly name: string;
  readonly title: string;
  /** Parts whose result it works on. */
  readonly needs: readonly string[];
  readonly run: (mochaArguments: readonly string[]) => Promise<Counts>;
}

const WEBVIEW_TESTS = 'test/webview/*.test.ts';

const PARTS: readonly Part[] = [
  { name: 'check', title: 'Style and types', needs: [], run: runChecks },
  { name: 'build', title: 'Build', needs: [], run: () => step(process.execPath, ['esbuild.mjs', '--production']) },
  {
    name: 'unit',
    title: 'Unit tests',
    needs: ['build'],
    run: (args) => {
      const ignored = ['--ignore', 'test/editor/**', '--ignore', WEBVIEW_TESTS];
      return mocha(['test/**/*.test.ts', ...ignored, '--parallel', '--jobs', `${availableParallelism()}`, ...args]);
    },
  },
  {
    name: 'webview',
    title: 'The webview alone',
    needs: ['build'],
    run: async (args) => {
      await prepareChromium();
      return mocha([WEBVIEW_TESTS, ...args]);
    },
  },
  { name: 'editor', title: 'Inside the extension host', needs: ['build'], run: runHostSuite },
  {
    name: 'package',
    title: 'Package',
    needs: ['build'],
    run: () => {
      mkdirSync(path.dirname(VSIX), { recursive: true });
      const { file, args } = npmCommand(['run', '--silent', 'package', '--', '--out', VSIX]);
      return step(file, args);
    },
  },
  {
    name: 'browser',
    title: 'In the editor, as a person does',
    needs: ['package'],
    run: async (args) => {
      await installServer();
      await prepareChromium();
      return mocha(['test/editor/browser/**/*.test.ts', '--timeout', '60000', ...args]);
    },
  },
];

/** Something that hangs must fail while there is time to tell. */
const MOCHA_LIMIT_MS = 15 * 60_000;

/** Runs a command that counts as one test. */
async function step(file: string, args: readonly string[]): Promise<Counts> {
  const start = performance.now();
  const { code, output } = await run(file, args);
  if (code !== 0) console.log(output);
  console.log(`  ${code === 0 ? '✔' : '✖'} done in ${since(start)}`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Installs a Chromium where there is none, before a test waits for it. */
const prepareChromium = async (): Promise<void> => (await launchChromium()).close();

async function mocha(args: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'counts-'));
  const file = path.join(folder, 'counts.json');
  try {
    const { code, timedOut } = await run(
      process.execPath,
      [inProject('node_modules/mocha/bin/mocha.js'), '--forbid-only', '--forbid-pending', ...args],
      { show: true, env: { ...process.env, TEST_COUNTS: file }, limitMs: MOCHA_LIMIT_MS },
    );
    if (timedOut) console.log(`  ✖ the tests did not end within ${MOCHA_LIMIT_MS / 60_000} minutes`);
    return countsOf(file, code);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The chosen parts in their order, with those that they need. */
function select(names: readonly string[]): Part[] {
  if (names.length === 0) return [...PARTS];
  const wanted = new Set<string>();
  const add = (name: string): void => {
    const part = PARTS.find((candidate) => candidate.name === name);
    if (!part) throw new Error(`There is no part "${name}". Parts: ${PARTS.map((each) => each.name).join(', ')}`);
    part.needs.forEach(add);
    wanted.add(name);
  };
  names.forEach(add);
  return PARTS.filter((part) => wanted.has(part.name));
}

/** `npm test [-- part… [mocha arguments]]`: runs the parts (all of them, without arguments) and sums up. */
async function main(args: readonly string[]): Promise<void> {
  const firstOption = args.findIndex((argument) => argument.startsWith('-'));
  const names = firstOption < 0 ? args : args.slice(0, firstOption);
  const mochaArguments = firstOption < 0 ? [] : args.slice(firstOption);
  const start = performance.now();
  const broken = new Set<string>();
  const summary: string[] = [];
  let total: Counts = { passed: 0, failed: 0 };
  for (const part of select(names)) {
    console.log(`\n── ${part.title} (${part.name})`);
    const partStart = performance.now();
    const counts = await result(part);
    if (counts.failed > 0) broken.add(part.name);
    total = addCounts(total, counts);
    summary.push(
      `  ${counts.failed === 0 ? '✔' : '✖'} ${part.name}: ${counts.passed} passed, ${counts.failed} failed (${since(partStart)})`,
    );
  }
  console.log(`\n── Summary (${since(start)})\n${summary.join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;

  async function result(part: Part): Promise<Counts> {
    const missing = part.needs.find((need) => broken.has(need));
    if (missing !== undefined) {
      console.log(`  ✖ cannot run, because ${missing} failed`);
      return { passed: 0, failed: 1 };
    }
    try {
      return await part.run(mochaArguments);
    } catch (error) {
      console.log(`  ✖ ${error instanceof Error ? error.message : String(error)}`);
      return { passed: 0, failed: 1 };
    }
  }
}

if (process.env.npm_lifecycle_event) endWithParent();
main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
