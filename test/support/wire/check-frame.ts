import assert from 'node:assert/strict';
import { AddressTable } from '../../../src/core/model/addresses';
import { BAD_DATA_OFFSET, CHECKSUM_VERDICTS, LENGTH_UNKNOWN, type SegmentFacts } from '../../../src/core/model/facts';
import type { Field } from '../../../src/core/model/packet';
import { nest, type NestedLayer } from '../../../src/core/model/nesting';
import type { PacketDescription } from '../../../src/core/wire/describe';
import { createFrameDecoder, type TcpFrameDecoder } from '../../../src/core/wire/frame-decoder';
import { decodeOptions } from '../../../src/core/wire/transport/tcp-options';
import { describeLast, type TestFrame } from './decode';

/** A decoder that checks what it finds: whatever the bytes are, facts must make sense. */
export function checkingDecoder(): { decode: (frame: number, bytes: TestFrame) => number; decoder: TcpFrameDecoder } {
  let found = 0;
  const check = (facts: SegmentFacts): void => {
    found++;
    checkFacts(facts);
  };
  const decoder = createFrameDecoder(new AddressTable(), { segment: check, icmpError: check });
  return {
    decoder,
    decode(frame, { linkType, fcsBytes, bytes, original, seconds }) {
      found = 0;
      decoder.decode(frame, linkType, fcsBytes, bytes, 0, bytes.length, original, seconds);
      return found;
    },
  };
}

function checkFacts(facts: SegmentFacts): void {
  const { bytes, payloadAt, payloadBytes, payloadCaptured, headerBytes, headerCaptured, defects } = facts;
  assert.ok(headerBytes >= 0 && headerBytes <= 60 && headerCaptured >= 0 && headerCaptured <= headerBytes);
  assert.ok(payloadBytes >= 0 && payloadCaptured >= 0 && payloadCaptured <= payloadBytes);
  if (payloadCaptured > 0) assert.ok(payloadAt + payloadCaptured <= bytes.length);
  if (defects & LENGTH_UNKNOWN) assert.equal(payloadBytes, 0);
  if (!(defects & BAD_DATA_OFFSET)) {
    const start = payloadAt - headerBytes;
    assert.ok(start >= 0 && start + headerCaptured <= bytes.length);
    decodeOptions(bytes, start + 20, start + headerCaptured);
  }
  assert.ok(facts.flags <= 0xfff && facts.window <= 0xffff && facts.sackBlocks <= 4);
  assert.notEqual(CHECKSUM_VERDICTS[facts.checksum], undefined);
}

/** Describes the last of some frames and checks that every field lies where it says, within its parent and buffer. */
export function checkDescription(frames: readonly TestFrame[]): PacketDescription {
  const description = describeLast(frames);
  const { layers, buffers, notices } = description;
  for (const { id, buffer, start, end, fields } of layers) {
    const { bytes } = buffers[buffer]!;
    assert.ok(start >= 0 && start <= end && end <= bytes.length, id);
    checkFields(fields, start * 8, end * 8);
  }
  for (const { offset, length, message } of notices) {
    assert.ok(offset! >= 0 && length! >= 0);
    assert.ok(message.text.length > 0);
  }
  assert.equal(checkNesting(nest(layers), null), layers.length);
  const total = buffers.reduce((sum, { bytes }) => sum + bytes.length, 0);
  // Every header has a byte at least; payload and trailer come on top.
  assert.ok(layers.length <= total + 2);
  return description;
}

/** Checks that what a layer holds lies in it and without overlap; returns how many layers there are. */
function checkNesting(nested: readonly NestedLayer[], around: NestedLayer | null): number {
  let found = 0;
  const ends = new Map<number, number>();
  for (const { layer, inside } of nested) {
    const { id, buffer, start, end, until } = layer;
    const from =
      ends.get(buffer) ?? (buffer === around?.layer.buffer ? Math.min(around.layer.start + 1, around.layer.end) : 0);
    const place = `${id} [${start}, ${end}) ${until}`;
    assert.ok(until !== null && start >= from && end <= until, `${place} from ${from}`);
    if (buffer === around?.layer.buffer) assert.ok(until <= around.layer.until!, `${place} in ${around.layer.id}`);
    ends.set(buffer, until);
    found += 1 + checkNesting(inside, { layer, entry: null, inside });
  }
  return found;
}

function checkFields(fields: readonly Field[], start: number, end: number): void {
  for (const { id, name, value, bit, bits, children } of fields) {
    assert.ok(
      bits > 0 && bit >= start && bit + bits <= end,
      `${id}: [${bit}, ${bit + bits}) not in [${start}, ${end})`,
    );
    assert.ok(name !== '' && typeof value === 'string', id);
    if (children) checkFields(children, bit, bit + bits);
  }
}
