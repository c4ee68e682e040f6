import { seqAdd, seqDiff } from '../../src/core/bytes/seq';
import { ACK, FIN, PSH, RST, SYN, URG } from '../../src/core/model/flags';
import type { PcapRecord } from './pcap-ns';
import { random } from './random';
import { encodeFrame, type TcpOptionValues } from './tcp-frames';

/**
 * Valid packets in an order and with numbers that no honest pair of hosts would choose: loss, duplicates, overtaking,
 * keep-alives, closed windows, numbers that wrap, ports used again, odd flags, selective acknowledgments of anything,
 * Multipath TCP, clocks that go back. The same seed gives the same packets; the addresses of up to 65536 seeds differ.
 */
export function hostileTraffic(seed: number, packets: number): PcapRecord[] {
  const traffic = new HostileTraffic(random(seed), 0x0a000000 | ((seed & 0xffff) << 8));
  return traffic.run(packets);
}

/** One direction of a connection as its sender sees it. */
interface Flow {
  readonly address: number;
  readonly port: number;
  isn: number;
  /** Where new data starts. */
  next: number;
  /** Raw window of the next segment. */
  window: number;
  /** Window scale that its SYNs offer. */
  readonly shift: number | null;
  /** Acknowledgment number of the next segment. */
  ack: number;
}

type Direction = 0 | 1;

/** What is sent. What is not given is what the flow would say next. */
interface Segment {
  readonly from: Direction;
  readonly seq?: number;
  readonly ack?: number;
  readonly flags?: number;
  readonly window?: number;
  readonly len?: number;
  readonly options?: TcpOptionValues;
  readonly urgentPointer?: number;
}

interface Pair {
  readonly flows: readonly [Flow, Flow];
  readonly sent: Required<Segment>[];
}

/** Steps of the clock in nanoseconds, around the limits that rules compare with (3 ms, 20 ms, the round trip). */
const STEPS_NS = [
  0, 1, 1_000, 100_000, 900_000, 2_999_999, 3_000_000, 5_000_000, 19_999_999, 20_000_000, 25_000_000, 230_000_000,
];
const START_NS = 1_700_000_000n * 1_000_000_000n;
const LENGTHS = [1, 2, 100, 536, 1460];

class HostileTraffic {
  private readonly records: PcapRecord[] = [];
  private timeNs = START_NS;

  constructor(
    /** A whole number in [0, limit). */
    private readonly below: (limit: number) => number,
    private readonly network: number,
  ) {}

  run(packets: number): PcapRecord[] {
    const pairs = Array.from({ length: 1 + this.below(4) }, (_, index) => this.newPair(index));
    const habits = this.habits();
    while (this.records.length < packets) {
      const pair = this.pick(pairs);
      if (pair.sent.length === 0) this.open(pair);
      else this.pick(habits)(pair, this.chance(0.5) ? 0 : 1);
    }
    return this.records.slice(0, packets);
  }

