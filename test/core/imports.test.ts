import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(__dirname, '../..');

/** Small pure-JavaScript packages that the core may use. Each runs in Node, in a browser and in a worker alike. */
const CORE_PACKAGES: readonly string[] = ['pako'];

interface Layer {
  /** Path below the root: a folder with a slash at its end, or a file. The longest one that fits decides. */
  readonly path: string;
  /** Paths of the project that it may import, beside its own. */
  readonly layers: readonly string[];
  /** Packages, `vscode`, and `node:` for what Node brings along. */
  readonly packages?: readonly string[];
}

/** What must run in a browser: nothing that these reach may need Node. */
const WEB_ENTRIES = ['src/worker/web.ts', 'src/extension/extension.web.ts', 'webview/main.ts', 'src/core/analyze.ts'];

const INNER = ['src/core/model/', 'src/core/bytes/'];

/** Who may import what. The compiler holds the same bounds for global names: a tsconfig.json for each layer. */
const LAYERS: readonly Layer[] = [
  // The core, from the inside out: rules -> tcp -> wire -> bytes; capture, text -> bytes; all -> model.
  { path: 'src/core/model/', layers: [] },
  { path: 'src/core/bytes/', layers: ['src/core/model/'], packages: CORE_PACKAGES },
  { path: 'src/core/format/', layers: ['src/core/model/'] },
  { path: 'src/core/wire/', layers: [...INNER, 'src/core/format/'] },
  { path: 'src/core/capture/', layers: INNER, packages: CORE_PACKAGES },
  { path: 'src/core/text/', layers: INNER },
  { path: 'src/core/tcp/', layers: [...INNER, 'src/core/wire/', 'src/core/format/'] },
  { path: 'src/core/rules/', layers: [...INNER, 'src/core/wire/', 'src/core/tcp/', 'src/core/format/'] },
  { path: 'src/core/findings/', layers: [...INNER, 'src/core/tcp/', 'src/core/format/'] },
  // What joins them, and what explains a whole.
  { path: 'src/core/', layers: ['src/core/'], packages: CORE_PACKAGES },

  { path: 'src/protocol.ts', layers: ['src/core/model/'] },

  { path: 'src/worker/', layers: ['src/protocol.ts', 'src/core/'] },
  { path: 'src/worker/node.ts', layers: ['src/worker/', 'src/protocol.ts', 'src/core/'], packages: ['node:'] },
  // How the Node entry gets at bytes.
  { path: 'src/worker/file-source.ts', layers: ['src/core/'], packages: ['node:'] },

  { path: 'src/extension/', layers: ['src/protocol.ts', 'src/core/'], packages: ['vscode'] },
  {
    path: 'src/extension/platform/',
    layers: ['src/extension/', 'src/protocol.ts', 'src/core/'],
    packages: ['vscode', 'node:'],
  },

  // The command line reads files as the worker's Node entry does.
  { path: 'src/cli/', layers: ['src/core/', 'src/worker/file-source.ts', 'package.json'], packages: ['node:'] },

  { path: 'webview/', layers: ['src/protocol.ts', 'src/core/model/', 'src/core/format/'] },
  // The toolkit is archived upstream: one file knows it, so that it can be replaced in one place.
  {
    path: 'webview/controls.ts',
    layers: ['webview/'],
    packages: ['@microsoft/fast-element', '@vscode/webview-ui-toolkit'],
  },
  { path: 'webview/draw/graph-plot.ts', layers: ['webview/'], packages: ['uplot'] },
];

const fits = (file: string, place: string): boolean => (place.endsWith('/') ? file.startsWith(place) : file === place);

const layerOf = (file: string): Layer | undefined =>
  LAYERS.filter((layer) => fits(file, layer.path)).sort((a, b) => b.path.length - a.path.length)[0];

/** What stands in `import`, `export … from`, `import()` and `require()`, types included. */
const importsOf = (file: string): string[] =>
  ts
    .preProcessFile(readFileSync(path.join(ROOT, file), 'utf8'), true, true)
    .importedFiles.map((found) => found.fileName);

/** `node:fs/promises` -> `node:`, `@scope/name/part` -> `@scope/name`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');

/** What a relative import may mean: `../protocol` is `../protocol.ts`, or a folder. */
function candidatesOf(file: string, specifier: string): string[] {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  return [target, `${target}.ts`, `${target}/`];
}

/** Whether `file` may import `specifier`. */
function isAllowed(file: string, specifier: string): boolean {
  const layer = layerOf(file);
  if (!layer) return false;
  if (!isRelative(specifier)) return layer.packages?.includes(packageOf(specifier)) ?? false;
  const candidates = candidatesOf(file, specifier);
  return [layer.path, ...layer.layers].some((place) => candidates.some((candidate) => fits(candidate, place)));
}

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

const FILES = [...sourceFiles('src'), ...sourceFiles('webview')];

