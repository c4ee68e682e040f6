import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { ACK, SYN } from '../../../src/core/model/flags';
import { block, bytes, END_OF_OPTIONS, enhancedPacket, interfaceBlock, section } from '../../support/capture-builders';
import { namesRecord } from '../../support/capture-samples';
import { encodeFrame } from '../../support/tcp-frames';
import { readTrace } from '../../support/traces';

/** LINKTYPE_RAW. */
const RAW_IP = 101;

const frame = (flags: number): Uint8Array =>
  encodeFrame({
    source: 0xc0000201,
    destination: 0xc0000202,
    sourcePort: 40_000,
    destinationPort: 80,
    seq: 0,
    ack: 0,
    flags,
    window: 1,
  });

/** A connection of 192.0.2.1 and 192.0.2.2, with names that come behind its packets, as Wireshark writes them. */
const named = (...records: readonly Uint8Array[]): Uint8Array =>
  bytes(
    section(),
    interfaceBlock({ linkType: RAW_IP }),
    enhancedPacket(frame(SYN)),
    enhancedPacket(frame(ACK)),
    block(4, bytes(...records, END_OF_OPTIONS)),
  );

describe('names of hosts that a capture carries', () => {
  const trace = readTrace(named(namesRecord(1, [192, 0, 2, 2], 'www.example\0alias.example\0')));

  it('stand beside the addresses of a connection, the first of several', () => {
    const [row] = trace.connections(0, 1);
    assert.deepEqual(
      [row!.client, row!.server],
      [
        { address: '192.0.2.1', port: 40_000 },
        { address: '192.0.2.2', port: 80, name: 'www.example' },
      ],
    );
    assert.deepEqual(trace.endpoints(0), { client: row!.client, server: row!.server });
  });

  it('are what an address in a header means', () => {
    const ip = trace.packet(1)!.layers.find(({ id }) => id === 'ip')!;
    const meanings = ['ip.src', 'ip.dst'].map((id) => {
      const { value, meaning } = ip.fields.find((field) => field.id === id)!;
      return [value, meaning && render(meaning)];
    });
    assert.deepEqual(meanings, [
      ['192.0.2.1', undefined],
      ['192.0.2.2', 'www.example'],
    ]);
  });

  it('are inert, and no longer than a name can be (RFC 1035 §2.3.4)', () => {
    const hostile = readTrace(
      named(
        namesRecord(1, [192, 0, 2, 1], 'a\u001b[31m\u202eb\0'),
        namesRecord(1, [192, 0, 2, 2], `${'x'.repeat(254)}\0`),
      ),
    );
    const [row] = hostile.connections(0, 1);
    assert.deepEqual([row!.client.name, row!.server.name], ['a‹ESC›[31m‹U+202E›b', undefined]);
  });
});