  /** What can happen next; what is listed more than once happens more often. */
  private habits(): ((pair: Pair, from: Direction) => void)[] {
    const data = (pair: Pair, from: Direction): void => this.send(pair, { from, len: this.pick(LENGTHS) });
    const acknowledge = (pair: Pair, from: Direction): void => {
      pair.flows[from].ack = pair.flows[1 - from]!.next;
      this.send(pair, { from });
    };
    const again = (pair: Pair): void => this.send(pair, this.pick(pair.sent.slice(-8)));
    return [
      data,
      data,
      data,
      data,
      data,
      acknowledge,
      acknowledge,
      again,
      again,
      // Repeats the last acknowledgment.
      (pair, from) => this.send(pair, { from }),
      // Acknowledges a part, too much, or less than before.
      (pair, from) => {
        const own = pair.flows[from];
        own.ack = seqAdd(own.ack, this.pick([1, 100, 1460, -100]));
        this.send(pair, { from });
      },
      // Lost on the way to the capture.
      (pair, from) => {
        const own = pair.flows[from];
        own.next = seqAdd(own.next, this.pick(LENGTHS));
        this.send(pair, { from, len: this.pick([0, 1, 100]) });
      },
      // A new window.
      (pair, from) => {
        pair.flows[from].window = this.pick([0, 0, 1, 1000, this.below(65536)]);
        this.send(pair, { from });
      },
      // A keep-alive.
      (pair, from) => this.send(pair, { from, seq: seqAdd(pair.flows[from].next, -1), len: this.pick([0, 1, 2]) }),
      // A probe, or a byte that its sender forgets.
      (pair, from) => {
        const { next } = pair.flows[from];
        this.send(pair, { from, len: 1 });
        pair.flows[from].next = next;
      },
      // Some of what was sent, cut anew.
      (pair) => {
        const old = this.pick(pair.sent.slice(-12));
        const seq = seqAdd(old.seq, this.below(old.len + 2) - 1);
        this.send(pair, { ...old, seq, len: this.below(old.len + 50) });
      },
      (pair, from) => this.fillWindow(pair, from),
      (pair, from) => this.askForOne(pair, from),
      (pair, from) => this.end(pair, from),
      (pair, from) => this.openAgain(pair, from),
      // Any flags, anywhere.
      (pair, from) =>
        this.send(pair, {
          from,
          seq: seqAdd(pair.flows[from].next, this.pick([-1, 0, 0, 1, 2 ** 31, this.below(100000)])),
          flags: this.below(this.chance(0.8) ? 0x200 : 0x1000),
          len: this.pick([0, 1, 10]),
          urgentPointer: this.below(20),
        }),
      (pair, from) => this.send(pair, { from, len: this.pick([0, 0, 10]), options: { raw: this.multipath() } }),
      (pair, from) => this.sack(pair, from),
    ];
  }

  private newPair(index: number): Pair {
    const flow = (address: number, port: number): Flow => {
      const isn = this.chance(0.5) ? this.pick([0, 1, 2, -1, -this.below(4000)]) : this.below(2 ** 32);
      return {
        address,
        port,
        isn: seqAdd(isn, 0),
        next: seqAdd(isn, 0),
        window: this.pick([0, 1, 1000, 8192, 65535, this.below(65536)]),
        shift: this.chance(0.6) ? this.pick([0, 1, 7, 14, 15]) : null,
        ack: 0,
      };
    };
    return { flows: [flow(this.network | 1, 40000 + index), flow(this.network | 2, 50123)], sent: [] };
  }

  private open(pair: Pair): void {
    const kind = this.below(10);
    if (kind < 8) {
      this.syn(pair, 0, SYN);
      if (kind < 6) this.syn(pair, 1, SYN | ACK);
      if (kind < 5) this.send(pair, { from: 0 });
      if (kind === 7) this.syn(pair, 1, SYN);
      return;
    }
    const [a, b] = pair.flows;
    a.ack = b.next;
    b.ack = a.next;
    this.send(pair, { from: this.chance(0.5) ? 0 : 1, len: this.pick([0, 1, 100]) });
  }

  private openAgain(pair: Pair, from: Direction): void {
    const own = pair.flows[from];
    if (this.chance(0.5)) own.isn = seqAdd(own.isn, this.pick([1, 1000, -1000, 2 ** 31, this.below(2 ** 32)]));
    own.next = own.isn;
    this.syn(pair, from, this.pick([SYN, SYN, SYN | ACK]));
  }

  private syn(pair: Pair, from: Direction, flags: number): void {
    const { shift } = pair.flows[from];
    this.send(pair, {
      from,
      flags,
      seq: pair.flows[from].isn,
      len: this.chance(0.1) ? 10 : 0,
      options: { mss: 1460, ...(shift === null ? {} : { windowScale: shift }) },
    });
  }

  private end(pair: Pair, from: Direction): void {
    if (this.chance(0.6)) this.send(pair, { from, flags: FIN | ACK, len: this.pick([0, 0, 10]) });
    else this.send(pair, { from, flags: this.pick([RST, RST | ACK]), len: this.pick([0, 0, 5]) });
  }

