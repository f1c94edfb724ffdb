import { FailureError } from "../model/failure.ts";
import type { Kernel, KernelState } from "./indicator.ts";

/**
 * Snapshot, restore and rebase of a kernel whose whole memory is one array that holds no row number. Such a kernel counts rows
 * since it started and finds older rows by their distance from the current one, so moving all rows changes nothing in it.
 */
export function kernelMemory(name: string, memory: Float64Array): Pick<Kernel, "snapshot" | "restore" | "rebase"> {
  return {
    snapshot(into?: KernelState): KernelState {
      if (into === undefined) return memory.slice();
      requireSize(name, into, memory.length);
      into.set(memory);
      return into;
    },
    restore(state: KernelState): void {
      requireSize(name, state, memory.length);
      memory.set(state);
    },
    rebase(): void {},
  };
}

/** Throws `TP_INDICATOR_STATE` unless a saved state has the size that this indicator writes. */
export function requireSize(name: string, state: KernelState, size: number): void {
  if (state.length === size) return;
  throw new FailureError({
    code: "TP_INDICATOR_STATE",
    message: `Cannot restore "${name}": the saved state has ${state.length} numbers, this indicator saves ${size} numbers`,
    details: [],
    next: "restore into the same indicator with the same parameters, or let it warm up again",
  });
}
