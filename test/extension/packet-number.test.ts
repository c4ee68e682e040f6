import assert from 'node:assert/strict';
import { packetNumber, packetRange } from '../../src/extension/commands/packet-number';

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

describe('a range of packets that was typed', () => {
  for (const [text, range] of [
    ['1000-2000', [1000, 2000]],
    [' 1,000 – 2,000 ', [1000, 2000]],
    ['#5…#9', [5, 9]],
    ['7-', [7, Infinity]],
    ['-7', [1, 7]],
    ['7', [7, 7]],
    ['7-7', [7, 7]],
  ] as const)
    it(`${text} is ${range.join(' to ')}`, () => {
      const found = packetRange(text);
      assert.deepEqual(found && [found.from, found.to], range);
    });

  for (const text of ['', '-', 'a-b', '9-5', '0-3', '1-2-3', '1.5-2', '-0', '1e3'])
    it(`"${text}" is none`, () => assert.equal(packetRange(text), null));
});
