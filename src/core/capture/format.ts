import type { ByteSource } from '../bytes/source';
import type { ByteWindow } from '../bytes/window';
import type { CaptureInterface } from '../model/capture';
import type { Notice } from '../model/notice';
import type { FrameBatch } from './batch';

/** What a reader tells besides frames. */
export interface CaptureSink {
  notice(notice: Notice): void;
  /** A comment that the capture carries: on the packet with that 1-based number, or on the whole section (0). */
  comment(packet: number, text: string): void;
  /** A host name that the capture carries for an address (pcapng Name Resolution Block). */
  name(address: string, name: string): void;
}

/** A capture file format. One file under `capture/` and one line in `registry.ts` each. */
export interface CaptureFormat {
  /** Stable kebab-case identifier. */
  readonly id: string;
  /** As people call it: "pcap", "pcapng". */
  readonly name: string;
  /**
   * Whether the content is of this format, judged by its first bytes alone (up to 64 of them; a shorter file gives
   * fewer). "Mine but broken" is a yes.
   */
  sniff(head: Uint8Array): boolean;
  /** Starts reading at the first byte. Damage is told to `sink`, never thrown. */
  open(window: ByteWindow, sink: CaptureSink): FrameReader;
}

/** A forward reader of the frames of one capture. */
export interface FrameReader {
  /**
   * Interfaces met so far; a frame's `interface` is an index into it. Records that are numbered like packets but are
   * none (`NOT_A_PACKET`), and packets that differ from their interface's description, have entries of their own.
   */
  readonly interfaces: readonly CaptureInterface[];
  /** Format with its variant, as a person would say it: "pcap 2.4, little-endian, nanoseconds". */
  readonly description: string;
  /** Position in the file up to which everything has been read. */
  readonly position: number;
  /**
   * Empties `batch` and fills it with the next frames, all of whose captured bytes lie in the window at once, until the
   * batch is full or the window would have to move. One call does a bounded amount of work, so it may return true with
   * an empty batch: there is more, but no frame yet. Returns false, with an empty batch, when there is nothing more; a
   * file that has grown since can be read on by calling again.
   * @throws {ReadError} as the source does; frames read before it have been handed out by then
   */
  read(batch: FrameBatch): boolean;
}

/** The bytes inside a compressed source. */
export interface DecompressedSource extends ByteSource {
  /** Bytes of the compressed source that have been used so far. */
  readonly consumed: number;
}

/** A layer of compression around a capture. One file under `capture/compression/` and one line in `registry.ts` each. */
export interface Compression {
  readonly id: string;
  readonly name: string;
  /** Whether the content is compressed like this, judged as by {@link CaptureFormat.sniff}. */
  sniff(head: Uint8Array): boolean;
  /**
   * The decompressed bytes as a source of its own. They are decompressed as they are asked for, and kept: at most
   * `limit` bytes, past which reading stops with a {@link ReadError} that says so. `size` is how many there are so far.
   */
  open(source: ByteSource, limit: number): DecompressedSource;
}
