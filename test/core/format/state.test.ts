import assert from 'node:assert/strict';
import { OTHER_STATE_NAMES, otherStateNames } from '../../../src/core/format/state';
import { STATES } from '../../../src/core/model/states';

describe('the names of states', () => {
  it('have those of netstat(8) and of textbooks beside those of the RFC', () => {
    const known = new Set<string>([...STATES, ...Object.values(OTHER_STATE_NAMES).flat()]);
    // The list in netstat(8), and what BSD and Stevens write.
    const netstat =
      'ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING';
    const textbooks = 'SYN_SENT SYN_RCVD FIN_WAIT_1 FIN_WAIT_2 SYN_SEND';
    for (const name of `${netstat} ${textbooks}`.split(' ')) assert.ok(known.has(name), name);
  });

  it('are told of several states, each once, and of none that everybody spells alike', () => {
    assert.equal(
      otherStateNames(['SYN-RECEIVED', 'ESTABLISHED', 'SYN-RECEIVED', null, 'LAST-ACK']),
      'SYN-RECEIVED = SYN_RCVD, SYN_RECV · LAST-ACK = LAST_ACK',
    );
    assert.equal(otherStateNames(['ESTABLISHED', null]), null);
  });
});
