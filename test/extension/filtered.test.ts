import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Trace } from '../../src/core/analyze';
import { bytesSource } from '../../src/core/bytes/source';
import type { TraceDocument } from '../../src/extension/editor/document';
import { FilteredConnections } from '../../src/extension/views/filtered';
import { sampleFile } from '../support/traces';

/** A document as far as the list asks it, on a sample that is read to its end. */
function documentOf(name: string): { document: TraceDocument; trace: Trace } {
  const trace = Trace.open(bytesSource(readFileSync(sampleFile(name))), { decompressionLimit: 1 << 30 });
  while (trace.step());
  const document = {
    summary: trace.summary(),
    query: (query: string, params: Record<string, never>) =>
      Promise.resolve(
        query === 'filter'
          ? trace.filter(params['text']!, params['packets']!)
          : trace.connectionsWith(params['filter']!, params['start']!, params['end']!),
      ),
  };
  return { document: document as unknown as TraceDocument, trace };
}

describe('the connections that a view’s filter finds', () => {
  it('are known when the filter has come to its end; until then the list stays what it was', async () => {
    const { document } = documentOf('start-here.pcapng');
    const found = await new Promise<FilteredConnections>((resolve) => {
      const filtered = new FilteredConnections(() => resolve(filtered));
      filtered.follow(document, 'flags.rst');
      assert.deepEqual([filtered.pending, filtered.text], [true, '']);
    });
    // The refused and the aborted connection of the sample (its README).
    assert.deepEqual([found.pending, found.text, found.found], [false, 'flags.rst', 2]);
    found.follow(document, '');
    assert.deepEqual([found.pending, found.text], [false, '']);
  });

  it('are found again where the worker has forgotten them', async () => {
    const { document, trace } = documentOf('start-here.pcapng');
    const filtered = await new Promise<FilteredConnections>((resolve) => {
      const asked = new FilteredConnections(() => resolve(asked));
      asked.follow(document, 'flags.rst');
    });
    for (let len = 0; len < 10; len++) trace.filter(`len == ${len}`, 1);
    assert.deepEqual(trace.connectionsWith('flags.rst', 0, 10), []);
    assert.equal((await filtered.rows(document, 0, 10)).length, 2);
  });

  it('are all of them while the filter is wrong', async () => {
    const { document } = documentOf('start-here.pcapng');
    const filtered = await new Promise<FilteredConnections>((resolve) => {
      const asked = new FilteredConnections(() => resolve(asked));
      asked.follow(document, 'no.such.field == 1');
    });
    assert.deepEqual([filtered.pending, filtered.text], [false, '']);
  });
});
