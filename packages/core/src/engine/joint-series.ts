import type { Cursor, SeriesFollower } from "../market/bar-series.ts";

/**
 * Rows for instants at which several series closed a bar together: the inputs of an indicator over more than one series.
 * Grows by one row an instant; when full, the older half is dropped.
 */
export class JointSeries {
  readonly cursor: Cursor = { index: -1 };
  readonly inputs: readonly Float64Array[];
  private readonly followers: SeriesFollower[] = [];
  private readonly outputs: Float64Array[] = [];
  private readonly capacity: number;

  constructor(width: number, capacity: number) {
    this.capacity = capacity;
    this.inputs = Array.from({ length: width }, () => new Float64Array(capacity));
  }

  column(): Float64Array {
    const column = new Float64Array(this.capacity).fill(Number.NaN);
    this.outputs.push(column);
    return column;
  }

  follow(follower: SeriesFollower): void {
    this.followers.push(follower);
  }

  append(values: readonly number[]): void {
    if (this.cursor.index + 1 === this.capacity) this.dropFront();
    this.cursor.index += 1;
    values.forEach((value, k) => {
      this.inputs[k]![this.cursor.index] = value;
    });
  }

  private dropFront(): void {
    const shift = this.capacity >> 1;
    for (const column of [...this.inputs, ...this.outputs]) column.copyWithin(0, shift);
    this.cursor.index -= shift;
    for (const follower of this.followers) follower.rebase(shift);
  }
}
