import assert from 'node:assert/strict';
import { endpointInFull, endpointLabel, endpointText } from '../../../src/core/format/endpoint';

describe('an endpoint', () => {
  const v4 = { address: '10.1.0.2', port: 51234 };
  const v6 = { address: '2001:db8::1', port: 443 };
  const named = { ...v6, name: 'www.example.com' };

  it('has an IPv6 address in brackets (RFC 5952 §6)', () => {
    for (const text of [endpointText, endpointLabel, endpointInFull]) {
      assert.equal(text(v4), '10.1.0.2:51234');
      assert.equal(text(v6), '[2001:db8::1]:443');
    }
  });

  it('is shown by its name where one is known, with the address where there is room', () => {
    assert.equal(endpointText(named), '[2001:db8::1]:443');
    assert.equal(endpointLabel(named), 'www.example.com:443');
    assert.equal(endpointInFull(named), 'www.example.com (2001:db8::1):443');
  });
});
