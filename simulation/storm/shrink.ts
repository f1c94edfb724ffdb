import type { InvariantId, Violation } from "../oracle/violation.ts";
import { ddmin } from "./ddmin.ts";
import type { Scenario } from "./scenario.ts";
import type { StormResult } from "./storm-result.ts";

export interface Shrunk {
  readonly scenario: Scenario;
  readonly result: StormResult;
  readonly violation: Violation;
  readonly runs: number;
}

const MOST_RUNS = 400;
const MOST_SECONDS = 60;

/**
 * Cuts a scenario down to what breaks the same invariant: first faults, then the strategy's actions, then the time after it, then the symbols. Each
 * smaller scenario is a run of its own; one that breaks another invariant does not count. Ends after a minute with what it has by then.
 */
export async function shrink(
  scenario: Scenario,
  invariant: InvariantId,
  run: (scenario: Scenario) => Promise<StormResult>,
): Promise<Shrunk | undefined> {
  const budget = { left: MOST_RUNS };
  const startedMs = performance.now();
  const fails = async (smaller: Scenario): Promise<boolean> => {
    if (performance.now() - startedMs > MOST_SECONDS * 1_000) budget.left = 0;
    return (await run(smaller)).violations.some((each) => each.invariant === invariant);
  };
  let best = scenario;
  const faults = await ddmin(best.faults, (part) => fails({ ...best, faults: part }), budget);
  best = { ...best, faults };
  // What comes after the violation is not needed for it, but liveness needs the calm time after the last fault.
  const first = (await run(best)).violations.find((each) => each.invariant === invariant);
  if (first === undefined) return undefined;
  const bars = Math.ceil((best.chaosUs + best.healUs) / best.barUs) * best.symbols.length;
  const all = Array.from({ length: bars }, (_, k) => k + 1);
  const operations = await ddmin(all, (part) => fails({ ...best, operations: part }), budget);
  if (operations.length < all.length) best = { ...best, operations };
  const fewer = { ...best, symbols: best.symbols.slice(0, 1) };
  if (best.symbols.length > 1 && (await fails(fewer))) best = fewer;
  const result = await run(best);
  const violation = result.violations.find((each) => each.invariant === invariant);
  return violation === undefined ? undefined : { scenario: best, result, violation, runs: MOST_RUNS - budget.left };
}
