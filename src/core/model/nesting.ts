import type { Layer, LayerPlace } from './packet';

/** How a layer comes to be inside another, where that is not the usual way of a lower layer carrying a higher one. */
export type Entry = 'tunnel' | 'quoted' | 'reassembled';

/** One layer with what it carries. */
export interface NestedLayer {
  readonly layer: Layer;
  readonly entry: Entry | null;
  /** What it carries and what its frame has behind that, in order. */
  readonly inside: readonly NestedLayer[];
}

/** Order of the places where a header stands; one that stands lower than the one around it begins anew. */
const HEIGHTS: Readonly<Record<LayerPlace, number>> = {
  text: 0,
  capture: 0,
  link: 2,
  shim: 2.5,
  network: 3,
  transport: 4,
  tunnel: 5,
  payload: Infinity,
  trailer: Infinity,
};

interface Open {
  readonly layer: Layer;
  readonly inside: NestedLayer[];
  /** The highest place so far among the layers around it, and whether an IP header is among them, since these began. */
  readonly height: number;
  readonly hasIp: boolean;
}

const isIp = ({ id }: Layer): boolean => id === 'ip' || id === 'ipv6';

/** A packet's layers, each inside the one that carries it, by their bytes; `layers` are outermost first. */
export function nest(layers: readonly Layer[]): NestedLayer[] {
  const outermost: NestedLayer[] = [];
  const path: Open[] = [];
  for (const layer of layers) {
    while (path.length > 0 && !carries(path.at(-1)!.layer, layer, path)) path.pop();
    const around = path.at(-1);
    const entry = around === undefined ? null : entryOf(around, layer);
    const inside: NestedLayer[] = [];
    (around?.inside ?? outermost).push({ layer, entry, inside });
    const begins = around === undefined || entry === 'tunnel' || entry === 'quoted';
    const height = HEIGHTS[layer.place];
    path.push({
      layer,
      inside,
      height: begins ? height : Math.max(height, around.height),
      hasIp: isIp(layer) || (!begins && around.hasIp),
    });
  }
  return outermost;
}

function carries(outer: Layer, inner: Layer, path: readonly Open[]): boolean {
  if (outer.place === 'payload' || outer.place === 'trailer') return false;
  // Told in words, or put together from what the layer carries.
  if (outer.until === null) return true;
  if (outer.buffer !== inner.buffer) return !path.some(({ layer }) => layer.buffer === inner.buffer);
  // A malformed header may be shorter by its own account than what is shown of it.
  const behind = Math.min(outer.start + 1, outer.end);
  return inner.start >= behind && inner.start < outer.until && inner.end <= outer.until;
}

function entryOf(around: Open, layer: Layer): Entry | null {
  const outer = around.layer;
  if (outer.buffer !== layer.buffer) return 'reassembled';
  if (HEIGHTS[layer.place] === Infinity) return null;
  if (isIp(layer) && (outer.id === 'icmp' || outer.id === 'icmpv6')) return 'quoted';
  if (outer.place === 'tunnel') return layer.place === 'tunnel' ? null : 'tunnel';
  return HEIGHTS[layer.place] < around.height || (isIp(layer) && around.hasIp) ? 'tunnel' : null;
}

/** Bytes that a layer holds and that nothing inside it covers, in order: intervals `[start, end)` of its buffer. */
export function gapsOf({ layer, inside }: NestedLayer): { readonly start: number; readonly end: number }[] {
  const gaps: { start: number; end: number }[] = [];
  let at = layer.end;
  for (const { layer: inner } of inside) {
    if (inner.buffer !== layer.buffer) continue;
    if (inner.start > at) gaps.push({ start: at, end: inner.start });
    at = Math.max(at, inner.until ?? inner.end);
  }
  if (layer.until !== null && layer.until > at) gaps.push({ start: at, end: layer.until });
  return gaps;
}
