// Makes the .vsix, at the root unless another file is named: `node package.mjs [FILE]`. The same sources give the same bytes: its entries are sorted and have
// one date, whenever and wherever it is made.
import { createVSIX } from '@vscode/vsce';

process.env.SOURCE_DATE_EPOCH ??= String(Date.UTC(2000, 0, 1) / 1000);

await createVSIX({
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  packagePath: process.argv[2],
});
