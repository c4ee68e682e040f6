import assert from 'node:assert/strict';
import { bytesSource } from '../../../src/core/bytes/source';
import { Trace } from '../../../src/core/analyze';
import { detectTextFormat } from '../../../src/core/text/detect';
import { TEXT_FORMATS } from '../../../src/core/text/registry';
import { SAMPLES } from './samples';

const headOf = (text: string): { bytes: Uint8Array; start: number; end: number } => {
  const bytes = Buffer.from(text);
  return { bytes, start: 0, end: bytes.length };
};

describe('text formats', () => {
  it('have identifiers of their own, and a sample each', () => {
    const ids = TEXT_FORMATS.map((format) => format.id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual([...ids].sort(), Object.keys(SAMPLES).sort());
  });

  for (const [id, text] of Object.entries(SAMPLES)) {
    it(`${id}: the text is known by its content, also behind other lines`, () => {
      assert.equal(detectTextFormat(headOf(text))?.id, id);
      assert.equal(detectTextFormat(headOf(`Dear all,\n\nhere is what I saw:\n\n${text}`))?.id, id);
      assert.equal(detectTextFormat(headOf(text.replaceAll('\n', '\r\n')))?.id, id);
    });

    it(`${id}: the handshake is that of the sample`, () => {
      const trace = Trace.open(bytesSource(Buffer.from(text)), { decompressionLimit: 1 });
      while (trace.step());
      assert.deepEqual(trace.summary().notices, []);
      const rows = [...trace.allSegments()];
      assert.deepEqual(
        rows.map((row) => [row.from, row.flags.join(' '), row.len, row.client.state, row.server.state]),
        [
          ['client', 'SYN', 0, 'SYN-SENT', 'SYN-RECEIVED'],
          ['server', 'SYN ACK', 0, 'ESTABLISHED', 'SYN-RECEIVED'],
          ['client', 'ACK', 0, 'ESTABLISHED', 'ESTABLISHED'],
        ],
      );
      const [syn, , ack] = rows;
      if (!syn!.relativeOnly.client) assert.equal(syn!.seqRaw, 1000);
      if (!syn!.missing.includes('window')) assert.equal(syn!.window, 64240);
      if (!ack!.missing.includes('ack')) assert.deepEqual([ack!.seq, ack!.ack], [1, 1]);
      for (let packet = 1; packet <= 3; packet++) {
        const detail = trace.packet(packet)!;
        assert.ok(
          detail.layers.some((layer) => layer.id === 'tcp'),
          `packet ${packet} has a TCP layer`,
        );
      }
    });
  }

  it('are told by the first 64 KiB where those are nearly all of one; else by what there is most of', () => {
    const times = (id: string, kib: number): string =>
      SAMPLES[id]!.repeat(Math.ceil((kib * 1024) / SAMPLES[id]!.length));
    const list = times('tshark-summary', 200);
    assert.equal(detectTextFormat(headOf(times('tcpdump', 65) + list))?.id, 'tcpdump');
    assert.equal(detectTextFormat(headOf(times('tcpdump', 40) + list))?.id, 'tshark-summary');
    assert.equal(detectTextFormat(headOf('started\n'.repeat(9000) + list))?.id, 'tshark-summary');
  });

  it('take nothing else for a trace', () => {
    const others = [
      'Dear Alice,\n\nthe meeting is at 10:00:00 today -> room 5.\n\nBob\n',
      '{"name": "thing", "layers": 3}\n[1, 2, 3]\n',
      '<html><body><p>text</p></body></html>\n',
      'int main(void) {\n  return a > b ? 1 : 0;\n}\n',
      '2024-01-01 10:00:00 INFO server: started on port 80\n2024-01-01 10:00:01 INFO a -> b done\n',
      'a,b,c\n1,2,3\n4,5,6\n',
      '# Title\n\n1. First\n2. Second\n\n    code > here\n',
      '0\n1\n2\n+3 apples\n-4\n',
    ];
    for (const text of others) assert.equal(detectTextFormat(headOf(text))?.id, undefined, text);
  });
});
