import assert from 'node:assert/strict';
import { packetNumber } from '../../src/extension/commands/packet-number';

describe('a packet number that is typed', () => {
  for (const [typed, number] of [
    ['42', 42],
    [' 42 ', 42],
    ['#42', 42],
    ['0', 0],
    ['1,234', 1234],
    ['1 234 567', 1_234_567],
    ['1\u202f234', 1234],
    ["1'234", 1234],
    ['012', 12],
  ] as const)
    it(`may be ${JSON.stringify(typed)}`, () => assert.equal(packetNumber(typed), number));

  for (const typed of [
    '1.5',
    '1,5',
    '1.',
    '.5',
    '1e3',
    '-1',
    '+1',
    '1 2',
    '12,34',
    '1,2345',
    '0x10',
    'five',
    '#',
    '',
    '1'.repeat(16),
  ])
    it(`is not ${JSON.stringify(typed)}`, () => assert.equal(packetNumber(typed), null));
});
