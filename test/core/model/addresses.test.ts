import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { AddressTable, ipv4Text, ipv6Text } from '../../../src/core/model/addresses';
import { IPV4, IPV6, NAME } from '../../../src/core/model/facts';
import { random as seeded } from '../../support/random';

/** The sixteen bytes of an address that is written out in full. */
const bytesOf = (groups: string): Uint8Array =>
  Uint8Array.from(groups.split(':').flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));

describe('address text', () => {
  // The left side of each pair is written out; the right one is what the section says.
  for (const [section, full, text] of [
    ['§1', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['§4.1', '2001:0db8:0:0:0:0:0:0001', '2001:db8::1'],
    ['§4.2.1', '2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['§4.2.2', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['§4.2.3, the longer run', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['§4.2.3, the first of equal runs', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['§4.3', '2001:DB8:0:0:0:0:ABCD:EF01', '2001:db8::abcd:ef01'],
    ['§5', '0:0:0:0:0:ffff:c000:0201', '::ffff:192.0.2.1'],
    ['unspecified', '0:0:0:0:0:0:0:0', '::'],
    ['loopback', '0:0:0:0:0:0:0:1', '::1'],
    ['zeros at the end', 'fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['no zeros', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ] as const)
    it(`is ${text} by RFC 5952 (${section})`, () => assert.equal(ipv6Text(bytesOf(full), 0), text));

  it('is a valid address for any sixteen bytes, and says the same as a URL does', () => {
    const random = seeded(5952);
    for (let i = 0; i < 2000; i++) {
      const bytes = Uint8Array.from({ length: 18 }, () => (random(10) < 6 ? 0 : random(256)));
      const text = ipv6Text(bytes, 2);
      assert.ok(isIPv6(text), text);
      const isMapped = text.includes('.');
      if (!isMapped) assert.equal(new URL(`http://[${text}]`).hostname, `[${text}]`);
    }
  });

  it('of IPv4 is a dotted quad of the raw bits', () => {
    assert.equal(ipv4Text(0x0a010002), '10.1.0.2');
    assert.equal(ipv4Text(0xffffffff | 0), '255.255.255.255');
    assert.equal(ipv4Text(0), '0.0.0.0');
  });
});

describe('the address table', () => {
  it('gives the same number for the same address, whatever came between', () => {
    const table = new AddressTable();
    const random = seeded(6);
    const addresses = Array.from({ length: 5000 }, (_, i) =>
      Uint8Array.from({ length: 16 }, (_, at) => (at < 14 ? 0x20 : at === 14 ? i >> 8 : i & 255)),
    );
    const numbers = addresses.map((address) => table.internIpv6(address, 0));
    assert.equal(new Set(numbers).size, addresses.length);
    for (let i = 0; i < 20_000; i++) {
      const pick = random(addresses.length);
      assert.equal(table.internIpv6(addresses[pick]!, 0), numbers[pick]);
    }
    assert.equal(table.text(IPV6, numbers[258]!), '2020:2020:2020:2020:2020:2020:2020:102');
  });

  it('keeps names as they are written', () => {
    const table = new AddressTable();
    const number = table.intern('server.example');
    assert.equal(table.intern('server.example'), number);
    assert.notEqual(table.intern('Server.example'), number);
    assert.equal(table.text(NAME, number), 'server.example');
  });

  it('tells IPv4 addresses by their bits', () => {
    assert.equal(new AddressTable().text(IPV4, 0xc0000201 | 0), '192.0.2.1');
  });
});
