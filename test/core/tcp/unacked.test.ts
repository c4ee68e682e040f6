import assert from 'node:assert/strict';
import { seqAdd, seqGt, seqLe } from '../../../src/core/bytes/seq';
import { Memory, MEMORY_WORDS } from '../../../src/core/tcp/memory';
import { MAX_UNACKED, Unacked } from '../../../src/core/tcp/unacked';
import { random } from '../../support/random';

const flows = (count: number): Memory[] => {
  const words = new Int32Array(count * MEMORY_WORDS);
  return Array.from({ length: count }, (_, i) => {
    const memory = new Memory();
    memory.words = words;
    memory.at = i * MEMORY_WORDS;
    memory.reset();
    return memory;
  });
};

/** The same as plain lists, with every segment looked at each time. */
class Naive {
  private segments: { segment: number; start: number; end: number }[] = [];

  add(segment: number, start: number, end: number): void {
    this.segments.push({ segment, start, end });
  }

  acknowledge(ack: number): number {
    const done = this.segments.filter(({ end }) => !seqGt(end, ack));
    const exact = done.filter(({ end }) => end === ack).map(({ segment }) => segment);
    this.segments = this.segments.filter(({ end }) => seqGt(end, ack));
    for (const one of this.segments) if (seqGt(ack, one.start) && seqLe(ack, one.end)) one.start = ack;
    return exact.length > 0 ? Math.min(...exact) : -1;
  }

  oldest(): number {
    return this.segments.length > 0 ? Math.min(...this.segments.map(({ segment }) => segment)) : -1;
  }

  span(base: number): number {
    if (this.segments.length === 0) return 0;
    const starts = this.segments.map(({ start }) => (start - base) >>> 0);
    const ends = this.segments.map(({ end }) => (end - base) >>> 0);
    return (Math.max(...ends) - Math.min(...starts)) | 0;
  }

  get length(): number {
    return this.segments.length;
  }
}

describe('unacknowledged segments', () => {
  for (const [what, reach] of [
    ['in order and nearly so', 3000],
    ['that lie far apart', 2 ** 32],
  ] as const)
    it(`are those of a plain list: numbers ${what}`, () => {
      for (let seed = 0; seed < 60; seed++) {
        const pick = random(seed);
        const unacked = new Unacked();
        const memories = flows(3);
        const naive = memories.map(() => new Naive());
        const next = memories.map((memory) => (memory.baseSeq = seqAdd(pick(2 ** 32), 0)));
        for (let segment = 0; segment < 300; segment++) {
          const flow = pick(3);
          const [memory, model] = [memories[flow]!, naive[flow]!];
          if (pick(3) > 0) {
            const start = seqAdd(next[flow]!, pick(4) === 0 ? pick(reach) - reach / 2 : 0);
            const end = seqAdd(start, 1 + pick(1460));
            unacked.add(memory, segment, start, end);
            model.add(segment, start, end);
            if (seqGt(end, next[flow]!)) next[flow] = end;
          } else {
            const ack = seqAdd(next[flow]!, -pick(pick(2) ? 10 : reach));
            assert.equal(unacked.acknowledge(memory, ack), model.acknowledge(ack), `seed ${seed}, segment ${segment}`);
          }
          assert.equal(unacked.oldest(memory), model.oldest());
          assert.equal(unacked.span(memory), model.span(memory.baseSeq), `seed ${seed}, segment ${segment}`);
          assert.equal(memory.unackedCount, model.length);
        }
      }
    });

  it('are no more than Wireshark keeps', () => {
    const unacked = new Unacked();
    const [memory] = flows(1);
    for (let i = 0; i < MAX_UNACKED; i++) assert.equal(unacked.add(memory!, i, i, i + 1), true);
    assert.equal(unacked.add(memory!, MAX_UNACKED, MAX_UNACKED, MAX_UNACKED + 1), false);
    assert.equal(unacked.acknowledge(memory!, 10), 9);
    assert.equal(unacked.add(memory!, MAX_UNACKED, MAX_UNACKED, MAX_UNACKED + 1), true);
  });

  it('name the older of two that end where the ACK does', () => {
    const unacked = new Unacked();
    const [memory] = flows(1);
    unacked.add(memory!, 4, 100, 200);
    unacked.add(memory!, 9, 150, 200);
    assert.equal(unacked.acknowledge(memory!, 200), 4);
    assert.equal(memory!.unackedCount, 0);
  });

  it('are shortened by an ACK in their middle', () => {
    const unacked = new Unacked();
    const [memory] = flows(1);
    memory!.baseSeq = 0;
    unacked.add(memory!, 1, 100, 200);
    assert.equal(unacked.acknowledge(memory!, 150), -1);
    assert.equal(unacked.span(memory!), 50);
  });
});
