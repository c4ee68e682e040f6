export interface Page {
  /** BCP 47 tag of the display language. */
  readonly language: string;
  readonly title: string;
  /** Origin of the view's own resources, as VS Code names it. */
  readonly cspSource: string;
  /** Fresh for every page. */
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
}

/**
 * The view's page: nothing but its own script and style may run or load, and nothing can be sent anywhere. The nonce
 * stands in a `meta` too, for the components that make style elements of their own.
 */
export function pageHtml({ language, title, cspSource, nonce, script, style }: Page): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `img-src ${cspSource} data:`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escape(policy)}" />
    <meta property="csp-nonce" content="${escape(nonce)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" nonce="${escape(nonce)}" href="${escape(style)}" />
    <title>${escape(title)}</title>
  </head>
  <body>
    <script nonce="${escape(nonce)}" src="${escape(script)}"></script>
  </body>
</html>
`;
}

/** 128 random bits in letters and digits. */
export function makeNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
