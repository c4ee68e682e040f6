import assert from 'node:assert/strict';
import { makeNonce, pageHtml, type Page } from '../../src/extension/editor/html';

const page: Page = {
  language: 'en',
  title: 'a.pcap',
  cspSource: 'https://view.example',
  nonce: 'abc123',
  script: 'https://view.example/webview.js',
  style: 'https://view.example/webview.css',
};

/** The directives of the page's policy. */
function policyOf(html: string): Map<string, string[]> {
  const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!.replaceAll('&#39;', "'");
  return new Map(content.split('; ').map((directive) => [directive.split(' ')[0]!, directive.split(' ').slice(1)]));
}

describe('page of the view', () => {
  it('allows its own script and style and nothing else', () => {
    assert.deepEqual(
      policyOf(pageHtml(page)),
      new Map([
        ['default-src', ["'none'"]],
        ['script-src', ["'nonce-abc123'"]],
        ['style-src', ['https://view.example', "'nonce-abc123'"]],
        ['img-src', ['https://view.example', 'data:']],
        ['font-src', ['https://view.example']],
      ]),
    );
  });

  it('has one script, which carries the nonce, and no inline style', () => {
    const html = pageHtml(page);
    assert.deepEqual(html.match(/<script[^>]*>/g), ['<script nonce="abc123" src="https://view.example/webview.js">']);
    assert.doesNotMatch(html, /<style|style=|\son\w+=/);
    assert.match(html, /<meta property="csp-nonce" content="abc123" \/>/);
  });

  it('is not changed by hostile names', () => {
    const html = pageHtml({ ...page, title: '</title><script>alert(1)</script>"\'&', language: '"><b>' });
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(html, /<title>&lt;\/title&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;<\/title>/);
    assert.match(html, /<html lang="&quot;&gt;&lt;b&gt;">/);
  });

  it('gets a nonce of 128 bits that is never the same', () => {
    const nonces = new Set(Array.from({ length: 100 }, makeNonce));
    assert.equal(nonces.size, 100);
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  });
});
