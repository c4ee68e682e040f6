import assert from 'node:assert/strict';
import { ConnectionTable } from '../../../src/core/tcp/connection-table';
import { IPV4, IPV6, NAME } from '../../../src/core/model/facts';
import { random } from '../../support/random';

describe('the connection table', () => {
  it('finds a hundred thousand connections again, in any order', () => {
    const table = new ConnectionTable();
    const pick = random(9293);
    const known = new Map<string, number>();
    const keys: (readonly [number, number, number, number])[] = [];
    while (keys.length < 100_000) {
      // Few addresses and many ports, and many addresses and few ports: as servers, proxies and scans look like.
      const isScan = keys.length % 2 === 0;
      const key = [
        isScan ? IPV4 : IPV6,
        isScan ? 0x0a000001 : pick(2 ** 32) | 0,
        isScan ? pick(2 ** 32) | 0 : pick(4),
        isScan ? (pick(4) << 16) | 80 : (pick(65536) << 16) | pick(65536),
      ] as const;
      if (known.has(key.join())) continue;
      assert.equal(table.find(...key), -1);
      known.set(key.join(), table.add(...key, 0));
      keys.push(key);
    }
    assert.equal(table.length, keys.length);
    for (let i = 0; i < 200_000; i++) {
      const key = keys[pick(keys.length)]!;
      assert.equal(table.find(...key), known.get(key.join()));
    }
  }).timeout(20_000);

  it('gives the latest of several connections between the same endpoints, also after it has grown', () => {
    const table = new ConnectionTable();
    const first = table.add(IPV4, 1, 2, 3, 0);
    const second = table.add(IPV4, 1, 2, 3, 0);
    assert.notEqual(first, second);
    assert.equal(table.find(IPV4, 1, 2, 3), second);
    for (let port = 10; port < 20_000; port++) table.add(IPV4, 1, 2, port, 0);
    assert.equal(table.find(IPV4, 1, 2, 3), second);
    assert.equal(table.add(IPV4, 1, 2, 3, 0), table.length - 1);
    assert.equal(table.find(IPV4, 1, 2, 3), table.length - 1);
  });

  it('keeps many incarnations without a slot for each', () => {
    const table = new ConnectionTable();
    for (let i = 0; i < 50_000; i++) table.add(IPV4, 1, 2, 3, 0);
    assert.equal(table.find(IPV4, 1, 2, 3), 49_999);
    assert.equal(table.find(IPV4, 1, 2, 4), -1);
  });

  it('tells families apart: the same numbers are another connection', () => {
    const table = new ConnectionTable();
    const rows = [IPV4, IPV6, NAME].map((family) => table.add(family, 7, 8, 9, 0));
    assert.deepEqual(
      [IPV4, IPV6, NAME].map((family) => table.find(family, 7, 8, 9)),
      rows,
    );
    assert.deepEqual(
      rows.map((row) => table.family(row)),
      [IPV4, IPV6, NAME],
    );
  });
});
