/** Made captures for the benchmark: seeded, written as a stream, the same bytes every time. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader } from '../support/capture-builders';

const ETHERNET = 1;
const RECORD_BYTES = 16;
const BUFFER_BYTES = 4 << 20;
/** Ethernet, IPv4 and TCP without options. */
const HEADER_BYTES = 14 + 20 + 20;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const PSH = 0x08;
const ACK = 0x10;
const MSS = 1448;

/** What is to be written of a segment. */
interface Segment {
  source: number;
  destination: number;
  sourcePort: number;
  destinationPort: number;
  seq: number;
  ack: number;
  flags: number;
  window: number;
  payloadBytes: number;
  /** A SACK block, `left < right`; none where both are equal. */
  left: number;
  right: number;
  timestamps: boolean;
}

const SERVER = 0x0a00_0002;

const LONE_SYN: Readonly<Segment> = {
  source: 0,
  destination: SERVER,
  sourcePort: 0,
  destinationPort: 80,
  seq: 0,
  ack: 0,
  flags: SYN,
  window: 512,
  payloadBytes: 0,
  left: 0,
  right: 0,
  timestamps: false,
};

/** xorshift32: fast, and good enough to spread addresses and events. */
export function randomOf(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Writes segments as Ethernet frames with right checksums, 2 µs apart. */
class Capture {
  packets = 0;
  bytes = 0;
  private readonly file: number;
  private readonly buffer = Buffer.alloc(BUFFER_BYTES);
  private readonly view = new DataView(this.buffer.buffer, this.buffer.byteOffset);
  private used = 0;
  private micros = 0;
  private readonly payload = Buffer.alloc(65_536, 'The quick brown fox jumps over the lazy dog. ');
  /** Sum of the first `2 n` payload bytes as words, at index n. */
  private readonly payloadSums = new Float64Array(32_769);

  constructor(path: string) {
    this.file = openSync(path, 'w');
    this.write(pcapHeader({ link: ETHERNET }));
    for (let word = 0; word < 32_768; word++)
      this.payloadSums[word + 1] = this.payloadSums[word]! + this.payload.readUInt16BE(2 * word);
  }

  add(s: Segment): void {
    const hasSack = s.left !== s.right;
    const optionBytes = (s.timestamps ? 12 : 0) + (hasSack ? 12 : 0);
    const frameBytes = HEADER_BYTES + optionBytes + s.payloadBytes;
    if (this.used + RECORD_BYTES + frameBytes > BUFFER_BYTES) this.flush();
    const { buffer, view } = this;
    let at = this.used;
    this.micros += 2;
    view.setUint32(at, 1_700_000_000 + Math.floor(this.micros / 1e6), true);
    view.setUint32(at + 4, this.micros % 1e6, true);
    view.setUint32(at + 8, frameBytes, true);
    view.setUint32(at + 12, frameBytes, true);
    at += RECORD_BYTES;
    view.setUint32(at, 0x0200_0000);
    view.setUint32(at + 4, 0x0001_0200);
    view.setUint32(at + 8, 0x0000_0002);
    view.setUint16(at + 12, 0x0800);
    at += 14;
    const ipBytes = frameBytes - 14;
    view.setUint32(at, 0x4500_0000 | ipBytes);
    view.setUint32(at + 4, ((this.packets & 0xffff) << 16) | 0x4000);
    view.setUint32(at + 8, 0x4006_0000);
    view.setUint32(at + 12, s.source);
    view.setUint32(at + 16, s.destination);
    view.setUint16(at + 10, folded(this.sum(at, 20)));
    const tcp = at + 20;
    view.setUint16(tcp, s.sourcePort);
    view.setUint16(tcp + 2, s.destinationPort);
    view.setUint32(tcp + 4, s.seq);
    view.setUint32(tcp + 8, s.ack);
    view.setUint16(tcp + 12, ((5 + optionBytes / 4) << 12) | s.flags);
    view.setUint16(tcp + 14, s.window);
    view.setUint32(tcp + 16, 0);
    let option = tcp + 20;
    if (s.timestamps) {
      view.setUint32(option, 0x0101_080a);
      view.setUint32(option + 4, this.micros / 1000);
      view.setUint32(option + 8, this.micros / 1000 - 1);
      option += 12;
    }
    if (hasSack) {
      view.setUint32(option, 0x0101_050a);
      view.setUint32(option + 4, s.left);
      view.setUint32(option + 8, s.right);
      option += 12;
    }
    this.payload.copy(buffer, option, 0, s.payloadBytes);
    const pseudo = this.sum(at + 12, 8) + 6 + (ipBytes - 20);
    const payloadSum =
      this.payloadSums[s.payloadBytes >> 1]! + (s.payloadBytes & 1 ? this.payload[s.payloadBytes - 1]! << 8 : 0);
    view.setUint16(tcp + 16, folded(pseudo + this.sum(tcp, 20 + optionBytes) + payloadSum));
    this.used += RECORD_BYTES + frameBytes;
    this.packets++;
  }

  end(): void {
    this.flush();
    closeSync(this.file);
  }

  private sum(at: number, bytes: number): number {
    let sum = 0;
    for (let i = 0; i < bytes; i += 2) sum += this.view.getUint16(at + i);
    return sum;
  }

  private flush(): void {
    this.write(this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  private write(bytes: Uint8Array): void {
    this.bytes += writeSync(this.file, bytes);
  }
}

function folded(sum: number): number {
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** One connection that a client opens, uses and closes; each call of {@link send} writes its next packet. */
class Conversation {
  private step = 0;
  private readonly steps: (() => void)[] = [];
  private clientSeq: number;
  private serverSeq: number;
  private readonly segment: Segment;

  constructor(
    private readonly capture: Capture,
    private readonly client: number,
    private readonly port: number,
    random: () => number,
    private readonly timestamps: boolean,
  ) {
    this.clientSeq = random();
    this.serverSeq = random();
    this.segment = {
      source: 0,
      destination: 0,
      sourcePort: 0,
      destinationPort: 0,
      seq: 0,
      ack: 0,
      flags: 0,
      window: 0,
      payloadBytes: 0,
      left: 0,
      right: 0,
      timestamps,
    };
  }

  /** Writes the next packet. Returns whether there are more. */
  send(): boolean {
    this.steps[this.step++]!();
    if (this.step < this.steps.length) return true;
    this.steps.length = this.step = 0;
    return false;
  }

  open(): this {
    this.steps.push(
      () => {
        this.fromClient(SYN, 0, 0, false);
        this.clientSeq++;
      },
      () => {
        this.fromServer(SYN | ACK, 0, this.clientSeq);
        this.serverSeq++;
      },
      () => this.fromClient(ACK, 0, 0),
    );
    return this;
  }

  /** Data and their acknowledgment. */
  exchange(payloadBytes: number): this {
    this.steps.push(
      () => {
        this.fromClient(ACK | PSH, 0, payloadBytes);
        this.clientSeq += payloadBytes;
      },
      () => this.fromServer(ACK, 0, this.clientSeq),
    );
    return this;
  }

  /** Two full segments and their acknowledgment; the second overtakes the first where they are `swapped`. */
  pair(swapped: boolean): this {
    const [first, second] = swapped ? [MSS, 0] : [0, MSS];
    this.steps.push(
      () => this.fromClient(ACK, first, MSS),
      () => {
        this.fromClient(ACK, second, MSS);
        this.clientSeq += 2 * MSS;
      },
      () => this.fromServer(ACK, 0, this.clientSeq),
    );
    return this;
  }

  /** Four segments of which the first is lost behind the capture, three duplicate ACKs, and the repair. */
  loss(): this {
    for (let i = 0; i < 4; i++) this.steps.push(() => this.fromClient(ACK, i * MSS, MSS));
    for (let i = 2; i <= 4; i++)
      this.steps.push(() => {
        const { segment, clientSeq } = this;
        segment.left = clientSeq + MSS;
        segment.right = clientSeq + i * MSS;
        this.fromServer(ACK, 0, clientSeq);
        segment.left = segment.right = 0;
      });
    this.steps.push(
      () => {
        this.fromClient(ACK, 0, MSS);
        this.clientSeq += 4 * MSS;
      },
      () => this.fromServer(ACK, 0, this.clientSeq),
    );
    return this;
  }

  close(): this {
    this.steps.push(
      () => {
        this.fromClient(ACK | FIN, 0, 0);
        this.clientSeq++;
      },
      () => this.fromServer(ACK, 0, this.clientSeq),
      () => {
        this.fromServer(ACK | FIN, 0, this.clientSeq);
        this.serverSeq++;
      },
      () => this.fromClient(ACK, 0, 0),
    );
    return this;
  }

  private fromClient(flags: number, ahead: number, payloadBytes: number, acks = true): void {
    const { segment } = this;
    segment.source = this.client;
    segment.destination = SERVER;
    segment.sourcePort = this.port;
    segment.destinationPort = 80;
    segment.seq = this.clientSeq + ahead;
    segment.ack = acks ? this.serverSeq : 0;
    this.put(flags, payloadBytes);
  }

  private fromServer(flags: number, payloadBytes: number, ack: number): void {
    const { segment } = this;
    segment.source = SERVER;
    segment.destination = this.client;
    segment.sourcePort = 80;
    segment.destinationPort = this.port;
    segment.seq = this.serverSeq;
    segment.ack = ack;
    this.put(flags, payloadBytes);
  }

  private put(flags: number, payloadBytes: number): void {
    const { segment } = this;
    segment.flags = flags;
    segment.window = 64_000;
    segment.payloadBytes = payloadBytes;
    segment.timestamps = this.timestamps;
    this.capture.add(segment);
  }
}

/** Lets so many conversations take turns until `next` has no more. */
function interleave(active: number, next: () => Conversation | null): void {
  const running: Conversation[] = [];
  for (let i = 0; i < active; i++) {
    const conversation = next();
    if (conversation !== null) running.push(conversation);
  }
  for (let turn = 0; running.length > 0; turn++) {
    const at = turn % running.length;
    if (running[at]!.send()) continue;
    const following = next();
    if (following !== null) running[at] = following;
    else running.splice(at, 1);
  }
}

export interface Kind {
  readonly name: string;
  readonly about: string;
  /** Writes a capture of `scale` times the full size. */
  write(capture: Capture, scale: number): void;
}

const addressOf = (index: number): number => 0x0b00_0000 + Math.floor(index / 50_000);
const portOf = (index: number): number => 10_000 + (index % 50_000);

export const KINDS: readonly Kind[] = [
  {
    name: 'bulk',
    about: 'full segments and ACKs, 1 % retransmissions, reordering, SACK and timestamps',
    write(capture, scale) {
      const random = randomOf(1);
      const bytes = scale * 2 ** 30;
      let index = 0;
      interleave(64, () => {
        if (capture.bytes >= bytes * 0.985) return null;
        const conversation = new Conversation(capture, addressOf(index), portOf(index), random, true).open();
        index++;
        for (let i = 0; i < 140; i++) {
          const event = random() % 1000;
          if (event < 20) conversation.loss();
          else conversation.pair(event < 24);
        }
        return conversation.close();
      });
    },
  },
  {
    name: 'small',
    about: 'short connections of small packets',
    write(capture, scale) {
      const random = randomOf(2);
      const connections = Math.round(200_000 * scale);
      let index = 0;
      interleave(1000, () => {
        if (index >= connections) return null;
        const conversation = new Conversation(capture, addressOf(index), portOf(index), random, false).open();
        index++;
        for (let i = 0; i < 9; i++) conversation.exchange(6 + (random() % 40));
        return conversation.close();
      });
    },
  },
  {
    name: 'synflood',
    about: 'SYNs from sources of their own',
    write(capture, scale) {
      const random = randomOf(3);
      const segment = { ...LONE_SYN };
      for (let i = 0; i < 2_000_000 * scale; i++) {
        // A permutation of 32-bit numbers: no source comes twice.
        segment.source = Math.imul(i, 0x9e37_79b1) >>> 0;
        segment.sourcePort = 1024 + (random() % 60_000);
        segment.seq = random();
        capture.add(segment);
      }
    },
  },
  {
    name: 'colliding',
    about: 'SYNs whose addresses and ports give one exclusive or, by which a table may have one chain',
    write(capture, scale) {
      const random = randomOf(5);
      for (let i = 0; i < 2_000_000 * scale; i++) {
        // The halves of the address and the port give 0x8000, whatever i is.
        const low = i & 0x7fff;
        const high = i >>> 15;
        const source = (((high ^ low) << 16) | low) >>> 0;
        capture.add({ ...LONE_SYN, source, sourcePort: 0x8000 | high, seq: random() });
      }
    },
  },
  {
    name: 'scan',
    about: 'one port of many hosts scanned: each SYN is answered by a reset',
    write(capture, scale) {
      const random = randomOf(6);
      const scanner = addressOf(0);
      for (let i = 0; i < 1_000_000 * scale; i++) {
        const host = Math.imul(i, 0x9e37_79b1) >>> 0;
        const probe = { ...LONE_SYN, source: scanner, destination: host, sourcePort: 40_000, seq: random() };
        capture.add(probe);
        capture.add({
          ...probe,
          source: host,
          destination: scanner,
          sourcePort: probe.destinationPort,
          destinationPort: probe.sourcePort,
          seq: 0,
          ack: (probe.seq + 1) >>> 0,
          flags: RST | ACK,
          window: 0,
        });
      }
    },
  },
  {
    name: 'one',
    about: 'a single connection',
    write(capture, scale) {
      const random = randomOf(4);
      const exchanges = Math.round(5_000_000 * scale);
      // In parts, so that what is still to be sent stays short.
      const conversation = new Conversation(capture, addressOf(0), portOf(0), random, false).open();
      while (conversation.send());
      for (let done = 0; done < exchanges; done++) {
        conversation.exchange(50);
        while (conversation.send());
      }
    },
  },
];

/** Writes a capture of a kind. Returns what is in it. */
export function makeCapture(path: string, kind: Kind, scale: number): { packets: number; bytes: number } {
  const capture = new Capture(path);
  kind.write(capture, scale);
  capture.end();
  return { packets: capture.packets, bytes: capture.bytes };
}
