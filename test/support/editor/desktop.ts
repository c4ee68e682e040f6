import { existsSync } from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { inProject, since } from '../command';
import { VSCODE_VERSION } from './install-server';

const CONNECT_LIMIT_MS = 5000;
const DOWNLOAD_LIMIT_MS = 4 * 60_000;
const SERVICE = 'https://update.code.visualstudio.com';

/** Whether windows can be shown to somebody. */
export const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** The command of an installed desktop VS Code, `null` where there is none on the PATH. */
export function installedCode(): string | null {
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/**
 * The program of a desktop VS Code that @vscode/test-electron downloads into .vscode-test (once), or `null` where it
 * cannot be downloaded or there is no display to show it on. Says what it does, and why not.
 */
export async function downloadedCode(): Promise<string | null> {
  if (!hasDisplay()) {
    console.log('No desktop VS Code: there is no display');
    return null;
  }
  const start = performance.now();
  console.log(`Desktop VS Code ${VSCODE_VERSION}: using or downloading it (about 150 MB, into .vscode-test)`);
  try {
    if (!existsSync(inProject('.vscode-test', `vscode-${process.platform}-${process.arch}-${VSCODE_VERSION}`)))
      await fetch(SERVICE, { method: 'HEAD', signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
    return await withinLimit(
      downloadAndUnzipVSCode({
        version: VSCODE_VERSION,
        cachePath: inProject('.vscode-test'),
        reporter: new SilentReporter(),
      }),
    );
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    console.log(`  not possible (${since(start)}): ${cause instanceof Error ? cause.message : String(cause)}`);
    return null;
  }
}

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it took longer than ${DOWNLOAD_LIMIT_MS / 60_000} minutes`)),
      DOWNLOAD_LIMIT_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
