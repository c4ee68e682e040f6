import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * Called inside the extension host: runs the tests beside this file. The report goes to the file named by TEST_LOG,
 * because the extension host's console ends up in different places on the desktop and in a browser.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const log = process.env.TEST_LOG;
  if (log !== undefined)
    Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => appendFileSync(log, `${format(...parts)}\n`);
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    reporter: path.resolve(__dirname, '../../test/support/reporter.cjs'),
    forbidOnly: true,
    forbidPending: true,
    failZero: true,
    ...(process.env.TEST_GREP === undefined ? {} : { grep: process.env.TEST_GREP }),
  });
  for (const file of readdirSync(__dirname)) if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
