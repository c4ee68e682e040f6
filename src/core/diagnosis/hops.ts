/** What senders start with (RFC 1340 asks for 64; Windows takes 128, some systems 255 or 32). */
const INITIAL = [32, 64, 128, 255] as const;

/** Routers that a packet with this time to live has passed, by the likeliest value that it began with; -1 for unknown. */
export function hopsOf(ttl: number): number {
  if (ttl === 0) return -1;
  for (const initial of INITIAL) if (ttl <= initial) return initial - ttl;
  return -1;
}
