import assert from 'node:assert/strict';
import { linkTypeName } from '../../../src/core/wire/link-types';
import { isSupported } from '../../../src/core/wire/registry';

describe('names of link types', () => {
  it('follow the registry at tcpdump.org', () => {
    assert.equal(linkTypeName(1), 'Ethernet');
    assert.equal(linkTypeName(276), 'Linux cooked v2');
    assert.equal(linkTypeName(195), 'IEEE 802.15.4');
  });

  it('fall back to the number', () => {
    assert.equal(linkTypeName(9999), 'LINKTYPE 9999');
  });

  it('are there for all that are decoded', () => {
    for (let linkType = 0; linkType < 0x10000; linkType++)
      if (isSupported(linkType)) assert.doesNotMatch(linkTypeName(linkType), /^LINKTYPE/);
  });
});
