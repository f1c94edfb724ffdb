import { FailureError } from "../model/failure.ts";
import { requireInputs } from "./columnar.ts";
import type { IndicatorDefinition, KernelState } from "./indicator.ts";
import { requireSize } from "./kernel-memory.ts";

/** Takes the numbers of one row: as many as the indicator has inputs, in their order. */
type TakeRow = (first: number, second?: number, third?: number, fourth?: number, fifth?: number) => void;

/** An indicator fed row by row, as in a live run. */
export interface StreamingIndicator<Output extends string = string> {
  /** A finished row. Constant work on average; no allocation, which is why it returns nothing: engines box a returned number. */
  readonly update: TakeRow;
  /**
   * A row that is still forming. `value` and `line` show what they would be if it finished so; the next `replace` or `update`
   * finds the indicator as if this row had never been seen. Copies the kernel's state, so it costs more than `update`.
   */
  readonly replace: TakeRow;
  /** The first line at the latest row; NaN before the first row, during warm-up and in gaps. */
  readonly value: number;
  /** Whether `value` is a number. */
  readonly ready: boolean;
  /** The named line at the latest row. */
  line(name: Output): number;
  /** All that the future depends on, finished rows only, in an array of a length that depends on the definition only. */
  snapshot(): Float64Array;
  /** Continues where the snapshot of another streaming indicator of the same definition was taken. */
  restore(saved: Float64Array): void;
}

/** Rows between two moves of the window to the front of its columns, at least. */
const ROOM = 64;

/**
 * Runs an indicator row by row on the kernel that also computes whole columns: same code, same bits.
 *
 * The kernel works on small columns that hold the rows it may read again and some room. When the room is used up, the rows still
 * needed move to the front.
 *
 * @throws FailureError `TP_INDICATOR_INPUTS` from `update` and `replace`, `TP_INDICATOR_LINE` from `line`, `TP_INDICATOR_STATE`
 *   from `restore`
 */
export function streaming<Output extends string>(definition: IndicatorDefinition<Output>): StreamingIndicator<Output> {
  const { lookback, name } = definition;
  const width = definition.inputs.length;
  const capacity = lookback + Math.max(lookback, ROOM);
  const inputs = definition.inputs.map(() => new Float64Array(capacity));
  const outputs = definition.outputs.map(() => new Float64Array(capacity).fill(Number.NaN));
  const kernel = definition.createKernel(inputs, outputs);
  const main = outputs[0]!;
  const [one, two, three] = inputs;
  const forming: KernelState = kernel.snapshot();
  /** Where the next finished row goes. */
  let next = 0;
  /** The row that `value` and `line` read. */
  let shown = 0;

  function place(first: number, second?: number, third?: number, fourth?: number, fifth?: number): void {
    if (next === capacity) makeRoom();
    one![next] = first;
    if (width === 1 && second === undefined) return;
    if (width === 2 && second !== undefined && third === undefined) {
      two![next] = second;
      return;
    }
    if (width === 3 && second !== undefined && third !== undefined && fourth === undefined) {
      two![next] = second;
      three![next] = third;
      return;
    }
    placeMany([first, second, third, fourth, fifth]);
  }

  function placeMany(row: readonly (number | undefined)[]): void {
    const given = row.indexOf(undefined);
    requireInputs(definition, given < 0 ? row.length : given);
    inputs.forEach((column, i) => {
      column[next] = row[i]!;
    });
  }

  function makeRoom(): void {
    const shift = next - lookback;
    for (const column of inputs) column.copyWithin(0, shift, next);
    kernel.rebase(shift);
    next = lookback;
  }

  return {
    update(first, second, third, fourth, fifth) {
      place(first, second, third, fourth, fifth);
      kernel.advance(next, next + 1);
      shown = next;
      next += 1;
    },
    replace(first, second, third, fourth, fifth) {
      place(first, second, third, fourth, fifth);
      kernel.snapshot(forming);
      kernel.advance(next, next + 1);
      kernel.restore(forming);
      shown = next;
    },
    get value() {
      return main[shown]!;
    },
    get ready() {
      return !Number.isNaN(main[shown]!);
    },
    line(output) {
      const column = outputs[definition.outputs.indexOf(output)];
      if (column !== undefined) return column[shown]!;
      throw new FailureError({
        code: "TP_INDICATOR_LINE",
        message: `Cannot read line "${output}" of "${name}": there is none, allowed are ${definition.outputs.join(", ")}`,
        details: [],
        next: "name one of these lines",
      });
    },
    snapshot() {
      const kept = Math.min(next, lookback);
      const state = kernel.snapshot();
      const saved = new Float64Array(2 + outputs.length + width * lookback + state.length);
      saved[0] = next;
      saved[1] = kept;
      let at = 2;
      for (const column of outputs) saved[at++] = next === 0 ? Number.NaN : column[next - 1]!;
      for (const column of inputs) {
        saved.set(column.subarray(next - kept, next), at);
        at += lookback;
      }
      saved.set(state, at);
      return saved;
    },
    restore(saved) {
      requireSize(name, saved, 2 + outputs.length + width * lookback + forming.length);
      const kept = saved[1]!;
      let at = 2;
      // The latest row, if there was one, needs a place even where the kernel does not look back.
      next = Math.min(saved[0]!, Math.max(kept, 1));
      shown = Math.max(next - 1, 0);
      for (const column of outputs) column[shown] = saved[at++]!;
      for (const column of inputs) {
        column.set(saved.subarray(at, at + kept), next - kept);
        at += lookback;
      }
      kernel.restore(saved.subarray(at));
      kernel.rebase(saved[0]! - next);
    },
  };
}
