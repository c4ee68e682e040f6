import assert from 'node:assert/strict';
import { endpointText } from '../../../src/core/format/endpoint';

describe('endpointText', () => {
  it('puts IPv6 addresses in brackets (RFC 5952 §6)', () => {
    assert.equal(endpointText({ address: '10.1.0.2', port: 51234 }), '10.1.0.2:51234');
    assert.equal(endpointText({ address: '2001:db8::1', port: 443 }), '[2001:db8::1]:443');
  });
});
