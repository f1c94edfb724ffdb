/** Numbers that only ever grow at the end, in one array that doubles. What is there can be looked at without a copy. */
export class NumberRows {
  private values = new Float64Array(64);
  private used = 0;

  get length(): number {
    return this.used;
  }

  push(value: number): void {
    if (this.used === this.values.length) this.grow(this.used * 2);
    this.values[this.used] = value;
    this.used += 1;
  }

  append(values: Float64Array): void {
    if (this.used + values.length > this.values.length) this.grow(Math.max(this.used * 2, this.used + values.length));
    this.values.set(values, this.used);
    this.used += values.length;
  }

  /** All of them: a view that later numbers are not in. */
  get view(): Float64Array {
    return this.values.subarray(0, this.used);
  }

  private grow(length: number): void {
    const values = new Float64Array(length);
    values.set(this.values);
    this.values = values;
  }
}