describe('imports', () => {
  it('stay inside the bounds of their layer', () => {
    assert.ok(FILES.length > 20, 'the walk found the sources');
    const broken = FILES.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !isAllowed(file, specifier))
        .map((specifier) => `${file} must not import ${specifier}`),
    );
    assert.deepEqual(broken, []);
  });

  it('bring nothing of Node to what runs in a browser', () => {
    const reached = new Map<string, string>();
    const follow = (file: string, way: string): void => {
      if (reached.has(file)) return;
      reached.set(file, way);
      for (const specifier of importsOf(file)) {
        const next = isRelative(specifier) && candidatesOf(file, specifier).find((name) => FILES.includes(name));
        if (next) follow(next, `${way} -> ${next}`);
      }
    };
    for (const entry of WEB_ENTRIES) if (FILES.includes(entry)) follow(entry, entry);
    const needing = [...reached].filter(([file]) => importsOf(file).some((name) => packageOf(name) === 'node:'));
    assert.deepEqual(
      needing.map(([, way]) => way),
      [],
    );
  });

  it('name no file extension', () => {
    const named = FILES.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => /^\..*\.[jt]s$/.test(specifier))
        .map((specifier) => `${file}: ${specifier}`),
    );
    assert.deepEqual(named, []);
  });
});

/** What could reach a network, or run something that came from elsewhere. */
const REACHING = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'RTCPeerConnection',
  'importScripts',
  'eval',
  'Function',
];
const REACHING_METHODS = ['sendBeacon', 'createTelemetryLogger', 'createTerminal', 'asExternalUri'];

/** The names of that kind that a text calls or constructs. */
function reachedBy(name: string, text: string): string[] {
  const words = new RegExp(`\\b(?:${[...REACHING, ...REACHING_METHODS].join('|')})\\b`);
  if (!words.test(text)) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { expression } = node;
      if (ts.isIdentifier(expression) && REACHING.includes(expression.text)) found.push(`${name}: ${expression.text}`);
      if (ts.isPropertyAccessExpression(expression) && REACHING_METHODS.includes(expression.name.text))
        found.push(`${name}: ${expression.name.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest));
  return found;
}

describe('what ships', () => {
  it('reads files and starts threads, and uses nothing else of Node: no network, no other programs', () => {
    const used = new Set(FILES.flatMap(importsOf).filter((specifier) => packageOf(specifier) === 'node:'));
    assert.deepEqual([...used].sort(), ['node:crypto', 'node:fs', 'node:util', 'node:worker_threads']);
  });

  it('calls nothing that reaches a network, reports to anybody, or runs text as a program', () => {
    assert.deepEqual(
      FILES.flatMap((file) => reachedBy(file, readFileSync(path.join(ROOT, file), 'utf8'))),
      [],
    );
    assert.deepEqual(reachedBy('x.ts', 'fetch("http://a"); new WebSocket(u); navigator.sendBeacon(u); rows.fetch(1)'), [
      'x.ts: fetch',
      'x.ts: WebSocket',
      'x.ts: sendBeacon',
    ]);
  });
});

describe('the bounds', () => {
  const cases: readonly [file: string, specifier: string, allowed: boolean][] = [
    ['src/core/wire/tcp.ts', '../bytes/seq', true],
    ['src/core/wire/tcp.ts', '../tcp/tracker', false],
    ['src/core/rules/duplicate-ack.ts', '../tcp/tracker', true],
    ['src/core/tcp/tracker.ts', '../rules/duplicate-ack', false],
    ['src/core/analyze.ts', './rules/registry', true],
    ['src/core/analyze.ts', '../protocol', false],
    ['src/core/analyze.ts', 'vscode', false],
    ['src/core/capture/pcap.ts', 'node:fs', false],
    ['src/core/capture/pcap.ts', 'zlib', false],
    ['src/protocol.ts', './core/model/flags', true],
    ['src/protocol.ts', './core/analyze', false],
    ['src/worker/session.ts', 'node:worker_threads', false],
    ['src/worker/node.ts', 'node:worker_threads', true],
    ['src/extension/extension.ts', 'node:fs/promises', false],
    ['src/extension/platform/node.ts', 'node:fs/promises', true],
    ['src/extension/extension.ts', '../protocol', true],
    ['src/cli/main.ts', '../extension/extension', false],
    ['webview/main.ts', '../src/core/model/flags', true],
    ['webview/main.ts', '../src/core/bytes/seq', false],
    ['webview/main.ts', '@vscode/webview-ui-toolkit', false],
    ['webview/controls.ts', '@vscode/webview-ui-toolkit', true],
    ['elsewhere/main.ts', './main', false],
  ];
  for (const [file, specifier, allowed] of cases)
    it(`${allowed ? 'let' : 'do not let'} ${file} import ${specifier}`, () => {
      assert.equal(isAllowed(file, specifier), allowed);
    });
});
