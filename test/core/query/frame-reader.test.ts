import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Trace } from '../../../src/core/analyze';
import { type ByteSource, bytesSource, ReadError } from '../../../src/core/bytes/source';
import { render } from '../../../src/core/format/message';
import type { PacketDetail } from '../../../src/core/model/packet';
import { sampleFile } from '../../support/traces';

/** The sample of 20 packets, which can lose its end. */
function shrinking(): { readonly trace: Trace; readonly shrink: (bytes: number) => void } {
  const bytes = readFileSync(sampleFile('ftp-textbook.pcap'));
  let rest: ByteSource = bytesSource(bytes);
  const trace = Trace.open(
    {
      get size() {
        return rest.size;
      },
      read: (position, target, at, length) => rest.read(position, target, at, length),
    },
    { decompressionLimit: 0 },
  );
  while (trace.step());
  return { trace, shrink: (left) => (rest = bytesSource(bytes.subarray(0, left))) };
}

// The records have 16 bytes in front of the packet's own, behind 24 of the file: packet 2 begins at 130.
const BEGIN_OF_2 = 24 + 16 + 74 + 16;
const SECOND = 74;

describe('a file that is shorter than it was', () => {
  const said = (detail: PacketDetail | null): string => detail!.notices.map(({ message }) => render(message)).join();

  it('shows packets that are left, and says of the others that they cannot be read any more', () => {
    const { trace, shrink } = shrinking();
    shrink(BEGIN_OF_2 + SECOND - 1);
    assert.equal(trace.packet(1)!.layers[0]!.id, 'eth');
    for (const packet of [2, 20]) {
      const detail = trace.packet(packet);
      assert.deepEqual([detail!.layers, detail!.notices.length], [[], 1]);
      assert.match(
        said(detail),
        /^The bytes of this packet cannot be read any more: the file ends at byte \d+ by now$/,
      );
    }
    assert.equal(trace.segments(0, 0, 100).length, 20, 'what is known of them stays');
  });

  it('gives no copy of its packets in which some are missing', () => {
    const { trace, shrink } = shrinking();
    const options = { anonymiser: null, payload: true };
    shrink(BEGIN_OF_2);
    assert.ok(trace.exportPackets(0, 0, 1, options)!.length > 0);
    assert.throws(() => trace.exportPackets(0, 0, 20, options), ReadError);
  });
});
