import assert from 'node:assert/strict';
import { ANSWERS, isSupported, PROTOCOLS } from '../../../src/core/wire/registry';
import { END } from '../../../src/core/wire/next';
import { Cursor } from '../../../src/core/wire/cursor';
import { AddressTable } from '../../../src/core/model/addresses';
import { Reassembler } from '../../../src/core/wire/reassembly';
import { walkSlowly } from '../../../src/core/wire/walk';
import { decodeAll, describeLast, fixtureGroups, framesOf } from '../../support/wire/decode';
import type { FoundSegment } from '../../support/wire/decode';

/** tshark prints no flags for a header without any; ours are an empty text. */
const normal = (segment: FoundSegment): FoundSegment => ({ ...segment, flags: segment.flags ?? '' });

/** Where only the ports were captured tshark has no numbers, and in a header quoted by ICMP hardly any. */
function compare(found: FoundSegment, expected: FoundSegment): void {
  if (expected.quoted) {
    const { source, destination, seq } = expected;
    assert.deepEqual([found.quoted, found.source, found.destination], [true, source, destination]);
    if (seq !== undefined && found.seq !== undefined) assert.equal(found.seq, seq);
    return;
  }
  assert.deepEqual(normal(found), normal(expected));
}

describe('frames of every kind', () => {
  for (const group of fixtureGroups()) {
    it(`gives the segments that the reference gives: ${group.name}`, () => {
      const found = decodeAll(framesOf(group));
      group.frames.forEach(({ protocols, segments = [] }, i) => {
        const where = `frame ${i + 1} (${protocols})`;
        assert.equal(found[i]!.length, segments.length, where);
        segments.forEach((expected, k) => {
          try {
            compare(found[i]![k]!, expected);
          } catch (error) {
            (error as Error).message = `${where}: ${(error as Error).message}`;
            throw error;
          }
        });
      });
    });
  }

  it('describes as many TCP headers as it decodes, each from its first byte on', () => {
    for (const group of fixtureGroups()) {
      const frames = framesOf(group);
      const found = decodeAll(frames);
      frames.forEach((_, i) => {
        const { layers, buffers } = describeLast(frames.slice(0, i + 1));
        // Without even the ports there is no segment, but something to show.
        const tcp = layers.filter(({ id, start, end }) => id === 'tcp' && end - start >= 4);
        assert.equal(tcp.length, found[i]!.length, `${group.name} frame ${i + 1}`);
        tcp.forEach((layer, k) => {
          const { bytes } = buffers[layer.buffer]!;
          const port = (bytes[layer.start]! << 8) | bytes[layer.start + 1]!;
          assert.ok(found[i]![k]!.source.endsWith(` ${port}`), `${group.name} frame ${i + 1}`);
        });
      });
    }
  });
});

describe('the registry of protocols', () => {
  it('has unique ids and names', () => {
    assert.equal(new Set(PROTOCOLS.map(({ id }) => id)).size, PROTOCOLS.length);
    for (const { name } of PROTOCOLS) assert.notEqual(name, '');
  });

  it('has one protocol for each code', () => {
    const owners = new Map<number, string>();
    for (const { id, claims } of PROTOCOLS) {
      assert.ok(claims.length > 0, id);
      for (const code of claims) {
        assert.ok(!owners.has(code), `${id} and ${owners.get(code)} both claim ${code.toString(16)}`);
        owners.set(code, id);
      }
    }
    assert.ok(PROTOCOLS.length < 256, 'the table has one byte for each');
    for (const [code, id] of owners) assert.equal(PROTOCOLS[ANSWERS[code]! - 1]!.id, id);
  });

  it('has a fixture for each protocol', () => {
    const met = new Set<string>();
    const observer = {
      before: (protocol: number) => met.add(PROTOCOLS[protocol]!.id),
      after: () => undefined,
    };
    for (const group of fixtureGroups()) {
      const sink = { segment: () => undefined, icmpError: () => undefined };
      const cursor = new Cursor(new AddressTable(), sink, new Reassembler(), false, ANSWERS);
      framesOf(group).forEach(({ linkType, fcsBytes, bytes, original, seconds }, frame) => {
        cursor.start(frame, fcsBytes, bytes, 0, bytes.length, original, seconds);
        walkSlowly(cursor, linkType, observer);
      });
    }
    const missing = PROTOCOLS.map(({ id }) => id).filter((id) => !met.has(id));
    assert.deepEqual(missing, WITHOUT_REFERENCE);
  });

  it('says which link types it knows', () => {
    for (const known of [0, 1, 9, 101, 105, 113, 127, 239, 276]) assert.ok(isSupported(known), `${known}`);
    for (const unknown of [-1, 147, 189, 195, 0x10000, 0x10001, END]) assert.ok(!isSupported(unknown), `${unknown}`);
  });
});

/** Neither tshark 4.0 nor tcpdump 4.99 finds segments behind these; `differences.test.ts` has them. */
const WITHOUT_REFERENCE = ['chdlc.direction', 'fr.direction', 'netanalyzer.transparent'];
