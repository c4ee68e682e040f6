import { AddressTable } from '../model/addresses';
import { LENGTH_UNKNOWN, type SegmentFacts } from '../model/facts';
import { message } from '../model/message';
import type { Notice } from '../model/notice';
import type { Field, Layer, PacketBuffer } from '../model/packet';
import { Cursor } from './cursor';
import { hexText, HeaderView, SHOWN_BYTES } from './header-view';
import { Reassembler } from './reassembly';
import { ANSWERS, isSupported, PROTOCOLS } from './registry';
import type { TcpContext } from './transport/tcp-describe';
import { walk, walkSlowly } from './walk';

/** A frame to be described, or one that holds earlier fragments of it. */
export interface FrameBytes {
  readonly linkType: number;
  readonly fcsBytes: number;
  /** What was captured of the frame, and nothing else. */
  readonly bytes: Uint8Array;
  /** Length on the wire. */
  readonly originalBytes: number;
}

export interface PacketRequest extends FrameBytes {
  /** The frames that `fragmentsOf` names, in order, for a frame in which something was put together. */
  readonly earlier?: readonly FrameBytes[];
  /** What is known about the segments in this frame, outermost first. */
  readonly tcp?: readonly (TcpContext | null)[];
}

export interface PacketDescription {
  readonly layers: Layer[];
  readonly buffers: PacketBuffer[];
  readonly notices: Notice[];
}

/**
 * Describes a packet field by field: the same steps as the decoder's, and then each header that they passed. Notices
 * carry the byte in the layer's buffer as their `offset`. Never throws.
 */
export function describePacket(request: PacketRequest): PacketDescription {
  const layers: Layer[] = [];
  const notices: Notice[] = [];
  const buffers: PacketBuffer[] = [{ name: message('Frame'), bytes: request.bytes }];
  const verdicts: number[] = [];
  const take = (facts: SegmentFacts): void => {
    verdicts.push(facts.checksum);
    hasPayload = (facts.defects & LENGTH_UNKNOWN) === 0;
  };
  let hasPayload = false;
  let segments = 0;
  const cursor = new Cursor(new AddressTable(), { segment: take, icmpError: take }, new Reassembler(), true, ANSWERS);
  (request.earlier ?? []).forEach((frame, index) => {
    startAt(cursor, index, frame);
    walk(cursor, frame.linkType);
  });
  verdicts.length = 0;
  startAt(cursor, request.earlier?.length ?? 0, request);
  if (!isSupported(request.linkType)) {
    layers.push(rest('data', 'Data', request.bytes, 0, 0, request.bytes.length));
    return { layers, buffers, notices };
  }

  let buffer = 0;
  let start = 0;
  let end = 0;
  let limit = 0;
  let bytes = request.bytes;
  walkSlowly(cursor, request.linkType, {
    before() {
      if (cursor.bytes !== buffers[buffer]!.bytes) {
        buffer = buffers.findIndex((known) => known.bytes === cursor.bytes);
        if (buffer < 0) buffer = buffers.push({ name: message('Reassembled datagram'), bytes: cursor.bytes }) - 1;
      }
      ({ at: start, end, limit, bytes } = cursor);
      hasPayload = true;
    },
    after(index, next) {
      const protocol = PROTOCOLS[index]!;
      const isTcp = protocol.id === 'tcp';
      const headerEnd = cursor.bytes === bytes ? cursor.at : end;
      const context = isTcp ? (request.tcp?.[segments] ?? null) : null;
      const checksum = isTcp ? (verdicts[segments++] ?? 0) : 0;
      if (end <= start) {
        notices.push({
          code: 'cut-header',
          severity: 'info',
          message: message('The capture ends before the {0} header', message(protocol.name)),
          offset: start,
          length: 0,
        });
        return;
      }
      const view = new HeaderView(bytes, start, end, limit, headerEnd, { checksum, context });
      const summary = protocol.describe(view);
      notices.push(...view.notices);
      // A step that only looked (which version of IP?) leaves the header to the next one.
      if (headerEnd === start && next >= 0) return;
      layers.push({
        id: protocol.id,
        name: protocol.name,
        summary,
        buffer,
        start,
        end: view.described,
        fields: view.fields,
      });
      if (next < 0 && cursor.bytes === bytes && cursor.end > view.described && hasPayload) {
        const name = isTcp ? 'TCP Payload' : 'Data';
        layers.push(rest(isTcp ? 'tcp.payload' : 'data', name, bytes, buffer, view.described, cursor.end));
      }
    },
  });
  const trailer = trailerStart(layers);
  if (trailer < request.bytes.length)
    layers.push(rest('trailer', 'Trailer or padding', request.bytes, 0, trailer, request.bytes.length));
  return { layers, buffers, notices };
}

function startAt(cursor: Cursor, frame: number, { fcsBytes, bytes, originalBytes }: FrameBytes): void {
  cursor.start(frame, fcsBytes, bytes, 0, bytes.length, originalBytes, 0);
}

/** First byte of the frame that no layer covers. */
const trailerStart = (layers: readonly Layer[]): number =>
  layers.reduce((end, layer) => (layer.buffer === 0 ? Math.max(end, layer.end) : end), 0);

/** A layer of bytes without structure. */
function rest(id: string, name: string, bytes: Uint8Array, buffer: number, start: number, end: number): Layer {
  const shown = hexText(bytes, start, Math.min(end, start + SHOWN_BYTES));
  const value = end - start > SHOWN_BYTES ? `${shown}…` : shown;
  const field: Field = { id, name, value, bit: start * 8, bits: (end - start) * 8 };
  return { id, name, summary: `${end - start} bytes`, buffer, start, end, fields: [field] };
}
