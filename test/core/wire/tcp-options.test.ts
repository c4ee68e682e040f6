import assert from 'node:assert/strict';
import { decodeOptions } from '../../../src/core/wire/transport/tcp-options';
import { fromHex } from '../../support/wire/decode';

const decode = (hex: string): unknown[] => {
  const bytes = fromHex(hex);
  return decodeOptions(bytes, 0, bytes.length);
};

describe('TCP options', () => {
  it('reads what a SYN of Linux carries', () => {
    assert.deepEqual(decode('020405b4 0402 080a 000000ff 00000000 01 030307'), [
      { kind: 'mss', value: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 255, echo: 0 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 7 },
    ]);
  });

  it('reads SACK blocks as unsigned numbers (RFC 2018 §3)', () => {
    assert.deepEqual(decode('0101 0512 00000001 00000002 fffffff0 00000005'), [
      { kind: 'nop' },
      { kind: 'nop' },
      {
        kind: 'sack',
        blocks: [
          [1, 2],
          [0xfffffff0, 5],
        ],
      },
    ]);
  });

  it('ends at End of Option List; what follows is padding (RFC 9293 §3.1)', () => {
    assert.deepEqual(decode('030302 00 020405b4'), [{ kind: 'window-scale', shift: 2 }, { kind: 'end' }]);
  });

  it('keeps a shift above 14 as it stands (RFC 7323 §2.3)', () => {
    assert.deepEqual(decode('03030f'), [{ kind: 'window-scale', shift: 15 }]);
  });

  it('reads Fast Open and its experiment (RFC 7413 §4.1.1, RFC 6994)', () => {
    assert.deepEqual(decode('2202'), [{ kind: 'fast-open', option: 34, data: '', cookie: '' }]);
    assert.deepEqual(decode('2206 01020304'), [
      { kind: 'fast-open', option: 34, data: '01020304', cookie: '01020304' },
    ]);
    assert.deepEqual(decode('fe06 f989 abcd'), [
      { kind: 'fast-open-experimental', option: 254, data: 'f989abcd', experiment: 0xf989, cookie: 'abcd' },
    ]);
  });

  it('names the subtypes of Multipath TCP (RFC 8684 §8.2)', () => {
    assert.deepEqual(decode('1e04 0181'), [
      { kind: 'mptcp', option: 30, data: '0181', subtype: 0, subtypeName: 'MP_CAPABLE' },
    ]);
    const subtypes = decode('1e0300 1e0310 1e0320 1e0330 1e0340 1e0350 1e0360 1e0370 1e0380 1e03f0');
    assert.deepEqual(
      subtypes.map((option) => (option as { subtypeName: string }).subtypeName),
      'MP_CAPABLE MP_JOIN DSS ADD_ADDR REMOVE_ADDR MP_PRIO MP_FAIL MP_FASTCLOSE MP_TCPRST'
        .split(' ')
        .concat('subtype 15'),
    );
  });

  it('reads the counters of Accurate ECN in both orders (RFC 9768 §3.2.3)', () => {
    assert.deepEqual(decode('ac0b 000001 000002 000003'), [
      {
        kind: 'accecn0',
        option: 172,
        data: '000001000002000003',
        counters: [
          { name: 'e0b', value: 1 },
          { name: 'ceb', value: 2 },
          { name: 'e1b', value: 3 },
        ],
      },
    ]);
    assert.deepEqual(decode('ae05 000009'), [
      { kind: 'accecn1', option: 174, data: '000009', counters: [{ name: 'e1b', value: 9 }] },
    ]);
  });

  it('reads user timeout (RFC 5482 §3), authentication (RFC 5925 §2.2), MD5 and echo', () => {
    assert.deepEqual(decode('1c04 8005'), [
      { kind: 'user-timeout', option: 28, data: '8005', unit: 'minutes', value: 5 },
    ]);
    assert.deepEqual(decode('1d06 0102 abcd'), [
      { kind: 'ao', option: 29, data: '0102abcd', keyId: 1, nextKeyId: 2, mac: 'abcd' },
    ]);
    assert.deepEqual(decode(`1312 ${'11'.repeat(16)}`), [{ kind: 'md5-signature', option: 19, data: '11'.repeat(16) }]);
    assert.deepEqual(decode('0606 00000007 0706 00000008'), [
      { kind: 'echo', option: 6, data: '00000007', value: 7 },
      { kind: 'echo-reply', option: 7, data: '00000008', value: 8 },
    ]);
  });

  it('keeps what it has no name for', () => {
    assert.deepEqual(decode('c803 aa'), [{ kind: 'option-200', option: 200, data: 'aa' }]);
    assert.deepEqual(decode('fd04 1234'), [{ kind: 'experiment-253', option: 253, data: '1234', experiment: 0x1234 }]);
  });

  it('calls a length that is not that of the kind malformed, and goes on behind it', () => {
    assert.deepEqual(decode('020305 030307'), [
      { kind: 'malformed', option: 2, data: '05' },
      { kind: 'window-scale', shift: 7 },
    ]);
    assert.deepEqual(decode('0508 000000010000'), [{ kind: 'malformed', option: 5, data: '000000010000' }]);
    assert.deepEqual(decode('0502'), [{ kind: 'malformed', option: 5, data: '' }]);
  });

  it('stops at a length that is impossible', () => {
    for (const [hex, data] of [
      ['0200 01', '01'],
      ['0201 01', '01'],
      ['02ff 01', '01'],
      ['02', ''],
    ] as const)
      assert.deepEqual(decode(hex), [{ kind: 'malformed', option: 2, data }], hex);
  });
});
