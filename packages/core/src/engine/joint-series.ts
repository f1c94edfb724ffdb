import { type Cursor, heldRows, type SeriesFollower } from "../market/bar-series.ts";

/** The rows that a joint series holds, a column each. */
export interface CarriedRows {
  readonly inputs: readonly Float64Array[];
  readonly outputs: readonly Float64Array[];
}

/**
 * Rows for instants at which several series closed a bar together: the inputs of an indicator over more than one series.
 * Grows by one row an instant; when full, the older half is dropped.
 */
export class JointSeries {
  readonly cursor: Cursor = { index: -1 };
  /** Times that rows were dropped from the front. */
  drops = 0;
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

  carry(isBorrowed: boolean): CarriedRows {
    const held = (column: Float64Array): Float64Array => heldRows(column, this.cursor.index + 1, isBorrowed);
    return { inputs: this.inputs.map(held), outputs: this.outputs.map(held) };
  }

  resume(carried: CarriedRows): void {
    for (const [k, column] of this.inputs.entries()) column.set(carried.inputs[k]!);
    for (const [k, column] of this.outputs.entries()) column.set(carried.outputs[k]!);
    this.cursor.index = (carried.inputs[0]?.length ?? 0) - 1;
  }

  private dropFront(): void {
    const shift = this.capacity >> 1;
    this.drops += 1;
    for (const column of [...this.inputs, ...this.outputs]) column.copyWithin(0, shift);
    this.cursor.index -= shift;
    for (const follower of this.followers) follower.rebase(shift);
  }
}
