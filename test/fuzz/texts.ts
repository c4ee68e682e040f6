import assert from 'node:assert/strict';
import { bytesSource } from '../../src/core/bytes/source';
import { Trace } from '../../src/core/analyze';
import { SAMPLES } from '../core/text/samples';
import { mutate } from '../support/mutate';
import { random } from '../support/random';
import { textFixtures } from '../support/text-fixtures';
import type { FuzzTarget } from './target';

/** Bytes of a text that are damaged: enough for several packets of any format. */
const MOST_BYTES = 12_000;

/** Puts lines in another order, cuts, repeats and joins them, or wraps them as a mailer does. */
function shuffled(text: string, next: (limit: number) => number): string {
  const lines = text.split('\n');
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(lines.length);
    const line = lines[at]!;
    switch (next(6)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(next(lines.length), 0, line);
        break;
      case 2:
        lines[at] = line.slice(0, next(line.length + 1));
        break;
      case 3: {
        const cut = next(line.length + 1);
        lines.splice(at, 1, line.slice(0, cut), line.slice(cut));
        break;
      }
      case 4:
        lines[at] = `Jan  1 00:00:00 host logger[1]: ${line}`;
        break;
      default:
        lines[at] = line + (lines[at + 1] ?? '');
    }
  }
  return lines.join(next(8) === 0 ? '\r\n' : '\n');
}

function check(bytes: Uint8Array): void {
  let trace: Trace;
  try {
    trace = Trace.open(bytesSource(bytes), { decompressionLimit: 1 << 20 });
  } catch (error) {
    assert.equal((error as Error).name, 'CannotOpen');
    return;
  }
  for (let steps = 0; trace.step(); steps++) assert.ok(steps < bytes.length + 100, 'it comes to an end');
  const { frames, connections } = trace.summary();
  let last = 0;
  for (let packet = 1; packet <= frames; packet++) {
    const detail = trace.packet(packet)!;
    for (const { buffer, start, end, fields } of detail.layers) {
      const size = detail.buffers[buffer]!.bytes.length;
      assert.ok(start <= end && end <= size, `packet ${packet} lies in its buffer`);
      for (const { bit, bits } of fields) assert.ok(bit + bits <= size * 8, `packet ${packet} has its fields inside`);
    }
    const lines = trace.linesOf(packet);
    if (lines === null) continue;
    assert.ok(lines.first >= last, 'lines go on');
    last = lines.first;
    assert.equal(trace.packetAtLine(lines.first + lines.count - 1) === null, false);
  }
  for (const row of trace.allSegments()) {
    trace.options(row.segment);
    assert.ok(row.packet <= frames);
  }
  trace.connections(0, connections);
  for (let connection = 0; connection < Math.min(connections, 5); connection++) trace.segments(connection, 0, 50);
}

/** Nothing may throw or hang, and every packet, segment and field must point inside the text. */
export const texts: FuzzTarget = {
  id: 'texts',
  about: 'damaged texts of every format',
  share: 7,
  prepare() {
    const all = [...Object.values(SAMPLES), ...textFixtures().map(({ text }) => text.slice(0, MOST_BYTES))];
    return (seed) => {
      const next = random(seed);
      const text = all[next(all.length)]!;
      const changed = next(3) === 0 ? text : shuffled(text, next);
      const bytes = Buffer.from(changed);
      check(next(3) === 0 ? bytes : mutate(bytes, next));
    };
  },
};
