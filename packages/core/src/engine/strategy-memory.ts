import { FailureError } from "../model/failure.ts";
import type { Reactions } from "../strategy/define-strategy.ts";
import { copySaved, type SavedValue } from "../strategy/saved-value.ts";

/** Throws `TP_STRATEGY_MEMORY` for a strategy that saves and cannot restore, or the other way round. */
export function checkMemory(strategy: string, reactions: Reactions): void {
  const saves = reactions.save !== undefined;
  if (saves === (reactions.restore !== undefined)) return;
  const [has, lacks] = saves ? ["save", "restore"] : ["restore", "save"];
  throw refused(strategy, `Cannot start "${strategy}": create gives ${has} without ${lacks}, allowed are both or neither`, `add ${lacks}`);
}

/** What the strategy remembers beside its indicators, as a copy; `null` when it saves nothing. Throws `TP_STRATEGY_MEMORY`. */
export function savedMemory(strategy: string, reactions: Reactions): SavedValue {
  if (reactions.save === undefined) return null;
  const copied = copySaved(guarded(strategy, "save", () => reactions.save!()));
  if ("value" in copied) return copied.value;
  throw refused(
    strategy,
    `Cannot keep what save of "${strategy}" gave: value${copied.path} is ${copied.what}, allowed are null, truth values, numbers, texts, Float64Array, lists and plain objects`,
    "save what the value is made of, and make it again in restore",
  );
}

/** Gives back to a fresh strategy what {@link savedMemory} took. Throws `TP_STRATEGY_MEMORY`. */
export function restoreMemory(strategy: string, reactions: Reactions, value: SavedValue): void {
  if (reactions.restore === undefined) return;
  const copied = copySaved(value) as { readonly value: SavedValue };
  guarded(strategy, "restore", () => reactions.restore!(copied.value));
}

function guarded<T>(strategy: string, what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}: ${String(error)}`;
    throw refused(
      strategy,
      `Cannot ${what} the memory of "${strategy}": its ${what} threw "${text}"`,
      `fix ${what} of the strategy`,
      error,
    );
  }
}

function refused(strategy: string, message: string, next: string, cause?: unknown): FailureError {
  return new FailureError({ code: "TP_STRATEGY_MEMORY", message, details: [["strategy", strategy]], next }, cause);
}
