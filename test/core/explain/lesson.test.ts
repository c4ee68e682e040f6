import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { LESSON_TOPICS } from '../../../src/core/model/lesson';
import { readTrace, sampleFile } from '../../support/traces';

/** What a packet of a sample with one connection teaches, as `topic: sentence`. */
function taught(sample: string): (packet: number) => string[] {
  const trace = readTrace(sampleFile(`${sample}.pcap`));
  const rows = trace.segments(0, 0, Number.MAX_SAFE_INTEGER);
  return (packet) => {
    const row = rows.find((candidate) => candidate.packet === packet)!;
    return trace.lessonOf(row).map(({ topic, text }) => `${topic}: ${render(text)}`);
  };
}

const about = (topic: string, parts: readonly string[]): string => parts.find((part) => part.startsWith(topic)) ?? '';

describe('what a segment teaches', () => {
  describe('of the textbook’s FTP session: X = 2452765130, Y = 1996069412', () => {
    const packet = taught('ftp-textbook');

    it('the three steps of the handshake, with who knows what and which queue holds it', () => {
      const [syn, synAck, ack] = [1, 2, 3].map(packet) as [string[], string[], string[]];
      assert.match(about('role', syn), /Step 1 of the three-way handshake: the client/);
      assert.equal(
        about('states', syn),
        'states: The client is SYN-SENT (also written SYN_SENT, SYN_SEND), the server SYN-RECEIVED (also written SYN_RCVD, SYN_RECV).',
      );
      assert.match(
        about('knows', syn),
        /The server knows that the client asks, and X = 2452765130\. The client knows nothing/,
      );
      assert.match(
        about('queue', syn),
        /The server puts the connection in its queue of half-open connections \(SYN queue\)/,
      );
      assert.match(about('lost', syn), /after about 1 s, and wait twice as long each time \(RFC 6298 §2\.1, §5\.5\)/);
      assert.match(about('role', synAck), /Step 2 .* the server/);
      assert.match(about('knows', synAck), /The client knows Y = 1996069412, .* The server does not know yet/);
      assert.match(about('queue', synAck), /stays in the queue of half-open connections of the server/);
      assert.match(about('why', synAck), /three are enough/);
      assert.match(about('role', ack), /Step 3 .* the client/);
      assert.match(about('knows', ack), /begin at X \+ 1 = 2452765131, those of the server at Y \+ 1 = 1996069413\./);
      assert.match(about('queue', ack), /from the queue of half-open connections \(SYN queue\) to .* \(accept queue\)/);
      assert.match(about('why', ack), /Three steps, not two/);
    });

    it('the four steps of the close, which the server begins', () => {
      assert.match(about('role', packet(17)), /Step 1 of the four-way close: the server/);
      assert.match(
        about('role', packet(18)),
        /Step 2 of the four-way close: the client acknowledges the FIN of the server/,
      );
      assert.match(about('why', packet(18)), /Four steps: each direction closes on its own/);
      assert.match(about('role', packet(19)), /Step 3 of the four-way close: the client/);
      assert.match(about('role', packet(20)), /Last step of the four-way close: the server/);
      assert.match(about('why', packet(20)), /TIME-WAIT is needed/);
      assert.match(about('lost', packet(20)), /The client would stay in LAST-ACK .* the server answers from TIME-WAIT/);
    });

    it('data: packet 4 carries bytes 1 to 23, and packet 5 acknowledges all of them', () => {
      assert.deepEqual(packet(4), [
        'role: Data of the server: each byte has a sequence number, here 1 to 23.',
        'knows: The client has everything before 24. The server learns that only from an acknowledgment: until then it keeps everything from 1 on, to send it again if it must.',
        'lost: The client would go on asking for 1. The server would send it again after three duplicate ACKs, or when its timer expires (RFC 5681 §3.2, RFC 6298 §5.4).',
      ]);
      assert.equal(about('knows', packet(5)), 'knows: The server knows that everything it has sent has arrived.');
    });
  });

  it('why three segments close a connection where ACK and FIN are joined', () => {
    assert.match(about('why', taught('lost-syn-ack')(14)), /Three segments, not four: the server/);
  });

  it('nothing about who knows what where a segment did not arrive: the first SYN-ACK was dropped', () => {
    const topics = taught('lost-syn-ack')(2).map((part) => part.split(':')[0]);
    assert.deepEqual(topics, ['role', 'why']);
  });

  it('a simultaneous open and close as such, and not as steps of three and four', () => {
    assert.match(about('role', taught('simultaneous-open')(1)), /Simultaneous open/);
    assert.match(about('role', taught('simultaneous-close')(9)), /Simultaneous close: this FIN of the server/);
  });

  it('why a window closes, and what the loss of its opening would do', () => {
    const packet = taught('zero-window');
    assert.match(about('why', packet(16)), /flow control/);
    assert.match(about('lost', packet(23)), /Both would wait for each other/);
  });

  it('topics in one order, each at most once', () => {
    for (const sample of ['ftp-textbook', 'zero-window', 'fast-retransmit', 'reset-unread-data', 'keep-alive']) {
      const packet = taught(sample);
      const { segments } = readTrace(sampleFile(`${sample}.pcap`)).connections(0, 1)[0]!;
      for (let number = 1; number <= segments; number++) {
        const topics = packet(number).map((part) => part.split(':')[0]!);
        assert.deepEqual(
          topics,
          LESSON_TOPICS.filter((topic) => topics.includes(topic)),
          `${sample} ${number}`,
        );
      }
    }
  });
});
