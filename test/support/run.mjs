// Runs one of the scripts beside this file: `node test/support/run.mjs start|test|check [arguments]`.
// Works in a fresh clone: imports nothing but Node itself until the npm packages are there.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { npmCommand } from './npm.mjs';
import { staleness } from './packages.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const WANTED_NODE = 20;

const script = process.argv[2];
if (!['start', 'test', 'check'].includes(script)) fail('Usage: node test/support/run.mjs start|test|check [arguments]');

if (Number(process.versions.node.split('.')[0]) < WANTED_NODE)
  fail(
    `This needs Node.js ${WANTED_NODE} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one from https://nodejs.org or with your system’s package manager, then run this again.',
  );

installPackages();

// What follows may use the packages: TypeScript is compiled on the fly.
process.argv.splice(1, 2, path.join(here, `${script}.ts`));
await import('tsx');
await import(pathToFileURL(process.argv[1]).href);

/** Runs `npm ci` where node_modules is not what package-lock.json says. */
function installPackages() {
  const reason = staleness(read('package-lock.json'), read('node_modules/.package-lock.json'));
  if (reason === null) return;
  console.log(`Installing the npm packages of package-lock.json into node_modules (npm ci): ${reason}`);
  const { file, args } = npmCommand(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  try {
    execFileSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    fail('npm ci failed (see above). Check that the npm registry can be reached, then run this again.');
  }
}

/** @param {string} name file below the root */
function read(name) {
  try {
    return JSON.parse(readFileSync(path.join(root, name), 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} message what is wrong and what helps */
function fail(message) {
  console.error(message);
  process.exit(1);
}
