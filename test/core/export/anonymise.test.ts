import assert from 'node:assert/strict';
import { Anonymiser } from '../../../src/core/export/anonymise';
import { halfSipHash } from '../../../src/core/export/half-sip-hash';
import { random } from '../../support/random';

/** Leading bits that two addresses share. */
function sharedBits(a: Uint8Array, b: Uint8Array): number {
  for (let bit = 0; bit < a.length * 8; bit++)
    if (((a[bit >> 3]! ^ b[bit >> 3]!) & (0x80 >> (bit & 7))) !== 0) return bit;
  return a.length * 8;
}

describe('anonymised addresses', () => {
  it('rest on HalfSipHash-2-4, as its reference has it', () => {
    // vectors.h of https://github.com/veorq/SipHash: key 00 01 … 07, input 00 01 … of each length.
    const expected = [
      0x5b9f35a9, 0xb85a4727, 0x03a662fa, 0x04e7fe8a, 0x89466e2a, 0x69b6fac5, 0x23fc6358, 0xc563cf8b, 0x8f84b8d0,
    ];
    const input = Uint8Array.from({ length: expected.length }, (_, i) => i);
    assert.deepEqual(
      expected.map((_, length) => halfSipHash([0x03020100, 0x07060504], input.subarray(0, length))),
      expected,
    );
  });

  for (const length of [4, 16])
    it(`share as many leading bits as the ${length === 4 ? 'IPv4' : 'IPv6'} addresses they stand for`, () => {
      const pick = random(7);
      const anonymiser = new Anonymiser([1, 2]);
      const addresses = Array.from({ length: 60 }, (_, i) =>
        // Unicast, in few networks, so that there are long common prefixes.
        Uint8Array.from({ length }, (_, at) => (at === 0 ? (length === 4 ? 10 : 0x20) : at < length - 1 ? pick(2) : i)),
      );
      const others = addresses.map((address) => anonymiser.replacement(address));
      assert.ok(others.filter((other, i) => sharedBits(other, addresses[i]!) < length * 8).length > 50);
      for (const [i, a] of addresses.entries())
        for (const [j, b] of addresses.entries()) assert.equal(sharedBits(others[i]!, others[j]!), sharedBits(a, b));
    });

  it('are other ones with another key', () => {
    const address = Uint8Array.of(10, 1, 2, 3);
    assert.notDeepEqual(new Anonymiser([1, 2]).replacement(address), new Anonymiser([3, 4]).replacement(address));
  });

  it('leave alone what names nobody', () => {
    const anonymiser = new Anonymiser([1, 2]);
    for (const address of [
      [127, 0, 0, 1],
      [224, 0, 0, 251],
      [255, 255, 255, 255],
      [0, 0, 0, 0],
      [...new Array<number>(15).fill(0), 1],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x33, 0x33, 0, 0, 0, 1],
    ])
      assert.deepEqual([...anonymiser.replacement(Uint8Array.from(address))], address);
  });

  it('of stations are locally administered unicast addresses', () => {
    const other = new Anonymiser([1, 2]).replacement(Uint8Array.of(0x00, 0x1b, 0x21, 1, 2, 3));
    assert.equal(other[0]! & 3, 2);
    assert.notDeepEqual([...other.subarray(1)], [0x1b, 0x21, 1, 2, 3]);
  });

  it('of unicast stay unicast', () => {
    const pick = random(3);
    for (let i = 0; i < 300; i++) {
      const address = Uint8Array.of(1 + pick(223), pick(256), pick(256), 1 + pick(254));
      if (address[0] === 127) continue;
      assert.ok(new Anonymiser([i, 5]).replacement(address)[0]! < 224);
    }
  });
});
