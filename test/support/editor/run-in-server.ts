import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endWithParent } from '../command';
import { launchChromium } from './chromium';
import { installServer } from './install-server';
import { makeProfile, profileIn, startServer } from './server';

const LIMIT_MS = 12 * 60_000;

const valueOf = (name: string): string => {
  const prefix = `--${name}=`;
  const found = process.argv.find((argument) => argument.startsWith(prefix));
  if (found === undefined) throw new Error(`The command line lacks ${prefix}`);
  return path.resolve(found.slice(prefix.length));
};

/** Runs the suite that VS Code's command line names; the exit code is the suite's. */
async function main(): Promise<number> {
  const extension = valueOf('extensionDevelopmentPath');
  const suite = valueOf('extensionTestsPath');
  const workspace = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
  if (workspace === undefined) throw new Error('The command line lacks a folder to open');
  await installServer();
  const folder = mkdtempSync(path.join(tmpdir(), 'editor-'));
  const server = await startServer({ profile: makeProfile(profileIn(folder)), ports: '0', automation: true });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const ended = new Promise<number>((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`The suite did not end within ${LIMIT_MS / 60_000} minutes`)),
        LIMIT_MS,
      );
      const end = (code: number): void => {
        clearTimeout(limit);
        resolve(code);
      };
      page.on('crash', () => end(1));
      // The workbench calls these when it is started with a suite to run.
      void page
        .exposeFunction('codeAutomationLog', () => undefined)
        .then(() => page.exposeFunction('codeAutomationExit', end))
        .then(() =>
          page.goto(
            server.url(workspace, [
              ['extensionDevelopmentPath', `vscode-remote://${server.authority}${extension}`],
              ['extensionTestsPath', `vscode-remote://${server.authority}${suite}`],
            ]),
          ),
        )
        .catch(reject);
    });
    return await ended;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

endWithParent();
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
