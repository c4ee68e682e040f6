import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bytesSource } from '../../../src/core/bytes/source';
import { FrameBatch } from '../../../src/core/capture/batch';
import { openCapture } from '../../../src/core/capture/detect';
import { AddressTable } from '../../../src/core/model/addresses';
import { RULES } from '../../../src/core/rules/registry';
import { RECORD_WORDS } from '../../../src/core/tcp/connection-record';
import type { RecordStore } from '../../../src/core/tcp/records';
import { FrameTable } from '../../../src/core/tcp/tables';
import { Tracker } from '../../../src/core/tcp/tracker';
import { createFrameDecoder } from '../../../src/core/wire/frame-decoder';
import { hostileTraffic } from '../../support/hostile-traffic';
import { encodePcapNs } from '../../support/pcap-ns';
import { captureFiles } from '../../support/traces';

const NOBODY = { notice: () => undefined, comment: () => undefined, name: () => undefined };

/** The same capture analysed with prediction and without. */
function bothWays(capture: Uint8Array): [predicting: Tracker, plain: Tracker] | null {
  const input = openCapture(bytesSource(capture), NOBODY, { decompressionLimit: 1 << 30 });
  if (input === null) return null;
  const frames = new FrameTable();
  const trackers: [Tracker, Tracker] = [new Tracker(frames, RULES), new Tracker(frames, RULES, false)];
  const decoder = createFrameDecoder(new AddressTable(), {
    segment: (facts) => trackers.forEach((tracker) => tracker.add(facts)),
    icmpError: () => undefined,
  });
  const batch = new FrameBatch();
  while (input.reader.read(batch))
    for (let i = 0; i < batch.count; i++) {
      frames.reserve(1, 0);
      const frame = frames.length++;
      frames.setTime(frame, batch.seconds[i]!, batch.nanos[i]!);
      const { linkType, fcsBytes } = input.reader.interfaces[batch.interface[i]!]!;
      const { bytes } = input.window;
      decoder.decode(frame, linkType, fcsBytes, bytes, batch.at[i]!, batch.captured[i]!, batch.original[i]!, 0);
    }
  return trackers;
}

/** Everything that an analysis leaves behind for a segment or a connection. */
function left(tracker: Tracker): unknown {
  const { segments, connections } = tracker;
  const { records } = tracker as unknown as { readonly records: RecordStore };
  const rows = Array.from({ length: segments.length }, (_, segment) => [
    segments.notes[segment],
    segments.bits[segment],
    segments.acked[segment],
    segments.inFlight[segment],
    tracker.details.find(segment),
  ]);
  const ends = Array.from({ length: connections.length }, (_, connection) => {
    const record = connections.record(connection);
    return record < 0 ? null : Array.from({ length: RECORD_WORDS }, (__, index) => records.word(record, index));
  });
  const marks = Array.from({ length: connections.length }, (_, connection) => connections.marks(connection));
  return { rows, ends, marks, problems: tracker.problems };
}

describe('Header prediction makes no difference', () => {
  for (const file of captureFiles().filter((name) => !name.endsWith('.gz')))
    it(path.basename(file), () => {
      const both = bothWays(readFileSync(file));
      if (both !== null) assert.deepEqual(left(both[0]), left(both[1]));
    });

  it('in hostile traffic', () => {
    let predicted = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const both = bothWays(encodePcapNs(hostileTraffic(seed, 40)));
      assert.ok(both !== null);
      assert.deepEqual(left(both[0]), left(both[1]), `seed ${seed}`);
      predicted += both[0].segments.length;
    }
    assert.ok(predicted > 5000);
  });
});
