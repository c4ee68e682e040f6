import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { inProject } from '../command';
import themes from './themes.json';

const NONCE = 'harness';

/** Styles that VS Code puts into every webview. */
const DEFAULT_STYLES = `
html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size);
  margin: 0; padding: 0 20px; }
a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
`;

export type ThemeName = keyof typeof themes;
export const THEME_NAMES = Object.keys(themes) as ThemeName[];

export interface Harness {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the webview and the page around it, and serves both, with a folder of captures (the samples), on this machine. */
export async function serveHarness(
  options: { readonly port?: number; readonly minify?: boolean; readonly captures?: string } = {},
): Promise<Harness> {
  const files = await build(options.minify ?? false);
  const captures = options.captures ?? inProject('media/samples');
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://harness');
    void answer(url, files, captures).then(
      ([type, body]) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function build(minify: boolean): Promise<ReadonlyMap<string, Uint8Array>> {
  const result = await esbuild.build({
    entryPoints: {
      webview: inProject('webview/main.ts'),
      host: inProject('test/support/webview-harness/host.ts'),
      worker: inProject('src/worker/web.ts'),
    },
    bundle: true,
    format: 'iife',
    target: 'chrome128',
    sourcemap: minify ? false : 'inline',
    minify,
    legalComments: 'none',
    outdir: '/',
    write: false,
    logLevel: 'warning',
  });
  return new Map(result.outputFiles.map((file) => [file.path, file.contents]));
}

type Body = string | Uint8Array;

async function answer(
  url: URL,
  files: ReadonlyMap<string, Uint8Array>,
  captures: string,
): Promise<[type: string, body: Body]> {
  if (url.pathname === '/') return ['text/html; charset=utf-8', HOST_PAGE];
  if (url.pathname === '/view') return ['text/html; charset=utf-8', viewPage(url)];
  const built = files.get(url.pathname);
  if (built !== undefined) return [url.pathname.endsWith('.css') ? 'text/css' : 'text/javascript', built];
  const sample = /^\/samples\/([\w.-]+)$/.exec(url.pathname)?.[1];
  if (sample !== undefined) return ['application/octet-stream', await readFile(path.join(captures, sample))];
  throw new Error('not found');
}

const HOST_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Webview harness</title><link rel="icon" href="data:,">
<style>html,body,iframe{margin:0;width:100%;height:100%;border:0;display:block;overflow:hidden}</style>
<body><script src="/host.js"></script></body></html>`;

/** The webview's page, with the policy that the extension gives it. */
function viewPage(url: URL): string {
  const theme = themes[(url.searchParams.get('theme') ?? 'dark') as ThemeName] ?? themes.dark;
  const source = "'self'";
  const policy = `default-src 'none'; script-src 'nonce-${NONCE}'; style-src ${source} 'nonce-${NONCE}'; img-src ${source} data:; font-src ${source}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta property="csp-nonce" content="${NONCE}">
<meta name="viewport" content="width=device-width"><title>TCP Trace</title>
<style nonce="${NONCE}">${DEFAULT_STYLES}</style><link rel="stylesheet" href="/webview.css"></head>
<body>
<script nonce="${NONCE}">
window.wear = (theme) => {
  document.body.className = theme.class;
  document.body.dataset.vscodeThemeKind = theme.kind;
  document.documentElement.removeAttribute('style');
  for (const [name, value] of Object.entries(theme.variables)) document.documentElement.style.setProperty(name, value);
};
wear(${JSON.stringify(theme)});
document.addEventListener('securitypolicyviolation', (e) => parent.postMessage({ violation: e.violatedDirective + ' ' + e.blockedURI + ' ' + (e.sample || '') }, '*'));
window.acquireVsCodeApi = () => ({
  postMessage: (message) => parent.postMessage({ toHost: message }, '*'),
  getState: () => JSON.parse(sessionStorage.getItem(location.search) ?? 'null') ?? undefined,
  setState: (state) => { sessionStorage.setItem(location.search, JSON.stringify(state)); return state; },
});
</script>
<script nonce="${NONCE}" src="/webview.js"></script></body></html>`;
}
