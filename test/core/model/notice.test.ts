import assert from 'node:assert/strict';
import { message } from '../../../src/core/model/message';
import { damageOf, type Notice } from '../../../src/core/model/notice';

describe('what a notice says of the file', () => {
  const damage = (code: string, severity: Notice['severity']): unknown =>
    damageOf({ code, severity, message: message('…') });

  it('tells a cut from damage, and both from what was not read', () => {
    assert.equal(damage('cut-record', 'warning'), 'cut');
    assert.equal(damage('cut-header', 'error'), 'cut');
    assert.equal(damage('damaged-record', 'error'), 'damaged');
    assert.equal(damage('read-error', 'error'), 'unread');
    assert.equal(damage('broken-off', 'error'), 'unread');
  });

  it('tells nothing of what is no damage', () => {
    assert.equal(damage('unsupported-link-type', 'warning'), null);
    assert.equal(damage('cancelled', 'info'), null);
  });
});
