// Bundles what ships into dist/: `node esbuild.mjs [--production] [--watch]`.
// Without --production the bundles are readable and have source maps.
import { chmod } from 'node:fs/promises';
import * as esbuild from 'esbuild';
import { writeLicences } from './licences.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {esbuild.BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  // In a file of their own: licences.mjs.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
};

/** Runs in Node: the oldest supported editor (VS Code 1.95) brings Node 20, and so does the command line ask for it.
 * @type {esbuild.BuildOptions} */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

/** Runs in a browser; VS Code 1.95 on the desktop draws with Chromium 128, and vscode.dev asks for no older one.
 * @type {esbuild.BuildOptions} */
const web = { ...common, platform: 'browser', target: 'chrome128' };

/** @type {esbuild.BuildOptions[]} */
const bundles = [
  {
    ...node,
    entryPoints: { extension: 'src/extension/extension.ts' },
    external: ['vscode'],
    outdir: 'dist',
  },
  { ...node, entryPoints: { worker: 'src/worker/node.ts' }, outdir: 'dist' },
  {
    ...node,
    entryPoints: { cli: 'src/cli/main.ts' },
    banner: { js: '#!/usr/bin/env node' },
    outdir: 'dist',
    plugins: [executable('dist/cli.js')],
  },
  // The same extension where there is no Node: in a browser's extension host, which is a worker itself.
  {
    ...web,
    entryPoints: { extension: 'src/extension/extension.web.ts' },
    external: ['vscode'],
    format: 'cjs',
    outdir: 'dist/web',
  },
  { ...web, entryPoints: { worker: 'src/worker/web.ts' }, format: 'iife', outdir: 'dist/web' },
  // The webview, and its style sheet that the entry imports.
  { ...web, entryPoints: { webview: 'webview/main.ts' }, format: 'iife', outdir: 'dist' },
];

/** Marks the file as executable after each build.
 * @returns {esbuild.Plugin} */
function executable(file) {
  return {
    name: 'executable',
    setup(build) {
      build.onEnd((result) => (result.errors.length === 0 ? chmod(file, 0o755) : undefined));
    },
  };
}

/** Says when each round begins and ends, in the words that an editor's background task waits for.
 * @type {esbuild.Plugin} */
const announce = {
  name: 'announce',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(() => console.log('[watch] build finished'));
  },
};

if (watch) {
  for (const bundle of bundles) {
    const context = await esbuild.context({ ...bundle, plugins: [...(bundle.plugins ?? []), announce] });
    await context.watch();
  }
} else {
  const results = await Promise.allSettled(bundles.map((bundle) => esbuild.build(bundle)));
  // esbuild has printed each error with its place already.
  if (results.some((result) => result.status === 'rejected')) process.exitCode = 1;
  else await writeLicences(results.map((result) => result.value.metafile));
}
