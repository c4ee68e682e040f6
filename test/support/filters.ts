import assert from 'node:assert/strict';
import type { Trace } from '../../src/core/analyze';
import type { Filters } from '../../src/core/filter/filters';
import type { FrameTable } from '../../src/core/tcp/tables';

/** The packets that a filter finds in a trace, once it has run to its end. */
export function packetsFound(trace: Trace, filter: string): number[] {
  const { frames } = trace.summary();
  let progress = trace.filter(filter, frames);
  assert.deepEqual(progress.faults, [], filter);
  while (!progress.done) progress = trace.filter(filter, frames);
  const { filters, frames: table } = trace as unknown as { readonly filters: Filters; readonly frames: FrameTable };
  const packets = Array.from(filters.run(filter)?.matches(0, frames) ?? [], (frame) => table.numbers.of(frame));
  assert.equal(packets.length, progress.packets, filter);
  return packets;
}
