import assert from 'node:assert/strict';
import { conditionValues } from '../../../src/core/format/reason';

describe('the numbers of a condition', () => {
  it('are durations, flags by their names, and what is not known', () => {
    // RFC 9293 §3.1: ACK is bit 4 of the octet, PSH bit 3.
    assert.deepEqual(conditionValues({ una: 1001, elapsedNs: 204_000_000, flags: 0x18, sndNxt: null }), [
      'una 1001',
      'elapsed 204 ms',
      'flags PSH ACK',
      'sndNxt ?',
    ]);
    assert.deepEqual(conditionValues({ flags: 0 }), ['flags 0']);
  });
});
