import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { listFiles, PackageManager } from '@vscode/vsce';
import { inProject, ROOT } from '../support/command';

interface Manifest {
  readonly main: string;
  readonly browser?: string;
  readonly icon?: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly contributes: unknown;
}

const manifest = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as Manifest;

/** What may ship, and nothing else. */
const SHIPS = [
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^l10n\/[\w.-]+\.json$/,
  /^dist\/(web\/)?[\w-]+\.(js|css)$/,
  /^media\/icons\/[\w-]+\.(svg|png)$/,
  /^media\/samples\/[\w-]+\.(pcap|pcapng)(\.gz)?$/,
  // Its table is what "Open a Sample Capture" offers.
  /^media\/samples\/README\.md$/,
  /^media\/(grammars|walkthrough)\/[\w./-]+$/,
];

const normal = (file: string): string => file.replaceAll('\\', '/').replace(/^\.\//, '');

/** Every text in the manifest that names a file of the project. */
function* filesIn(value: unknown): Iterable<string> {
  if (typeof value === 'string') {
    if (value.startsWith('./')) yield normal(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) yield* filesIn(part);
  }
}

describe('the package', () => {
  let shipped: readonly string[];

  before(async () => {
    shipped = (await listFiles({ cwd: ROOT, packageManager: PackageManager.None })).map(normal);
  });

  it('holds only what ships', () => {
    assert.deepEqual(
      shipped.filter((file) => !SHIPS.some((pattern) => pattern.test(file))),
      [],
    );
  });

  it('holds every file that the manifest names', () => {
    const { main, browser, icon, bin, contributes } = manifest;
    const named = [...filesIn([main, browser, contributes]), ...[icon ?? [], Object.values(bin)].flat().map(normal)];
    assert.deepEqual(
      named.filter((file) => !existsSync(inProject(file)) && !existsSync(inProject(`${file}.js`))),
      [],
      'they exist',
    );
    assert.deepEqual(
      named.filter((file) => !shipped.includes(file) && !shipped.includes(`${file}.js`)),
      [],
      'they ship',
    );
  });
});