  /** Sends exactly as much as the peer's last window allows. */
  private fillWindow(pair: Pair, from: Direction): void {
    const own = pair.flows[from];
    const peer = pair.flows[1 - from]!;
    const shift = peer.shift === null || own.shift === null ? 0 : Math.min(14, peer.shift);
    const room = seqDiff(seqAdd(peer.ack, peer.window * 2 ** shift), own.next);
    this.send(pair, { from, len: room > 0 && room < 9000 ? room : 1460 });
  }

  /** Duplicate acknowledgments, and what they ask for. */
  private askForOne(pair: Pair, from: Direction): void {
    const asker = pair.flows[from];
    for (let i = 0; i < 2 + this.below(4); i++) this.send(pair, { from });
    const other = (1 - from) as Direction;
    this.send(pair, { from: other, seq: asker.ack, flags: ACK | PSH, len: this.pick(LENGTHS) });
  }

  private sack(pair: Pair, from: Direction): void {
    const start = seqAdd(pair.flows[from].ack, this.pick([0, 100, 1460]));
    const sack = Array.from({ length: 1 + this.below(4) }, (_, i) => [
      seqAdd(start, i * 3000),
      seqAdd(start, i * 3000 + this.pick([1, 1460, 2920])),
    ]);
    this.send(pair, { from, len: this.pick([0, 0, 100]), options: { sack } });
  }

  /** One or two Multipath TCP options (RFC 8684), right in length for their subtype. */
  private multipath(): number[] {
    const options = [
      [30, 8, 0x20, 0x01, 1, 2, 3, 4], // DSS with a data acknowledgment
      [30, 4, 0x20, 0x00], // DSS with nothing in it
      [30, 8, 0x30, 2, 10, 0, 0, 3], // ADD_ADDR
      [30, 4, 0x40, 5], // REMOVE_ADDR
      [30, 3, 0x50, 1], // MP_PRIO
      [30, 12, 0x60, 0, 1, 2, 3, 4, 5, 6, 7, 8], // MP_FAIL
      [30, 12, 0x70, 0, 1, 2, 3, 4, 5, 6, 7, 8], // MP_FASTCLOSE
      [30, 4, 0x80, 0], // MP_TCPRST
      [30, 4, 0xf0, 0], // private use
      [30, 3, 0x90], // no such subtype
    ];
    return [...this.pick(options), ...(this.chance(0.3) ? this.pick(options) : [])];
  }

  private send(pair: Pair, said: Segment): void {
    const own = pair.flows[said.from];
    const peer = pair.flows[1 - said.from]!;
    const flags = said.flags ?? (this.chance(0.02) ? ACK | URG : ACK);
    const segment: Required<Segment> = {
      from: said.from,
      seq: said.seq ?? own.next,
      ack: said.ack ?? own.ack,
      flags,
      window: said.window ?? own.window,
      len: said.len ?? 0,
      options: said.options ?? (this.chance(0.005) ? { windowScale: 3 } : {}),
      urgentPointer: said.urgentPointer ?? (flags & URG ? 1 : 0),
    };
    const end = seqAdd(segment.seq, segment.len + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0));
    if (seqDiff(end, own.next) > 0 && seqDiff(end, own.next) < 2 ** 20) own.next = end;
    if (flags & SYN) peer.ack = seqAdd(segment.seq, 1);
    else if (this.chance(0.6)) peer.ack = own.next;
    pair.sent.push(segment);
    const record = { timeNs: this.timeNs, bytes: this.encode(pair, segment) };
    // Overtaken by the one before, now and then.
    if (this.chance(0.04) && this.records.length > 0) {
      const last = this.records.pop()!;
      this.records.push({ ...record, timeNs: last.timeNs }, { ...last, timeNs: record.timeNs });
    } else this.records.push(record);
    this.timeNs += BigInt(this.chance(0.01) ? -5_000_000 : this.pick(STEPS_NS));
  }

  private encode({ flows }: Pair, { from, len, ...segment }: Required<Segment>): Uint8Array {
    const own = flows[from];
    const peer = flows[1 - from]!;
    return encodeFrame({
      ...segment,
      source: own.address,
      destination: peer.address,
      sourcePort: own.port,
      destinationPort: peer.port,
      payloadBytes: len,
    });
  }

  private chance(probability: number): boolean {
    return this.below(1000) < probability * 1000;
  }

  private pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }
}
