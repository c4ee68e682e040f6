import { grown } from '../bytes/columns';

/** Integers one after the other, the first ones kept where there are too many. */
export class IntList {
  length = 0;
  private numbers = new Int32Array(64);

  constructor(private readonly most: number) {}

  add(number: number): void {
    if (this.length >= this.most) return;
    if (this.length === this.numbers.length) this.numbers = grown(this.numbers, 2 * this.length);
    this.numbers[this.length++] = number;
  }

  get values(): Int32Array {
    return this.numbers.subarray(0, this.length);
  }
}
