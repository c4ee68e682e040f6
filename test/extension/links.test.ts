import assert from 'node:assert/strict';
import { linkTo, placeLinks, placeOfFragment } from '../../src/extension/links/link';

const found = (text: string): unknown[] =>
  placeLinks(text, 100).map(({ start, end, path, place }) => {
    assert.equal(text.slice(start, start + path.length), path);
    assert.ok(end > start + path.length);
    return [path, place];
  });

describe('links to places in traces', () => {
  for (const [text, path, place] of [
    ['see trace.pcap#packet=42', 'trace.pcap', { packet: 42 }],
    ['see `captures/a.pcapng#connection=0`.', 'captures/a.pcapng', { connection: 0 }],
    ['[the reset](../b.pcap.gz#packet=7)', '../b.pcap.gz', { packet: 7 }],
    ['<my trace.pcap#packet=1>', 'my trace.pcap', { packet: 1 }],
    ['open("my trace.pcap#packet=1")', 'my trace.pcap', { packet: 1 }],
    ['(my%20trace.pcap#packet=1)', 'my%20trace.pcap', { packet: 1 }],
    ['// the SYN: /tmp/x/y.cap#packet=1, lost', '/tmp/x/y.cap', { packet: 1 }],
    ['C:\\traces\\a.pcap#packet=3', 'C:\\traces\\a.pcap', { packet: 3 }],
    ['file:///tmp/a.pcap#packet=3', 'file:///tmp/a.pcap', { packet: 3 }],
    ['notes.txt#packet=3', 'notes.txt', { packet: 3 }],
    ['抓包.pcap#packet=3。', '抓包.pcap', { packet: 3 }],
  ] as const)
    it(`are found in ${text}`, () => assert.deepEqual(found(text), [[path, place]]));

  for (const text of [
    'trace.pcap',
    'trace.pcap#packet=',
    'trace.pcap#packet=x',
    'trace.pcap#packet=1234567890123456',
    '#packet=1',
    ' .pcap#packet=1',
    'trace#packet=1',
    'trace.pcap #packet=1',
    'trace.pcap#line=1',
  ])
    it(`are not found in ${JSON.stringify(text)}`, () => assert.deepEqual(found(text), []));

  it('are found all in a line', () => {
    assert.deepEqual(found('a.pcap#packet=1 b.pcap#connection=2'), [
      ['a.pcap', { packet: 1 }],
      ['b.pcap', { connection: 2 }],
    ]);
  });

  it('are found again as they were copied', () => {
    for (const path of ['trace.pcap', 'a b/(c) [d].pcap', '100%.pcap', 'it’s "x", #1.pcap', "a'b*{c}|d;e.pcap"])
      for (const place of [{ packet: 3 }, { connection: 0 }]) {
        const text = linkTo(path, place);
        for (const around of [text, `see ${text}, there`, `[x](${text})`, `"${text}"`]) {
          const [link] = placeLinks(around, 10);
          assert.deepEqual(link?.place, place, around);
          assert.equal(decodeURIComponent(link.path), path, around);
        }
      }
  });

  it('of a fragment are places', () => {
    assert.deepEqual(placeOfFragment('packet=42'), { packet: 42 });
    assert.deepEqual(placeOfFragment('connection=3'), { connection: 3 });
    for (const fragment of ['', 'packet', 'packet=-1', 'line=3', 'packet=1&x'])
      assert.equal(placeOfFragment(fragment), null);
  });

  it('cost no more than their text is long', () => {
    const start = performance.now();
    assert.deepEqual(found('a.'.repeat(500_000)), []);
    assert.deepEqual(placeLinks('#packet=1'.repeat(100_000), 1e9).length, 0);
    assert.ok(performance.now() - start < 2000);
  });
});
