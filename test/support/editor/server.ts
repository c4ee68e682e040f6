import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endGroup, endWithUs, run } from '../command';
import { SERVER_MAIN } from './install-server';

/** Folders of an editor: its own state and settings, and its extensions. */
export interface Profile {
  readonly data: string;
  readonly extensions: string;
}

export interface ServerOptions {
  readonly profile: Profile;
  /** A number or a range such as `8123-8199`, of which the first free one is taken; 0 is any. */
  readonly ports: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Lets whoever drives the page hear how a run of tests inside the extension host ended. */
  readonly automation?: boolean;
}

export interface Server {
  /** `host:port`, as the page and `vscode-remote:` addresses name it. */
  readonly authority: string;
  /** Address of the workbench with a folder open in it. */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 3000;

/** Settings of an editor that is there for this project alone. */
const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'window.confirmBeforeClose': 'never',
  'git.openRepositoryInParentFolders': 'never',
  'extensions.ignoreRecommendations': true,
  'update.showReleaseNotes': false,
};

/** Makes a profile's folders (without the one for extensions, all extensions are hidden), and settings where none are. */
export function makeProfile(profile: Profile, settings: Readonly<Record<string, unknown>> = {}): Profile {
  const file = path.join(profile.data, 'data/User/settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
  mkdirSync(profile.extensions, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
  return profile;
}

/** A profile's folders inside one folder. */
export const profileIn = (folder: string): Profile => ({
  data: path.join(folder, 'server'),
  extensions: path.join(folder, 'extensions'),
});

const profileArguments = (profile: Profile): string[] => [
  '--accept-server-license-terms',
  '--server-data-dir',
  profile.data,
  '--extensions-dir',
  profile.extensions,
  '--telemetry-level',
  'off',
];

/** The environment without what an editor that we may run inside of tells its children. */
function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('VSCODE_')));
}

/**
 * Installs an extension's .vsix into a profile.
 * @throws {Error} with what the editor says
 */
export async function installExtension(profile: Profile, vsix: string): Promise<void> {
  const { code, output } = await run(
    process.execPath,
    [SERVER_MAIN, ...profileArguments(profile), '--install-extension', vsix, '--force'],
    { env: cleanEnvironment(), limitMs: 60_000 },
  );
  if (code !== 0) throw new Error(`The editor does not install ${vsix}:\n${output}`);
}

/**
 * Starts the server of {@link Profile} on the loopback interface. It ends with this process, or by `stop`.
 * @throws {Error} with its output, when it does not start
 */
export function startServer(options: ServerOptions): Promise<Server> {
  // Whoever reaches the server may run programs as this user, so it asks for a secret that only the address has.
  const token = randomBytes(16).toString('hex');
  const tokenFile = path.join(options.profile.data, `token-${process.pid}`);
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const child = spawn(
    process.execPath,
    [
      SERVER_MAIN,
      ...profileArguments(options.profile),
      '--host',
      '127.0.0.1',
      '--port',
      options.ports,
      '--connection-token-file',
      tokenFile,
      ...(options.automation ? ['--enable-smoke-test-driver'] : []),
    ],
    {
      env: cleanEnvironment({ ...process.env, ...options.env }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  const forget = endWithUs(() => endGroup(child.pid));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));

  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string): void => {
      endGroup(child.pid);
      rmSync(tokenFile, { force: true });
      reject(new Error(`The editor's server ${reason}:\n${output}`));
    };
    const limit = setTimeout(() => fail(`does not answer within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    child.once('error', (error) => fail(`cannot be started (${error.message})`));
    child.once('exit', (code) => fail(`ended with code ${code}`));
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      // It listens some time before it is ready.
      const port = /listening on (\d+)[^]*agent started/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(limit);
      rmSync(tokenFile);
      child.removeAllListeners('exit');
      // Keep reading, so that the server never waits for us.
      for (const stream of [child.stdout, child.stderr]) stream.off('data', listen).resume();
      resolve(server(`127.0.0.1:${port}`));
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', listen);
  });

  function server(authority: string): Server {
    return {
      authority,
      url(folder, payload = []) {
        const query = new URLSearchParams({ tkn: token, folder });
        if (payload.length > 0) query.set('payload', JSON.stringify(payload));
        return `http://${authority}/?${query.toString()}`;
      },
      async stop() {
        endGroup(child.pid, 'SIGTERM');
        const late = setTimeout(() => endGroup(child.pid), STOP_LIMIT_MS);
        await closed;
        clearTimeout(late);
        // The server's children, where it left some.
        endGroup(child.pid);
        forget();
      },
    };
  }
}
