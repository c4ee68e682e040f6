import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ActiveCapture } from '../../../src/extension/api';
import { closeAll, inWorkspace, open } from './captures';

/** Initial sequence numbers of the FTP session in the textbooks. */
const X = 2452765130;
const Y = 1996069412;

describe('the FTP session of the textbooks', () => {
  let capture: ActiveCapture;

  beforeEach(async () => {
    capture = await open(inWorkspace('ftp-textbook.pcap'));
  });
  afterEach(closeAll);

  it('is one connection with both handshakes', async () => {
    assert.equal(capture.summary?.connections, 1);
    const [connection] = await capture.query('connections', { start: 0, end: 1 });
    assert.ok(connection);
    assert.equal(connection.partial, false);
    assert.equal(connection.server.port, 21);
    // The server closes first, so it is the one that waits (RFC 9293 §3.6).
    assert.deepEqual(connection.state, { client: 'CLOSED', server: 'TIME-WAIT' });
    assert.deepEqual(connection.completeness, ['SYN', 'SYN-ACK', 'ACK', 'DATA', 'FIN']);
  });

  it('opens with X, X + 1, Y and Y + 1', async () => {
    const [syn, synAck, ack] = await capture.query('segments', { connection: 0, start: 0, end: 3 });
    assert.ok(syn && synAck && ack);
    assert.deepEqual([syn.flags, syn.seqRaw], [['SYN'], X]);
    assert.deepEqual([synAck.flags, synAck.seqRaw, synAck.ackRaw], [['SYN', 'ACK'], Y, X + 1]);
    assert.deepEqual([ack.flags, ack.seqRaw, ack.ackRaw], [['ACK'], X + 1, 1996069413]);
    assert.deepEqual(
      [syn, synAck, ack].map((row) => [row.client.state, row.server.state]),
      [
        ['SYN-SENT', 'SYN-RECEIVED'],
        ['ESTABLISHED', 'SYN-RECEIVED'],
        ['ESTABLISHED', 'ESTABLISHED'],
      ],
    );
  });

  it('is closed by the server first', async () => {
    const rows = (await capture.query('segments', { connection: 0, start: 0, end: 1000 })).slice(-4);
    assert.deepEqual(
      rows.map((row) => [row.from, row.flags.includes('FIN'), row.seqRaw, row.ackRaw]),
      [
        ['server', true, 1996069507, rows[0]!.ackRaw],
        ['client', false, rows[1]!.seqRaw, 1996069508],
        ['client', true, 2452765157, rows[2]!.ackRaw],
        ['server', false, rows[3]!.seqRaw, 2452765158],
      ],
    );
    assert.deepEqual(
      rows.map((row) => [row.client.state, row.server.state]),
      [
        ['CLOSE-WAIT', 'FIN-WAIT-1'],
        ['CLOSE-WAIT', 'FIN-WAIT-2'],
        ['LAST-ACK', 'TIME-WAIT'],
        ['CLOSED', 'TIME-WAIT'],
      ],
    );
  });

  it('gives the bytes behind a field', async () => {
    const packet = await capture.query('packet', { packet: 3 });
    assert.ok(packet);
    const tcp = packet.layers.find((layer) => layer.id === 'tcp');
    assert.ok(tcp);
    const field = tcp.fields.find((each) => each.id === 'tcp.ack');
    assert.ok(field);
    assert.equal(field.bit % 8, 0);
    const bytes = packet.buffers[tcp.buffer]!.bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    assert.equal(view.getUint32(field.bit / 8), Y + 1);
  });

  it('stays where it was when Go to Packet is left without a number', async () => {
    const before = capture.state;
    const done = vscode.commands.executeCommand('tcpTrace.goToPacket');
    // Closes the box once it is there; before that, there is nothing to close.
    const closing = setInterval(() => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'), 100);
    await done;
    clearInterval(closing);
    assert.deepEqual(capture.state, before);
  });
});
