import type { SegmentRow, Tcb } from '../model/segment';
import { ENDPOINT_WORDS, Endpoint } from '../tcp/endpoint';
import { Replay } from '../tcp/replay';
import { type RowSources, type SegmentPlace, segmentRow } from './segment-rows';
import { tcbOf } from './tcb';
import { NOT_WAITING, timeWaitAfter, timeWaitAtStart } from './time-wait';

/**
 * The rows of all segments of a capture in file order, each made when the iteration comes to it. Both endpoints of
 * every connection are replayed side by side, so the whole costs one pass however the connections interleave.
 */
export function* segmentList(sources: RowSources): Generator<SegmentRow> {
  const { tracker } = sources;
  const { segments: table, connections } = tracker;
  const total = table.length;
  const words = new Int32Array(connections.length * 2 * ENDPOINT_WORDS);
  const rows = new Int32Array(connections.length);
  const previous = new Int32Array(total);
  const lastSeen = new Int32Array(connections.length).fill(-1);
  const timeWaits = new Map<number, SegmentPlace['timeWait']>();
  const replay = new Replay(tracker);
  const sender = new Endpoint();
  const receiver = new Endpoint();
  sender.words = receiver.words = words;
  for (let segment = 0; segment < total; segment++) {
    const connection = table.flow[segment]! >> 1;
    const direction = table.flow[segment]! & 1;
    const clientDirection = connections.clientDirection(connection);
    const at = connection * 2 * ENDPOINT_WORDS;
    sender.at = at + direction * ENDPOINT_WORDS;
    receiver.at = at + (1 - direction) * ENDPOINT_WORDS;
    previous[segment] = lastSeen[connection]!;
    lastSeen[connection] = segment;
    const row = rows[connection]!++;
    const speaksAgain = tracker.lastSegmentOf(connection, 1 - direction) > segment;
    const both = (): { client: Tcb; server: Tcb } => {
      const [own, peer] = [tcbOf(sender, true), tcbOf(receiver, speaksAgain)];
      return direction === clientDirection ? { client: own, server: peer } : { client: peer, server: own };
    };
    let before: SegmentRow['before'] = null;
    if (row === 0) replay.begin(segment, sender, receiver);
    else before = both();
    replay.move(segment, sender, receiver);
    const place: SegmentPlace = {
      segment,
      row,
      connection,
      clientDirection,
      before,
      after: both(),
      previous: (of) => previous[of]!,
      timeWait:
        row === 0 ? timeWaitAtStart(tracker, connection, clientDirection) : (timeWaits.get(connection) ?? NOT_WAITING),
    };
    yield segmentRow(sources, place);
    const timeWait = timeWaitAfter(tracker, place);
    if (timeWait !== NOT_WAITING) timeWaits.set(connection, timeWait);
    else timeWaits.delete(connection);
  }
}
