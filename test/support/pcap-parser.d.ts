declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface PcapParserPacket {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    readonly data: Buffer;
  }

  export interface PcapParser extends EventEmitter {
    on(event: 'packet', listener: (packet: PcapParserPacket) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'end', listener: () => void): this;
  }

  /** Reads a microsecond libpcap file from a path or a stream. */
  export function parse(input: string | Readable): PcapParser;
}
