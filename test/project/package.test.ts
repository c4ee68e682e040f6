import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
  /^dist\/third-party-licences\.txt$/,
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

  it('is the same, byte for byte, when it is made again, and no larger than 1.6 MB', function () {
    this.timeout(120_000);
    const folder = mkdtempSync(path.join(tmpdir(), 'vsix-'));
    try {
      const [one, other] = ['one.vsix', 'other.vsix'].map((name) => {
        const file = path.join(folder, name);
        execFileSync(process.execPath, ['package.mjs', '--out', file], { cwd: ROOT, stdio: 'pipe' });
        return readFileSync(file);
      });
      assert.ok(one!.equals(other!));
      assert.ok(one!.length <= 1.6e6, `${one!.length} bytes`);
    } finally {
      rmSync(folder, { recursive: true });
    }
    // Built just now, as it ships.
    assert.ok(statSync(inProject('dist/webview.js')).size <= 600e3);
  });

  it('names the licence of every package that ships in a bundle', () => {
    const text = readFileSync(inProject('dist/third-party-licences.txt'), 'utf8');
    for (const name of ['@microsoft/fast-element', '@vscode/webview-ui-toolkit', 'tslib', 'uplot'])
      assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+: (MIT|0BSD)$`, 'm'));
  });
});
