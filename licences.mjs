// Lists what ships besides our own code, with the terms of each: dist/third-party-licences.txt.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const FILE = 'dist/third-party-licences.txt';

/** Folder of the package that a bundled file is of; `null` for one of ours. */
function packageOf(input) {
  const match = /^(?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(input);
  return match === null ? null : match[0].slice(0, -1);
}

async function termsOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  const text = file === undefined ? '' : (await readFile(path.join(folder, file), 'utf8')).trim();
  return `${name} ${version}: ${license}\n\n${text}`.trim();
}

/** @param {readonly import('esbuild').Metafile[]} metafiles of all bundles */
export async function writeLicences(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles)
    for (const { inputs } of Object.values(outputs))
      for (const input of Object.keys(inputs)) if (packageOf(input) !== null) folders.add(packageOf(input));
  const terms = await Promise.all([...folders].sort().map(termsOf));
  await writeFile(FILE, `${terms.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
