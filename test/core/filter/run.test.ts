import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Trace } from '../../../src/core/analyze';
import { bytesSource } from '../../../src/core/bytes/source';
import { packetsFound } from '../../support/filters';
import { readTrace, sampleFile } from '../../support/traces';

const read = (sample: string): Trace => readTrace(sampleFile(sample));

describe('a filter', () => {
  // The FTP session of the textbooks: handshake in 1 to 3, the server closes first, in 17 to 20 (media/samples/README.md).
  const ftp = read('ftp-textbook.pcap');

  it('finds states as the figures of RFC 9293 have them', () => {
    assert.deepEqual(packetsFound(ftp, 'state.client == SYN-SENT'), [1]);
    assert.deepEqual(packetsFound(ftp, 'state.server == SYN-RECEIVED'), [1, 2]);
    assert.deepEqual(packetsFound(ftp, 'state.client == ESTABLISHED && flags.syn'), [2]);
    assert.deepEqual(packetsFound(ftp, 'packet == 20 && state.client == CLOSED && state.server == TIME-WAIT'), [20]);
  });

  it('finds the states that rows show', () => {
    for (const sample of ['start-here.pcapng', 'fast-retransmit.pcap', 'hijack-mitnick.pcap', 'syn-flood.pcap']) {
      const trace = read(sample);
      for (const state of ['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT', 'TIME-WAIT', 'CLOSED'])
        for (const side of ['client', 'server'] as const)
          assert.deepEqual(
            packetsFound(trace, `state.${side} == ${state}`),
            [...trace.allSegments()].filter((row) => row[side].state === state).map(({ packet }) => packet),
            `${sample} ${side} ${state}`,
          );
    }
  });

  it('knows who is client and who is server', () => {
    assert.deepEqual(packetsFound(ftp, 'from == server && flags == SYN+ACK'), [2]);
    assert.deepEqual(packetsFound(ftp, 'port.server == 21').length, 20);
    assert.deepEqual(packetsFound(ftp, 'port.client == 21'), []);
    assert.deepEqual(packetsFound(ftp, 'address.client == address.server'), []);
  });

  it('takes our truths alone for true, and Wireshark’s for being there', () => {
    assert.deepEqual(packetsFound(ftp, 'flags.syn'), [1, 2]);
    assert.deepEqual(packetsFound(ftp, 'tcp.flags.syn').length, 20);
    assert.deepEqual(packetsFound(ftp, 'flags.syn == false').length, 18);
  });

  it('looks into payload and answers for what reads nothing first', () => {
    assert.deepEqual(
      packetsFound(ftp, 'payload contains "USER"'),
      packetsFound(ftp, 'tcp.payload contains 55:53:45:52'),
    );
    assert.equal(packetsFound(ftp, 'payload contains "USER"').length, 1);
    assert.deepEqual(packetsFound(ftp, 'payload contains "user"'), []);
    assert.deepEqual(packetsFound(ftp, 'payload contains "USER" && from == server'), []);
  });

  it('calls what has to do with a note by our names, one a segment', () => {
    const trace = read('fast-retransmit.pcap');
    const fast = packetsFound(trace, 'note.fast-retransmission');
    assert.ok(fast.length > 0);
    assert.deepEqual(packetsFound(trace, 'note == fast-retransmission'), fast);
    assert.deepEqual(
      packetsFound(trace, 'note.retransmission && note.fast-retransmission'),
      [],
      'a fast retransmission carries its own note alone',
    );
    assert.deepEqual(
      packetsFound(trace, 'not note').length + packetsFound(trace, 'note').length,
      trace.summary().frames,
    );
  });

  it('does its work in parts, shows what it has, and gives the same in the end', () => {
    const trace = read('start-here.pcapng');
    const { frames } = trace.summary();
    const filter = 'state.client == ESTABLISHED && ip.addr == 0.0.0.0/0';
    let share = 0;
    let steps = 0;
    for (let progress = trace.filter(filter, frames); ; progress = trace.filter(filter, frames)) {
      assert.ok(progress.share >= share && progress.share <= 1);
      ({ share } = progress);
      steps++;
      if (progress.done) break;
    }
    assert.ok(steps >= 3, 'layers, states and packets are steps of their own');
    assert.equal(share, 1);
  });

  it('can be asked for while the capture is read, and again when there is more', () => {
    const trace = Trace.open(bytesSource(readFileSync(sampleFile('start-here.pcapng'))), {
      decompressionLimit: 1 << 30,
    });
    assert.deepEqual(packetsFound(trace, 'state.client == ESTABLISHED'), []);
    while (trace.step());
    assert.deepEqual(
      packetsFound(trace, 'state.client == ESTABLISHED'),
      packetsFound(read('start-here.pcapng'), 'state.client == ESTABLISHED'),
    );
  });

  it('counts the connections with a packet in it', () => {
    const trace = read('start-here.pcapng');
    const { frames, connections } = trace.summary();
    for (const filter of ['flags.rst', 'tcp.port == 80', 'tcp', 'len > 1000000']) {
      let progress = trace.filter(filter, frames);
      while (!progress.done) progress = trace.filter(filter, frames);
      const numbers = new Set(packetsFound(trace, filter).map((packet) => trace.place(packet)!.connection));
      numbers.delete(null);
      assert.equal(progress.connections, numbers.size, filter);
      assert.deepEqual(
        trace.connectionsWith(filter, 0, connections).map(({ connection }) => connection),
        [...numbers].sort((a, b) => a! - b!),
      );
      for (let connection = 0; connection <= connections; connection++)
        assert.deepEqual(trace.connectionIndex(filter, connection), {
          length: numbers.size,
          index: [...numbers].filter((one) => one! < connection).length,
          has: numbers.has(connection),
        });
    }
  });

  it('forgets results that nobody asked for lately', () => {
    for (let len = 0; len < 10; len++) packetsFound(ftp, `len == ${len}`);
    assert.equal(ftp.packetIndex('len == 0', null, 1).length, 0);
    assert.ok(packetsFound(ftp, 'len == 0').length > 0);
  });

  it('makes lists of packets, of all or of one connection, with what each row shows', () => {
    const trace = read('start-here.pcapng');
    const { frames, connections } = trace.summary();
    const all = trace.packetRows('', null, 0, frames);
    assert.deepEqual(
      all.map(({ packet }) => packet),
      Array.from({ length: frames }, (_, i) => i + 1),
    );
    const resets = packetsFound(trace, 'flags.rst');
    assert.deepEqual(
      trace.packetRows('flags.rst', null, 0, frames).map(({ packet }) => packet),
      resets,
    );
    for (let connection = 0; connection < connections; connection++) {
      const rows = trace.segments(connection, 0, frames);
      const listed = trace.packetRows('', connection, 0, frames);
      assert.deepEqual(
        listed.map(({ packet }) => packet),
        rows.map(({ packet }) => packet),
      );
      assert.deepEqual(
        trace.matches('flags.rst', connection, 0, frames),
        rows.filter(({ packet }) => resets.includes(packet)).map(({ row }) => row),
      );
      listed.forEach((row, i) => {
        assert.ok(row.info.endsWith(rows[i]!.label), row.info);
        assert.equal(row.from, rows[i]!.from);
        assert.deepEqual(
          row.notes,
          rows[i]!.notes.map(({ kind }) => kind),
        );
        assert.equal(row.deltaNs, i === 0 ? null : row.timeNs! - listed[i - 1]!.timeNs!);
      });
    }
    assert.deepEqual(trace.packetIndex('flags.rst', null, resets[1]!), { length: resets.length, index: 1 });
    assert.deepEqual(trace.packetIndex('', null, 17), { length: frames, index: 16 });
  });

  it('shows states in lists once they have been replayed', () => {
    const trace = read('ftp-textbook.pcap');
    assert.equal(trace.packetRows('', null, 0, 1)[0]!.client, null);
    while (trace.replayStates() < 1);
    assert.deepEqual(
      trace.packetRows('', null, 0, 20).map(({ client, server }) => [client, server]),
      trace.segments(0, 0, 20).map(({ client, server }) => [client.state, server.state]),
    );
  });
});
