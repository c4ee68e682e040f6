import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { inProject, ROOT } from '../command';
import { countsOf, type Counts } from '../counts';
import { downloadedCode } from './desktop';
import { copySamples } from './workspace';

const SUITE = inProject('test/editor/host');
const BUNDLES = inProject('out/host');

/**
 * Runs test/editor/host inside a real extension host: a desktop VS Code's where one can be had, else the VS Code
 * server's, behind the same command line.
 */
export async function runHostSuite(mochaArguments: readonly string[] = []): Promise<Counts> {
  await bundle();
  const desktop = await downloadedCode();
  console.log(desktop === null ? 'Running in the VS Code server with a headless Chromium' : `Running in ${desktop}`);
  const workspace = copySamples();
  const folder = mkdtempSync(path.join(tmpdir(), 'host-'));
  const log = path.join(folder, 'log.txt');
  const counts = path.join(folder, 'counts.json');
  let code = 1;
  try {
    code = await runTests({
      vscodeExecutablePath: desktop ?? path.join(__dirname, 'code-shim.mjs'),
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: path.join(BUNDLES, 'index.js'),
      launchArgs: [
        workspace.folder,
        '--disable-extensions',
        `--user-data-dir=${path.join(folder, 'user-data')}`,
        `--extensions-dir=${path.join(folder, 'extensions')}`,
      ],
      extensionTestsEnv: { TEST_LOG: log, TEST_COUNTS: counts, ...grepOf(mochaArguments), ...sizes() },
    });
  } catch (error) {
    console.log(String(error));
  }
  const report = readText(log);
  if (report !== null) console.log(report.trimEnd());
  const result = countsOf(counts, code);
  rmSync(folder, { recursive: true, force: true });
  workspace.remove();
  return result;
}

/** How large the traces of the test of responsiveness are, where somebody says so. */
const sizes = (): Record<string, string> =>
  Object.fromEntries(
    ['CAPTURE_MIB', 'LARGE_TEXT_MIB'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Of mocha's arguments, the one that makes sense in there. */
function grepOf(args: readonly string[]): Record<string, string> {
  const grep = args[args.indexOf('--grep') + 1];
  return args.includes('--grep') && grep !== undefined ? { TEST_GREP: grep } : {};
}

/** What runs inside the extension host has to be plain JavaScript: one bundle for each file of the suite. */
async function bundle(): Promise<void> {
  rmSync(BUNDLES, { recursive: true, force: true });
  await build({
    entryPoints: readdirSync(SUITE)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(SUITE, file)),
    outdir: BUNDLES,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    packages: 'external',
    sourcemap: 'inline',
  });
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
