/** What a hash of the xxHash family takes in piece by piece: whole stripes, and at the end what does not fill one. */
export abstract class Stripes {
  /** Bytes so far. */
  protected total = 0;
  /** What did not fill a stripe yet. */
  protected readonly rest: Uint8Array;
  protected restBytes = 0;

  constructor(private readonly stripeBytes: number) {
    this.rest = new Uint8Array(stripeBytes);
  }

  /** Mixes the stripes of `[start, end)` in, a whole number of them. */
  protected abstract stripes(bytes: Uint8Array, start: number, end: number): void;

  update(bytes: Uint8Array, start: number, end: number): this {
    const { stripeBytes } = this;
    let i = start;
    this.total += end - start;
    if (this.restBytes > 0) {
      const count = Math.min(stripeBytes - this.restBytes, end - i);
      this.rest.set(bytes.subarray(i, i + count), this.restBytes);
      this.restBytes += count;
      i += count;
      if (this.restBytes < stripeBytes) return this;
      this.stripes(this.rest, 0, stripeBytes);
      this.restBytes = 0;
    }
    const whole = end - ((end - i) % stripeBytes);
    this.stripes(bytes, i, whole);
    this.rest.set(bytes.subarray(whole, end));
    this.restBytes = end - whole;
    return this;
  }
}
