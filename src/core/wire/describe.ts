import { AddressTable } from '../model/addresses';
import { LENGTH_UNKNOWN, type SegmentFacts } from '../model/facts';
import { message } from '../model/message';
import { gapsOf, nest, type NestedLayer } from '../model/nesting';
import type { Notice } from '../model/notice';
import type { Field, Layer, LayerPlace, PacketBuffer } from '../model/packet';
import { Cursor } from './cursor';
import { hexText, HeaderView, SHOWN_BYTES } from './header-view';
import { trailerParts } from './link/frame-trailer';
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
      const { id, place, name } = protocol;
      const isWhole = cursor.bytes === bytes;
      // Behind a frame's payload there is room that belongs to the frame; a datagram ends where it says.
      const carried = isWhole ? cursor.end : place === 'network' ? Math.min(end, cursor.packetEnd) : end;
      const isFrame = isLink(place) && !isLink(layers.at(-1)?.place);
      const isOutermost = layers.every((layer) => layer.place === 'capture') && (isLink(place) || place === 'capture');
      const until = Math.max(view.described, isOutermost ? bytes.length : isFrame ? end : carried);
      layers.push({ id, place, name, summary, buffer, start, end: view.described, until, fields: view.fields });
      if (!isWhole && carried > view.described)
        layers.push(rest('data', 'Fragment', bytes, buffer, view.described, carried));
      const isLast = next < 0 || ANSWERS[next] === 0;
      if (isLast && cursor.bytes === bytes && cursor.end > view.described && hasPayload) {
        const name = isTcp ? 'TCP Payload' : 'Data';
        layers.push(rest(isTcp ? 'tcp.payload' : 'data', name, bytes, buffer, view.described, cursor.end));
      }
    },
  });
  closeTags(layers);
  return { layers: withTrailers(layers, request), buffers, notices };
}

function startAt(cursor: Cursor, frame: number, { fcsBytes, bytes, originalBytes }: FrameBytes): void {
  cursor.start(frame, fcsBytes, bytes, 0, bytes.length, originalBytes, 0);
}

/** A layer of bytes without structure. */
function rest(
  id: string,
  name: string,
  bytes: Uint8Array,
  buffer: number,
  start: number,
  end: number,
  place: LayerPlace = 'payload',
): Layer {
  const shown = hexText(bytes, start, Math.min(end, start + SHOWN_BYTES));
  const value = end - start > SHOWN_BYTES ? `${shown}…` : shown;
  const field: Field = { id, name, value, bit: start * 8, bits: (end - start) * 8 };
  return { id, place, name, summary: `${end - start} bytes`, buffer, start, end, until: end, fields: [field] };
}

const isLink = (place: LayerPlace | undefined): boolean => place === 'link' || place === 'shim';

/** Length of the check sequence that Radiotap says to be at the end of its frame (flag 0x10); 0 where it says none. */
function wlanCheckBytes(layers: readonly Layer[]): number {
  const flags = layers.find(({ id }) => id === 'radiotap')?.fields.find(({ id }) => id === 'radiotap.flags');
  return flags !== undefined && Number(flags.value) & 0x10 ? 4 : 0;
}

/** The layers with what the frame, and frames inside it, have behind their payload, each behind what its frame carries. */
function withTrailers(layers: readonly Layer[], { bytes, originalBytes, fcsBytes }: FrameBytes): Layer[] {
  const outermost = layers.find(({ place }) => place !== 'capture');
  const all: Layer[] = [];
  const add = (start: number, end: number, frame: Layer | undefined): void => {
    const isInner = frame !== outermost;
    const parts = trailerParts({
      bytes,
      start,
      end,
      isCut: !isInner && bytes.length < originalBytes,
      fcsBytes: isInner ? 0 : Math.max(fcsBytes, wlanCheckBytes(layers)),
      ethernetAt: frame?.id === 'eth' ? frame.start : -1,
      wlanAt: frame?.id === 'wlan' ? frame.start : -1,
    });
    all.push(...parts.map((part) => rest(part.id, part.name, bytes, 0, part.start, part.end, 'trailer')));
  };
  const visit = (nested: NestedLayer, isTag: boolean): void => {
    const { layer, inside } = nested;
    all.push(layer);
    for (const inner of inside) visit(inner, isLink(layer.place));
    const last = gapsOf(nested).at(-1);
    if (layer.buffer === 0 && isLink(layer.place) && !isTag && last?.end === layer.until)
      add(last.start, last.end, layer);
  };
  for (const nested of nest(layers)) visit(nested, false);
  const end = layers.reduce((last, { buffer, until }) => (buffer === 0 ? Math.max(last, until!) : last), 0);
  if (end < bytes.length) add(end, bytes.length, undefined);
  return all;
}

/** Tags stand between a frame's header and its payload (IEEE 802.1Q §9.3): what fills the frame up is not theirs. */
function closeTags(layers: Layer[]): void {
  for (let i = layers.length - 2; i > 0; i--) {
    const layer = layers[i]!;
    const inner = layers[i + 1]!;
    if (!isLink(layer.place) || !isLink(layers[i - 1]!.place)) continue;
    if (inner.buffer === layer.buffer && inner.until! < layer.until!) layers[i] = { ...layer, until: inner.until };
  }
}
