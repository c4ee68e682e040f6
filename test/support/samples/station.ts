import type { Frame, TcpPacket } from './packets';
import { encodeTcpPacket } from './packets';

/** A host as the capture sees it, or as somebody who pretends to be it makes it look. */
export interface Station {
  readonly address: string;
  /** Of the frames that carry its packets: its own, or its gateway's. */
  readonly mac: string;
  readonly ttl: number;
  /** The identification of its next packet; one counter for everything it sends, as hosts of the time had. */
  ipId: number;
}

export type Said = Pick<TcpPacket, 'sourcePort' | 'destinationPort' | 'seq' | 'flags'> &
  Partial<Pick<TcpPacket, 'ack' | 'window' | 'options'>> & { readonly text?: string };

/** Packets one after the other, each number of which the story chooses: for conversations that do not add up. */
export class Story {
  readonly frames: Frame[] = [];
  private elapsedMs = 0;

  constructor(private readonly startUs: number) {}

  wait(ms: number): void {
    this.elapsedMs += ms;
  }

  /** `from` sends; `as` is whose address it writes as the source, its own unless it lies. */
  send(from: Station, to: Station, said: Said, as: Station = from): void {
    this.frames.push({
      timeUs: this.startUs + Math.round(this.elapsedMs * 1000),
      bytes: encodeTcpPacket({
        ethernet: { source: from.mac, destination: to.mac },
        ip: {
          source: as.address,
          destination: to.address,
          id: from.ipId,
          ttl: from.ttl,
          dontFragment: false,
        },
        ack: 0,
        window: 4096,
        ...said,
        payload: new TextEncoder().encode(said.text ?? ''),
      }),
    });
    from.ipId = (from.ipId + 1) & 0xffff;
  }
}
