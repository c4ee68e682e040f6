import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endWithParent, endWithUs, inProject, ROOT, run } from './command';
import { downloadedCode, hasDisplay, installedCode } from './editor/desktop';
import { installServer } from './editor/install-server';
import { installExtension, makeProfile, startServer } from './editor/server';
import { npmCommand } from './npm.mjs';

/** What stays from one start to the next: settings and what else an editor remembers. */
const HOME = inProject('.editor/start');
/** What belongs to this start alone, for several may run at once. */
const RUN = mkdtempSync(path.join(tmpdir(), 'tcp-trace-start-'));
const OPENER = path.join(RUN, 'opener');
const PORTS = '8765-8799';

/** What is shown: a folder, and a capture in it where one was asked for. */
interface Shown {
  readonly folder: string;
  readonly capture: string | null;
}

/** `npm start [-- --browser] [capture]`: builds, and opens the samples or the capture's folder in VS Code. */
async function main(args: readonly string[]): Promise<void> {
  const shown = whatToShow(args.filter((argument) => !argument.startsWith('--')));
  console.log('Building');
  await must('The build failed', process.execPath, ['esbuild.mjs', '--production']);
  prepareOpener(shown.capture);
  const desktop = args.includes('--browser') ? null : await desktopCommand();
  if (desktop === null) await serve(shown);
  else await showOnDesktop(desktop, shown);
}

function whatToShow(names: readonly string[]): Shown {
  const [name] = names;
  if (name === undefined) return { folder: inProject('media/samples'), capture: null };
  // npm runs scripts in the project's folder; the name is meant from where the user is.
  const file = path.resolve(process.env.INIT_CWD ?? process.cwd(), name);
  if (!existsSync(file)) throw new Error(`${file} does not exist.\nUsage: npm start [capture]`);
  return statSync(file).isDirectory() ? { folder: file, capture: null } : { folder: path.dirname(file), capture: file };
}

async function must(problem: string, file: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(file, args);
  if (code !== 0) throw new Error(`${problem}:\n${output}`);
}

/** An extension beside ours, which opens the capture once the editor knows who shows captures. */
function prepareOpener(capture: string | null): void {
  cpSync(path.join(__dirname, 'editor/opener'), OPENER, { recursive: true });
  writeFileSync(path.join(OPENER, 'capture.json'), JSON.stringify({ capture }));
}

/** How to start a desktop VS Code: the installed one, or one that is downloaded; `null` where neither can be had. */
async function desktopCommand(): Promise<{ file: string; args: string[] } | null> {
  const code = hasDisplay() ? installedCode() : null;
  if (code !== null) {
    console.log(`Opening desktop VS Code (${code})`);
    return process.platform === 'win32'
      ? { file: process.env.ComSpec ?? 'cmd.exe', args: ['/d', '/c', code, '--wait'] }
      : { file: code, args: ['--wait', ...(process.getuid?.() === 0 ? ownProfile() : [])] };
  }
  const downloaded = await downloadedCode();
  return downloaded === null ? null : { file: downloaded, args: ownProfile() };
}

/** A desktop VS Code of this project's own: beside the user's, and (Electron as root) without a sandbox. */
const ownProfile = (): string[] => [
  '--no-sandbox',
  '--skip-welcome',
  '--disable-workspace-trust',
  `--user-data-dir=${path.join(HOME, 'desktop')}`,
  `--extensions-dir=${path.join(HOME, 'desktop-extensions')}`,
];

/** Ends when its window is closed. */
async function showOnDesktop(desktop: { file: string; args: string[] }, { folder }: Shown): Promise<void> {
  const child = spawn(
    desktop.file,
    [
      ...desktop.args,
      '--new-window',
      `--extensionDevelopmentPath=${ROOT}`,
      `--extensionDevelopmentPath=${OPENER}`,
      folder,
    ],
    { stdio: 'inherit' },
  );
  endWithUs(() => child.kill());
  console.log('Close its window, or press Ctrl+C, to end.');
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Serves the editor to browsers until this process is interrupted. */
async function serve({ folder, capture }: Shown): Promise<void> {
  await installServer();
  const vsix = path.join(RUN, 'tcp-trace-explorer.vsix');
  const npm = npmCommand(['run', '--silent', 'package', '--', '--out', vsix]);
  await must('The extension cannot be packed', npm.file, npm.args);
  const profile = makeProfile({ data: path.join(HOME, 'server'), extensions: path.join(RUN, 'extensions') });
  // The editor takes in what lies in a folder that it has made no list of yet.
  cpSync(OPENER, path.join(profile.extensions, 'tcp-trace-explorer.tcp-trace-opener-1.0.0'), { recursive: true });
  await installExtension(profile, vsix);
  const server = await startServer({ profile, ports: PORTS });
  console.log(`
TCP Trace Explorer shows ${capture ?? folder} in VS Code. Open this address in any browser:

  ${server.url(folder)}

Press Ctrl+C to end.`);
}

if (process.env.npm_lifecycle_event) endWithParent();
endWithUs(() => rmSync(RUN, { recursive: true, force: true }));
main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
