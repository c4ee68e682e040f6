import type { DiagnosisFinding, DiagnosisKind, Thresholds } from '../../src/core/model/diagnosis';
import { render } from '../../src/core/format/message';
import { ACK, PSH, SYN } from '../../src/core/model/flags';
import { encodePcap } from './samples/pcap-writer';
import { type Said, type Station, Story } from './samples/station';
import { readTrace } from './traces';

/** Everything that the diagnosis of a capture tells; all pieces of the work are done. */
export function diagnosed(
  input: string | Uint8Array,
  thresholds: Partial<Thresholds> = {},
): readonly DiagnosisFinding[] {
  const trace = readTrace(input);
  let progress = trace.diagnosis(thresholds);
  while (!progress.done) progress = trace.diagnosis(thresholds);
  return progress.findings;
}

/** Kinds that are alarms, in the order in which they are told. */
export const alarms = (findings: readonly DiagnosisFinding[]): DiagnosisKind[] =>
  findings.filter(({ severity }) => severity !== 'info').map(({ kind }) => kind);

export const only = (findings: readonly DiagnosisFinding[], kind: DiagnosisKind): DiagnosisFinding[] =>
  findings.filter((finding) => finding.kind === kind);

export const textOf = ({ text }: DiagnosisFinding): string => render(text);

export const detailsOf = ({ details }: DiagnosisFinding): string[] => details.map((detail) => render(detail));

export const station = (address: string, ttl = 64, ipId = 1): Station => ({
  address,
  mac: '02:00:00:00:00:01',
  ttl,
  ipId,
});

/** Packets of a capture, written down one by one with their time in milliseconds. */
export class Traffic {
  private readonly story = new Story(1_700_000_000_000_000);
  private nowMs = 0;

  at(ms: number): this {
    this.story.wait(ms - this.nowMs);
    this.nowMs = ms;
    return this;
  }

  send(from: Station, to: Station, said: Said, as: Station = from): this {
    this.story.send(from, to, said, as);
    return this;
  }

  /** Puts bytes of a whole Ethernet frame into the capture. */
  frame(bytes: Uint8Array): this {
    this.story.frames.push({ timeUs: 1_700_000_000_000_000 + Math.round(this.nowMs * 1000), bytes });
    return this;
  }

  /** Repeats the last frame, as a mirror port does. */
  again(): this {
    return this.frame(this.story.frames.at(-1)!.bytes);
  }

  get frames(): number {
    return this.story.frames.length;
  }

  pcap(): Uint8Array {
    return encodePcap(this.story.frames);
  }
}

/** A connection between two stations whose ends keep their numbers. */
export class Talk {
  readonly next: [number, number];

  constructor(
    private readonly traffic: Traffic,
    private readonly ends: readonly [Station, Station],
    private readonly ports: readonly [number, number] = [40_000, 80],
    isns: readonly [number, number] = [1000, 5000],
  ) {
    this.next = [isns[0], isns[1]];
  }

  /** `who` (0 the client, 1 the server) says something; numbers follow from what both have said. */
  say(who: 0 | 1, flags: number, more: Partial<Said> = {}): this {
    const other = (1 - who) as 0 | 1;
    const text = more.text ?? '';
    this.traffic.send(this.ends[who], this.ends[other], {
      sourcePort: this.ports[who],
      destinationPort: this.ports[other],
      seq: this.next[who],
      ack: flags & ACK ? this.next[other] : 0,
      flags,
      ...more,
    });
    if (more.seq === undefined) this.next[who] += text.length + (flags & 3 ? 1 : 0);
    return this;
  }

  /** The three segments, the second after `serverMs` and the third after `clientMs`, beginning at `ms`. */
  open(ms: number, serverMs = 20, clientMs = 1): this {
    this.traffic.at(ms);
    this.say(0, SYN, { options: { mss: 1460 } });
    this.traffic.at(ms + serverMs);
    this.say(1, SYN | ACK, { options: { mss: 1460 } });
    this.traffic.at(ms + serverMs + clientMs);
    return this.say(0, ACK);
  }

  data(who: 0 | 1, text: string, more: Partial<Said> = {}): this {
    return this.say(who, ACK | PSH, { ...more, text });
  }
}
