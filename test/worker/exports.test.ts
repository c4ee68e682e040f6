import assert from 'node:assert/strict';
import { Trace } from '../../src/core/analyze';
import { bytesSource } from '../../src/core/bytes/source';
import { exportedPackets, exportedRows, unquotedSegments } from '../../src/worker/exports';
import { privateCapture, SECRETS } from '../support/private-capture';

function read(bytes: Uint8Array): Trace {
  const trace = Trace.open(bytesSource(bytes), { decompressionLimit: 1 });
  while (trace.step());
  return trace;
}

const ALL = { connection: 0, start: 0, end: 100 };

describe('exports of the worker', () => {
  it('quote nothing that programs or people wrote, where that is asked for', () => {
    const trace = read(privateCapture());
    const said = (rows: ReturnType<typeof unquotedSegments>): string =>
      JSON.stringify(rows.map(({ label, explanation, calls, notes }) => [label, explanation, calls, notes]));
    assert.match(said(trace.segments(0, 0, 100)), /hunter2.*remark/);
    assert.doesNotMatch(said(unquotedSegments(trace, ALL)), SECRETS);
  });

  it('have the same address for another in every piece', () => {
    const trace = read(privateCapture());
    const key = [1, 2] as const;
    for (const format of ['csv', 'json'] as const) {
      const whole = exportedRows(trace, { ...ALL, format, key });
      const pieces = [0, 1, 2].flatMap(
        (start) => exportedRows(trace, { ...ALL, format, key, start, end: start + 1 }) ?? [],
      );
      assert.equal(whole?.length, 3);
      assert.deepEqual(pieces, whole);
      assert.doesNotMatch(pieces.join(), SECRETS);
      assert.doesNotMatch(exportedRows(trace, { ...ALL, connection: null, format, key })!.join(), SECRETS);
    }
  });

  it('are empty for a connection that is not there', () => {
    const trace = read(privateCapture());
    assert.deepEqual(exportedRows(trace, { ...ALL, connection: 1, format: 'csv', key: null }), []);
  });

  it('have packets without payload and addresses', () => {
    const trace = read(privateCapture());
    const bytes = Buffer.from(exportedPackets(trace, { ...ALL, key: [1, 2], payload: false })!);
    assert.doesNotMatch(bytes.toString('latin1'), SECRETS);
    assert.equal(bytes.includes(Buffer.of(10, 0, 0, 1)), false);
    const kept = Buffer.from(exportedPackets(trace, { ...ALL, key: null, payload: true })!);
    assert.equal(kept.includes(Buffer.of(10, 0, 0, 1)), true);
  });
});
