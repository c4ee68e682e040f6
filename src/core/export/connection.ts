import type { CaptureInterface } from '../model/capture';
import type { Layer } from '../model/packet';
import type { FrameTable } from '../tcp/tables';
import { anonymise, type Anonymiser } from './anonymise';
import { joined } from '../bytes/joined';
import { pcapngHead, pcapngPacket } from './pcapng';

export interface PacketsOptions {
  /** Replaces addresses of IP and links; comments, which may name some, are left out. `null` keeps all. */
  readonly anonymiser: Anonymiser | null;
  /** Whether what TCP carries is kept; else packets are cut behind their last TCP header, and say how long they were. */
  readonly payload: boolean;
}

/** What packets are copied from. */
export interface PacketsSource {
  readonly frames: FrameTable;
  readonly interfaces: readonly CaptureInterface[];
  /**
   * Captured bytes of a frame, valid until the next call.
   * @throws {ReadError} where they are not to be had
   */
  bytes(frame: number): Uint8Array;
  /** Headers of a frame that stand in its own bytes. */
  layers(frame: number): readonly Layer[];
  comments(packet: number): readonly string[];
}

const APPLICATION = 'TCP Trace Explorer';

/** Interfaces that packets can be written for: records that are no packets have none. */
const writable = ({ linkType }: CaptureInterface): boolean => linkType >= 0;

/** The beginning of a file that holds packets of a capture. */
export const packetsHead = ({ interfaces }: PacketsSource): Uint8Array =>
  pcapngHead(interfaces.filter(writable), APPLICATION);

/**
 * Frames as pcapng packets.
 * @throws {ReadError} where the bytes of one are not to be had any more: without it, the file would show a loss
 */
export function packets(source: PacketsSource, wanted: Iterable<number>, options: PacketsOptions): Uint8Array {
  const { frames, interfaces } = source;
  const numbers = interfaces.map((_, index) => interfaces.slice(0, index).filter(writable).length);
  const pieces: Uint8Array[] = [];
  for (const frame of wanted) {
    const at = frames.interfaceOf(frame);
    if (!writable(interfaces[at]!)) continue;
    const original = source.bytes(frame).slice();
    const layers = options.anonymiser === null && options.payload ? [] : source.layers(frame);
    if (options.anonymiser !== null) anonymise(original, layers, options.anonymiser);
    pieces.push(
      pcapngPacket({
        interface: numbers[at]!,
        seconds: frames.secondsOf(frame),
        nanos: frames.nanos[frame]!,
        bytes: options.payload ? original : withoutPayload(original, layers),
        originalBytes: frames.originalOf(frame),
        comments: options.anonymiser === null ? source.comments(frames.numbers.of(frame)) : [],
      }),
    );
  }
  return joined(pieces);
}

/** A frame up to the end of its last TCP header; what TCP headers before that carry in between is zeroed. */
function withoutPayload(bytes: Uint8Array, layers: readonly Layer[]): Uint8Array {
  const last = layers.findLast(({ id }) => id === 'tcp');
  // A piece of a datagram that begins elsewhere is payload from behind its IP header on.
  const end = last?.end ?? layers.findLast(({ id }) => id === 'ip' || id.startsWith('ipv6'))?.end ?? 0;
  const kept = bytes.subarray(0, Math.min(bytes.length, end));
  for (const { id, start, end: stop } of layers) if (id === 'tcp.payload') kept.fill(0, start, Math.min(stop, end));
  return kept;
}
