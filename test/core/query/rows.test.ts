import assert from 'node:assert/strict';
import path from 'node:path';
import type { SegmentRow, Side, Tcb } from '../../../src/core/model/segment';
import { tcbOf } from '../../../src/core/query/tcb';
import { CORRECTED, REJECTED } from '../../../src/core/tcp/connection-table';
import { endpointPair } from '../../../src/core/tcp/endpoint';
import type { Trace } from '../../../src/core/analyze';
import { captureFiles, readTrace, trackerOf } from '../../support/traces';

/** Both ends at the end of the capture, as the tracker has them; `null` for a lone SYN, of which it keeps nothing. */
function endsByTracker(trace: Trace, connection: number): { client: Tcb; server: Tcb } | null {
  const tracker = trackerOf(trace);
  const [a, b] = endpointPair();
  if (!tracker.endpointsOf(connection, a, b)) return null;
  // Where they may have parted, the replay counts for the table of connections as well.
  const parted = CORRECTED | REJECTED;
  if ((tracker.connections.marks(connection) & parted) === parted) return null;
  const clientIsB = tracker.connections.clientDirection(connection) === 1;
  return { client: tcbOf(clientIsB ? b : a, false), server: tcbOf(clientIsB ? a : b, false) };
}

const withoutRcvUp = ({ client, server }: Record<Side, Tcb>): Record<Side, Tcb> => ({
  client: { ...client, rcvUp: null },
  server: { ...server, rcvUp: null },
});

describe('rows', () => {
  for (const file of captureFiles())
    describe(path.basename(file), function () {
      this.timeout(60_000);
      let trace: Trace;
      let byConnection: SegmentRow[][];

      before(() => {
        trace = readTrace(file);
        byConnection = Array.from({ length: trace.summary().connections }, (_, connection) =>
          trace.segments(connection, 0, Number.MAX_SAFE_INTEGER),
        );
      });

      it('end where the tracker ends', () => {
        for (const [connection, rows] of byConnection.entries()) {
          const { client, server } = rows.at(-1)!;
          const { state } = trace.connections(connection, connection + 1)[0]!;
          assert.deepEqual(state, { client: client.state, server: server.state }, `connection ${connection}`);
          const ends = endsByTracker(trace, connection);
          if (ends === null) continue;
          // An urgent pointer that turns out not to have arrived leaves RCV.UP in the tracker, where nothing rests on it.
          assert.deepEqual(withoutRcvUp({ client, server }), withoutRcvUp(ends), `connection ${connection}`);
        }
      });

      it('are the same from any page', () => {
        for (const [connection, rows] of byConnection.entries()) {
          const step = Math.max(1, Math.floor(rows.length / 5));
          for (let start = 0; start < rows.length; start += step) {
            const end = Math.min(rows.length, start + step + 1);
            assert.deepEqual(trace.segments(connection, start, end), rows.slice(start, end));
          }
        }
      });

      it('are the same in file order', () => {
        const places = byConnection.map(() => 0);
        let total = 0;
        for (const row of trace.allSegments()) {
          assert.deepEqual(row, byConnection[row.connection]![places[row.connection]!++]);
          assert.equal(row.segment, total++);
        }
        assert.equal(total, trace.summary().segments);
      });
    });
});
