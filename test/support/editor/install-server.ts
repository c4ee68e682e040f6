import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { inProject, run, since } from '../command';
import { npmCommand } from '../npm.mjs';

/**
 * The editor where no desktop VS Code can be had: the VS Code server that npm's code-server carries. Its versions
 * are VS Code's with 4 for 1.
 */
const CODE_SERVER = {
  version: '4.100.3',
  integrity: 'sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==',
};
export const VSCODE_VERSION = '1.100.3';
const RIPGREP_VERSION = '1.18.0';
/** To be raised when what is done below changes, so that older installations are made anew. */
const RECIPE = 2;

const NPM_LIMIT_MS = 5 * 60_000;

const target = inProject('.editor/server');
const stampFile = path.join(target, 'installed.json');
const stamp = JSON.stringify({ ...CODE_SERVER, ripgrep: RIPGREP_VERSION, recipe: RECIPE });

/** The script that starts the server. */
export const SERVER_MAIN = path.join(target, 'vscode/out/server-main.js');

/**
 * Installs the VS Code server into .editor/server, with npm and no compiler; does nothing where it is there already.
 * @throws {Error} with the remedy, when it cannot be had
 */
export async function installServer(): Promise<void> {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const start = performance.now();
  console.log(
    `Installing VS Code ${VSCODE_VERSION} (npm's code-server ${CODE_SERVER.version}, about 120 MB) into .editor/server`,
  );
  const making = `${target}.new-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  try {
    await unpackServer(making);
    const vscode = path.join(making, 'vscode');
    // Not `npm ci`: the packed shrinkwrap lacks an entry.
    await npm(['install', '--omit=dev'], vscode);
    // The server looks for its packages in an archive; a folder of that name serves as well.
    symlinkSync('node_modules', path.join(vscode, 'node_modules.asar'), 'junction');
    await installRipgrep(making);
    replaceNativeModules(vscode);
    removeSourceMaps(vscode);
    writeFileSync(path.join(making, 'installed.json'), stamp);
    rmSync(target, { recursive: true, force: true });
    renameSync(making, target);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  console.log(`Installed the editor in ${since(start)}`);
}

async function unpackServer(making: string): Promise<void> {
  const archive = await fetchPackage('code-server', CODE_SERVER.version, making);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (integrity !== CODE_SERVER.integrity)
    throw new Error(
      `What the npm registry has as code-server ${CODE_SERVER.version} is not what it should be (${integrity}).`,
    );
  await unpack(archive, making, ['--strip-components=2', 'package/lib/vscode']);
  rmSync(archive);
}

/** The program behind searching and finding files by name; npm has it for each platform. */
async function installRipgrep(making: string): Promise<void> {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const bin = path.join(making, 'vscode/node_modules/@vscode/ripgrep/bin');
  mkdirSync(bin, { recursive: true });
  const unpacked = path.join(making, 'ripgrep');
  mkdirSync(unpacked);
  try {
    const platform = `${process.platform}-${process.arch}`;
    const archive = await fetchPackage(`@vscode/ripgrep-${platform}`, RIPGREP_VERSION, unpacked);
    await unpack(archive, unpacked, []);
    copyFileSync(path.join(unpacked, 'package/bin', name), path.join(bin, name));
    chmodSync(path.join(bin, name), 0o755);
  } catch (error) {
    console.warn(`The editor will not find files by name, everything else works: no ripgrep (${String(error)})`);
  }
  rmSync(unpacked, { recursive: true });
}

/** Native modules would need a compiler; the two that the server cannot do without are replaced by plain JavaScript. */
function replaceNativeModules(vscode: string): void {
  for (const [module, replacement] of [
    ['@vscode/spdlog', 'spdlog.cjs'],
    ['native-watchdog', 'native-watchdog.cjs'],
    ['@vscode/native-watchdog', 'native-watchdog.cjs'],
  ] as const) {
    const folder = path.join(vscode, 'node_modules', module);
    if (existsSync(folder)) copyFileSync(path.join(__dirname, replacement), path.join(folder, 'index.js'));
  }
}

/** They are half of the size. */
function removeSourceMaps(folder: string): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.map')) rmSync(path.join(folder, file), { force: true });
}

/** Downloads a package's archive into `folder` and returns its path. */
async function fetchPackage(name: string, version: string, folder: string): Promise<string> {
  await npm(['pack', `${name}@${version}`, '--pack-destination', folder], folder);
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack left no archive of ${name}`);
  return path.join(folder, archive);
}

async function unpack(archive: string, folder: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run('tar', ['-xzf', archive, '-C', folder, ...args]);
  if (code !== 0) throw new Error(`tar cannot unpack ${archive}: ${output}`);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const { file, args: all } = npmCommand([...args, '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts']);
  const { code, output, timedOut } = await run(file, all, { cwd, limitMs: NPM_LIMIT_MS });
  if (code !== 0)
    throw new Error(
      `npm ${args.join(' ')} ${timedOut ? `took longer than ${NPM_LIMIT_MS / 60_000} minutes` : 'failed'}. ` +
        `Check that the npm registry can be reached (npm ping), then try again.\n${output}`,
    );
}
