import assert from 'node:assert/strict';
import type { SegmentRow, Side } from '../../src/core/model/segment';
import type { StateName } from '../../src/core/model/states';
import { seqLe } from '../../src/core/bytes/seq';
import { hostileTraffic } from '../support/hostile-traffic';
import { encodePcapNs } from '../support/pcap-ns';
import { readTrace } from '../support/traces';
import type { FuzzTarget } from './target';

/** Packets of one input. */
const PACKETS = 30;

/** The edges of RFC 9293 figure 5, with its note 2, and what §3.10.7 adds for resets. */
const EDGES: Readonly<Record<StateName, readonly StateName[]>> = {
  CLOSED: ['LISTEN', 'SYN-SENT'],
  LISTEN: ['SYN-RECEIVED', 'SYN-SENT'],
  'SYN-SENT': ['SYN-RECEIVED', 'ESTABLISHED', 'CLOSED'],
  'SYN-RECEIVED': ['ESTABLISHED', 'FIN-WAIT-1', 'LISTEN', 'CLOSED'],
  ESTABLISHED: ['FIN-WAIT-1', 'CLOSE-WAIT', 'CLOSED'],
  'FIN-WAIT-1': ['FIN-WAIT-2', 'CLOSING', 'TIME-WAIT', 'CLOSED'],
  'FIN-WAIT-2': ['TIME-WAIT', 'CLOSED'],
  'CLOSE-WAIT': ['LAST-ACK', 'CLOSED'],
  CLOSING: ['TIME-WAIT', 'CLOSED'],
  'LAST-ACK': ['CLOSED'],
  'TIME-WAIT': ['CLOSED'],
};

/**
 * Edges that one segment can take at once: a SYN-ACK with a FIN whose sender got the peer's handshake and FIN unseen goes
 * from LISTEN to LAST-ACK.
 */
const AT_ONCE = 4;

/**
 * What no endpoint does, but an observer must: what it took for received shows not to have been when the endpoint sends
 * something that it would not send then.
 */
const CORRECTIONS: readonly (readonly [from: StateName, to: StateName, why: string])[] = [
  ['CLOSED', 'ESTABLISHED', 'who sends has not closed: the reset did not reach it, or was none of its own'],
  ['CLOSED', 'CLOSE-WAIT', 'the same, and the peer had closed'],
  ['CLOSED', 'FIN-WAIT-1', 'the same, with a FIN'],
  ['CLOSED', 'LAST-ACK', 'the same, with a FIN after the peer’s'],
  ['CLOSED', 'FIN-WAIT-2', 'the same, after a FIN of its own that has been acknowledged'],
  ['CLOSED', 'CLOSING', 'the same, after both FINs'],
  ['CLOSED', 'TIME-WAIT', 'the same, after both FINs and their acknowledgments'],
  ['CLOSED', 'SYN-RECEIVED', 'the same, before the handshake was complete'],
  ['SYN-RECEIVED', 'SYN-SENT', 'it opens by itself: it had not got the peer’s SYN'],
  ['ESTABLISHED', 'SYN-SENT', 'it sends its SYN again: it has not got the SYN-ACK'],
  ['CLOSE-WAIT', 'ESTABLISHED', 'it acknowledges less than the peer’s FIN, which had not arrived'],
  ['CLOSING', 'FIN-WAIT-1', 'the same, after a FIN of its own'],
  ['CLOSING', 'FIN-WAIT-2', 'the same, when its own FIN has been acknowledged since'],
  ['TIME-WAIT', 'FIN-WAIT-2', 'the same, after a FIN of its own that has been acknowledged'],
  ['ESTABLISHED', 'SYN-RECEIVED', 'it sends its SYN-ACK again: the acknowledgment of it had not arrived'],
  ['CLOSE-WAIT', 'SYN-RECEIVED', 'the same, nor the FIN after it'],
  ['CLOSE-WAIT', 'FIN-WAIT-1', 'its FIN crosses the peer’s, which had not arrived'],
];

function isAllowed(from: StateName, to: StateName, sends: boolean): boolean {
  let reached = new Set<StateName>([from]);
  for (let edges = 0; edges < AT_ONCE; edges++) {
    // Nothing goes on beyond CLOSED but a new beginning.
    const next = [...reached].flatMap((state) => (state === 'CLOSED' && edges > 0 ? [] : EDGES[state]));
    reached = new Set([...reached, ...next]);
  }
  return reached.has(to) || (sends && CORRECTIONS.some(([was, is]) => was === from && is === to));
}

function check(row: SegmentRow, where: string): void {
  for (const side of ['client', 'server'] satisfies Side[]) {
    const { state, sndUna, sndNxt } = row[side];
    const was = row.before?.[side].state ?? state;
    assert.ok(
      was === state || was === null || state === null || isAllowed(was, state, row.from === side),
      `${where}: the ${side} ${row.from === side ? 'sends' : 'gets'} ${row.flags.join()} and goes from ${was} to ${state}`,
    );
    if (sndUna !== null && sndNxt !== null)
      assert.ok(seqLe(sndUna | 0, sndNxt | 0), `${where}: SND.UNA ${sndUna} is after SND.NXT ${sndNxt} of the ${side}`);
  }
  for (const note of row.notes) {
    assert.ok(note.of === undefined || note.of < row.packet, `${where}: ${note.kind} of a later packet`);
    assert.ok(note.number === undefined || note.number >= 1, `${where}: ${note.kind} number ${note.number}`);
  }
  assert.ok(row.acks === null || row.acks < row.packet, `${where}: acknowledges a later packet`);
}

/** Keeps to the RFC's diagram, and its variables in order, whatever comes. */
export const tracker: FuzzTarget = {
  id: 'tracker',
  about: `${PACKETS} valid packets in an order that no honest pair of hosts would choose`,
  share: 13,
  prepare: () => (seed) => {
    const trace = readTrace(encodePcapNs(hostileTraffic(seed, PACKETS)));
    const { connections } = trace.summary();
    for (let connection = 0; connection < connections; connection++) {
      const rows = trace.segments(connection, 0, PACKETS);
      for (const row of rows) {
        check(row, `packet ${row.packet}`);
        const reasons = trace.reasons(connection, row.row);
        for (const { kind } of row.notes)
          assert.ok(
            reasons.some((reason) => reason.kind === kind && reason.conditions.length > 0),
            `packet ${row.packet}: ${kind} without its why`,
          );
      }
      const { state } = trace.connections(connection, connection + 1)[0]!;
      const { client, server } = rows.at(-1)!;
      assert.deepEqual(state, { client: client.state, server: server.state }, `connection ${connection}`);
    }
  },
};
