import assert from 'node:assert/strict';
import { arrowLabel } from '../../../src/core/explain/label';
import { HAS_MSS } from '../../../src/core/model/facts';
import { ACK, FIN, PSH, RST, SYN, URG } from '../../../src/core/model/flags';

describe('the label on an arrow', () => {
  const label = (flags: number, more: Partial<Parameters<typeof arrowLabel>[0]> = {}): string =>
    arrowLabel({
      flags,
      seq: 5,
      ack: 21,
      absent: 0,
      len: 0,
      window: 29200,
      announced: null,
      options: 0,
      mss: 0,
      ...more,
    });

  it('says what a trace says of such a segment', () => {
    assert.equal(label(SYN, { seq: 0, options: HAS_MSS, mss: 1460 }), 'SYN seq 0 win 29200 mss 1460');
    assert.equal(label(SYN | ACK, { seq: 0, ack: 1 }), 'SYN ACK seq 0 ack 1 win 29200');
    assert.equal(label(ACK), 'ACK ack 21');
    assert.equal(label(PSH | ACK, { len: 16 }), 'PSH ACK seq 5 len 16');
    assert.equal(label(FIN | ACK), 'FIN ACK seq 5 ack 21');
    assert.equal(label(RST), 'RST seq 5');
    assert.equal(label(URG | PSH | FIN), 'FIN PSH URG seq 5');
    assert.equal(label(0), 'no flags');
  });

  it('says the window where that is what the segment is about', () => {
    assert.equal(label(ACK, { window: 0, announced: 0 }), 'ACK ack 21 win 0');
    assert.equal(label(ACK, { announced: 3_737_600 }), 'ACK ack 21 win 3737600');
    assert.equal(label(PSH | ACK, { len: 16, announced: 0 }), 'PSH ACK seq 5 len 16 win 0');
    assert.equal(label(SYN | ACK, { seq: 0, ack: 1, window: 0, announced: 0 }), 'SYN ACK seq 0 ack 1 win 0');
  });
});
