import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { inProject, run, since, type Outcome } from '../command';

/** The one without windows first: the tests take two thirds of the time in it. */
const PROGRAMS = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];
/** Debian's packages; the first one is not in every release. */
const DEBIAN_PACKAGES = ['chromium-headless-shell', 'chromium'];
/** Names that Playwright looks for in the usual places of Windows and macOS. */
const CHANNELS = ['chrome', 'msedge'];

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

const CONNECT_LIMIT_MS = 5000;
const DOWNLOAD_LIMIT_MS = 3 * 60_000;
const APT_LIMIT_MS = 4 * 60_000;

/** A way to get a Chromium: what to do first, and how to start it then. */
interface Way {
  readonly name: string;
  /** Says why it is not a way here, `null` when it is. */
  readonly prepare: () => Promise<string | null>;
  readonly launch: () => LaunchOptions;
}

const WAYS: readonly Way[] = [
  {
    name: 'an installed Chromium, Chrome or Edge on the PATH',
    prepare: () => Promise.resolve(onPath() === null ? `none of ${PROGRAMS.join(', ')} is there` : null),
    launch: () => ({ executablePath: onPath()! }),
  },
  ...CHANNELS.map((channel) => ({
    name: `an installed ${channel}`,
    prepare: () => Promise.resolve(null),
    launch: () => ({ channel }),
  })),
  {
    name: "Playwright's Chromium, downloaded before",
    prepare: () => Promise.resolve(null),
    launch: () => ({}),
  },
  { name: "Playwright's download", prepare: download, launch: () => ({}) },
  {
    name: "Debian's package",
    prepare: installDebianPackage,
    launch: () => ({ executablePath: onPath()! }),
  },
];

let found: LaunchOptions | undefined;

/**
 * Starts a headless Chromium: an installed one, else Playwright's download, else Debian's package where we are root on
 * Debian. Says what it installs.
 * @throws {Error} with the reason of each way, and the remedy
 */
export async function launchChromium(): Promise<Browser> {
  if (found) return chromium.launch({ ...found, args: FLAGS });
  const reasons: string[] = [];
  for (const way of WAYS) {
    const reason = await way.prepare();
    if (reason === null) {
      try {
        const browser = await chromium.launch({ ...way.launch(), args: FLAGS });
        found = way.launch();
        return browser;
      } catch (error) {
        reasons.push(`${way.name}: ${firstLine(error)}`);
      }
    } else {
      reasons.push(`${way.name}: ${reason}`);
    }
  }
  throw new Error(
    'The tests need a Chromium and found no way to get one:\n' +
      reasons.map((reason) => `  - ${reason}\n`).join('') +
      'Install Chromium, Chrome or Edge (on Debian: apt-get install chromium), so that it is on the PATH, and try again.',
  );
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

function onPath(): string | null {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter))
    for (const program of PROGRAMS) {
      const file = path.join(folder, program);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here.
      }
    }
  return null;
}

async function download(): Promise<string | null> {
  const start = performance.now();
  console.log("Installing a headless Chromium: Playwright's download (about 110 MB, into Playwright's cache)");
  const { code, output, timedOut } = await run(
    process.execPath,
    [inProject('node_modules/playwright-core/cli.js'), 'install', '--only-shell', 'chromium'],
    {
      limitMs: DOWNLOAD_LIMIT_MS,
      env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(CONNECT_LIMIT_MS) },
    },
  );
  if (code === 0) return null;
  const reason = timedOut
    ? `it took longer than ${DOWNLOAD_LIMIT_MS / 60_000} minutes`
    : (/^.*\bError\b.*$/m.exec(output)?.[0].trim() ?? output.trim().split('\n')[0]!);
  console.log(`  not possible (${since(start)}): ${reason}`);
  return reason;
}

async function installDebianPackage(): Promise<string | null> {
  if (!existsSync('/etc/debian_version')) return 'this is not Debian';
  if (process.getuid?.() !== 0) return 'only root can install it';
  const start = performance.now();
  console.log("Installing Chromium: Debian's package (about 100 MB)");
  const aptGet = (...args: string[]): Promise<Outcome> =>
    run('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      limitMs: APT_LIMIT_MS,
    });
  // Lists that cannot all be renewed may still be good enough to install from.
  const update = await aptGet('update');
  const tries: Outcome[] = [];
  for (const name of DEBIAN_PACKAGES) {
    const install = await aptGet('install', '-y', '--no-install-recommends', name);
    if (install.code === 0) {
      console.log(`Installed ${name} in ${since(start)}`);
      return null;
    }
    tries.push(install);
  }
  const reason = [update, ...tries]
    .filter((outcome) => outcome.code !== 0)
    .map((outcome) => (outcome.timedOut ? 'apt-get took too long' : outcome.output.trim().slice(-500)))
    .join(' ');
  console.log(`  not possible (${since(start)}): ${reason}`);
  return reason;
}
