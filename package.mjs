// Makes the .vsix, at the root unless another file is named: `node package.mjs [--out FILE]`. The same sources give the
// same bytes: its entries are sorted and have one date, whenever and wherever it is made.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';

process.env.SOURCE_DATE_EPOCH ??= String(Date.UTC(2000, 0, 1) / 1000);

const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
if (out !== undefined) mkdirSync(path.dirname(out), { recursive: true });
await createVSIX({ dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false, packagePath: out });
