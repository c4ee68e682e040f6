const MS = 1e6;

/** Shortest retransmission timeout that stacks use (Linux: 200 ms; RFC 6298 §2.4 says 1 s). */
export const MIN_RTO_NS = 200 * MS;
/** RFC 6298 §2.1: before the first measurement. */
export const FIRST_RTO_NS = 1000 * MS;

/** Round trip and retransmission timeout by RFC 6298, in nanoseconds, from samples that Karn's rule allows. */
export class Rtt {
  /** Smoothed round trip, 0 while there is no sample. */
  srttNs = 0;
  varianceNs = 0;
  /** Shortest sample, Infinity while there is none. */
  shortestNs = Infinity;
  samples = 0;

  take(sampleNs: number): void {
    if (sampleNs < 0) return; // the clock went back
    if (this.samples++ === 0) {
      this.srttNs = sampleNs;
      this.varianceNs = sampleNs / 2;
    } else {
      this.varianceNs += (Math.abs(this.srttNs - sampleNs) - this.varianceNs) / 4;
      this.srttNs += (sampleNs - this.srttNs) / 8;
    }
    if (sampleNs < this.shortestNs) this.shortestNs = sampleNs;
  }

  /** Linux keeps RTTVAR·4 from falling below the shortest timeout. */
  get rtoNs(): number {
    return this.samples === 0 ? FIRST_RTO_NS : this.srttNs + Math.max(MIN_RTO_NS, 4 * this.varianceNs);
  }
}
