/** Makes every sample anew: `sudo npx tsx test/support/samples/make.ts` on Linux; see README.md for what it needs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import './generate';

const { status } = spawnSync('python3', [join(__dirname, 'capture.py')], { stdio: 'inherit' });
process.exitCode = status ?? 1;
