import assert from 'node:assert/strict';
import { readMessage, rfcAddress } from '../../src/extension/editor/messages';
import { MAX_ROWS, type ToHost } from '../../src/protocol';

describe('messages from the webview', () => {
  const accepted: ToHost[] = [
    { type: 'ready' },
    { type: 'query', id: 1, query: 'summary', params: {} },
    { type: 'query', id: 2, query: 'connections', params: { start: 0, end: MAX_ROWS } },
    { type: 'query', id: 3, query: 'segments', params: { connection: 0, start: 10, end: 5 } },
    { type: 'query', id: 4, query: 'problem', params: { connection: 1, row: 2, direction: -1 } },
    { type: 'command', command: 'goToPacket' },
    { type: 'stream', action: 'save', connection: 3, sides: 'both' },
    { type: 'command', command: 'showConnection' },
    { type: 'command', command: 'cancel' },
    { type: 'command', command: 'retry' },
    { type: 'command', command: 'export' },
    { type: 'picture', id: 1, png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0) },
    { type: 'picture', id: 2, png: null },
    { type: 'copy', text: '' },
    { type: 'openRfc', rfc: 9293, section: '3.10.7.4' },
    { type: 'openRfc', rfc: 793, section: null },
    { type: 'state', state: { tab: 'sequence', connection: 3, row: null } },
    { type: 'filter', text: 'tcp.port == 80' },
    { type: 'filter', text: '' },
    { type: 'saveGraph', connection: 0, graph: 'rtt', svg: '<svg xmlns="x"><text x="1">A &lt; B on=1</text></svg>' },
  ];
  for (const message of accepted)
    it(`accepts ${JSON.stringify(message)}`, () => assert.deepEqual(readMessage(message), message));

  const refused: [data: unknown, id: number | null][] = [
    [undefined, null],
    [null, null],
    ['ready', null],
    [42, null],
    [[], null],
    [{}, null],
    [{ type: 'eval', code: '1' }, null],
    [{ type: 'toString' }, null],
    [{ type: 'query', query: 'summary', params: {} }, null],
    [{ type: 'query', id: '1', query: 'summary', params: {} }, null],
    [{ type: 'query', id: -1, query: 'summary', params: {} }, null],
    [{ type: 'query', id: 5, query: 'open', params: {} }, 5],
    [{ type: 'query', id: 6, query: '__proto__', params: {} }, 6],
    [{ type: 'query', id: 7, query: 'packet', params: { packet: '1' } }, 7],
    [{ type: 'query', id: 8, query: 'packet' }, 8],
    [{ type: 'query', id: 9, query: 'connections', params: { start: 0, end: 1e9 } }, 9],
    [{ type: 'command', command: 'workbench.action.quit' }, null],
    [{ type: 'command', command: ['cancel'] }, null],
    [{ type: 'picture', id: 1, png: Uint8Array.of(0x4d, 0x5a) }, null],
    [{ type: 'picture', id: 1, png: 'iVBOR' }, null],
    [{ type: 'picture', id: -1, png: null }, null],
    [{ type: 'stream', action: 'delete', connection: 0, sides: 'both' }, null],
    [{ type: 'stream', action: 'save', connection: 0, sides: 'all' }, null],
    [{ type: 'copy', text: 1 }, null],
    [{ type: 'copy', text: 'x'.repeat(2 ** 24 + 1) }, null],
    [{ type: 'openRfc', rfc: 9293 }, null],
    [{ type: 'openRfc', rfc: 9293, section: '../../evil' }, null],
    [{ type: 'openRfc', rfc: '9293@evil.example', section: null }, null],
    [{ type: 'state', state: { tab: 'secret', connection: null, row: null } }, null],
    [{ type: 'state', state: { tab: 'sequence', connection: -1, row: null } }, null],
    [{ type: 'state', state: null }, null],
    [{ type: 'filter' }, null],
    ...[
      '<html></html>',
      '<svg ><script>1</script></svg>',
      '<svg onload="1"></svg>',
      '<svg ><g\nONCLICK = "1"></g></svg>',
      '<svg ><a href="https://evil.example"></a></svg>',
      '<svg ><path xlink:href="x"/></svg>',
      '<svg ><foreignObject/></svg>',
      '<svg ><!DOCTYPE x></svg>',
      `<svg >${'x'.repeat(2 ** 24)}</svg>`,
    ].map((svg): [unknown, null] => [{ type: 'saveGraph', connection: 0, graph: 'rtt', svg }, null]),
    [{ type: 'saveGraph', connection: 0, graph: 'pie', svg: '<svg ></svg>' }, null],
    [{ type: 'filter', text: ['tcp'] }, null],
    [{ type: 'filter', text: 'x'.repeat(1001) }, null],
  ];
  it('take no place to write to from the webview', () => {
    const message = readMessage({ type: 'command', command: 'export', target: 'file:///etc/passwd', format: 'svg' });
    assert.deepEqual(message, { type: 'command', command: 'export' });
  });

  for (const [data, id] of refused)
    it(`refuses ${String(JSON.stringify(data)).slice(0, 80)}`, () => {
      const message = readMessage(data);
      assert.equal(message.type, 'refused');
      assert.equal(message.type === 'refused' && message.id, id);
    });

  it('passes on nothing but the known fields', () => {
    const message = readMessage({
      type: 'state',
      state: { tab: 'sequence', connection: 1, row: 2, uri: 'file:///' },
      x: 1,
    });
    assert.deepEqual(message, { type: 'state', state: { tab: 'sequence', connection: 1, row: 2 } });
  });
});

describe('addresses of RFCs', () => {
  it('are sections and appendices at the RFC Editor', () => {
    assert.equal(rfcAddress(9293, null), 'https://www.rfc-editor.org/rfc/rfc9293');
    assert.equal(rfcAddress(9293, '3.10.7.4'), 'https://www.rfc-editor.org/rfc/rfc9293#section-3.10.7.4');
    assert.equal(rfcAddress(9293, 'A.1'), 'https://www.rfc-editor.org/rfc/rfc9293#appendix-A.1');
  });

  for (const section of ['', '3.', '.3', '3 ', '3/..', 'a', 'AB', '3#x', '٣', '1.1.1.1.1.1.1', '3\n'])
    it(`are not made of the section ${JSON.stringify(section)}`, () => assert.equal(rfcAddress(9293, section), null));
  for (const rfc of [0, -1, 1.5, NaN, Infinity, 100_000])
    it(`are not made of the number ${rfc}`, () => assert.equal(rfcAddress(rfc, null), null));
});
