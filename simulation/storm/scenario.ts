import { seededStream } from "@tradepulse/platform";
import type { FaultKind, PlannedFault } from "./fault-kinds.ts";
import { faultsOf, logUniform, pick } from "./fault-plans.ts";

/**
 * `calm`: no fault, and no alarm is allowed. `extreme`: one kind, much of it. `directed`: a combination that others stumbled over. `guided`: a plan that
 * once reached a rare place, changed a little. `mixed`: whatever the dice say.
 */
export type StormMode = "calm" | "extreme" | "directed" | "guided" | "mixed";
export type TraderKind = "busy" | "dice" | "maker" | "guarded" | "bad";

/** Everything that a seed decides, as plain data: the same scenario is the same run, and a smaller one can be cut from it. */
export interface Scenario {
  readonly seed: number;
  readonly mode: StormMode;
  readonly chaosUs: number;
  readonly healUs: number;
  /** Length of a bar. */
  readonly barUs: number;
  readonly symbols: readonly string[];
  readonly trader: TraderKind;
  /** Which of the bad strategies; used when the trader is `bad`. */
  readonly badIndex: number;
  /** Base units that may be held of an instrument, working orders included. */
  readonly maxPosition: number;
  readonly maxOpenOrders: number;
  /** Whether an order may be sent that could trade with another of ours. */
  readonly selfTrade: "allow" | "cancel-newer";
  readonly staleAfterUs: number;
  /** Median of the way to the venue and back, each. */
  readonly latencyUs: number;
  /** How long the disk takes to sync. */
  readonly syncUs: number;
  readonly faults: readonly PlannedFault[];
  /** Numbers of the bars at which the strategy may act; undefined for all. */
  readonly operations: readonly number[] | undefined;
}

export interface ScenarioOptions {
  readonly chaosMinutes?: number;
  /** The kinds that are chosen from; all when left out. */
  readonly among?: readonly FaultKind[];
  /** Only these kinds, all of them. */
  readonly kinds?: readonly FaultKind[];
  /** Share of the kinds that a mixed seed has; drawn when left out. */
  readonly share?: number;
}

const MINUTE = 60_000_000;
const TRADERS: readonly TraderKind[] = ["busy", "busy", "busy", "maker", "maker", "maker", "dice", "guarded", "guarded", "bad"];
/** Shares of the modes, one after the other; what is left is mixed. */
const MODES: readonly (readonly [StormMode, number])[] = [
  ["calm", 0.1],
  ["extreme", 0.1],
  ["directed", 0.15],
  ["guided", 0.1],
];
const SYMBOLS = ["AAAUSDT", "BBBUSDT", "CCCUSDT"] as const;

export function scenarioOf(seed: number, options: ScenarioOptions = {}): Scenario {
  const random = seededStream(seed, "scenario");
  const draw = random.next();
  const mode = options.kinds === undefined ? modeOf(draw) : "mixed";
  const chaosUs = Math.round((options.chaosMinutes ?? 20 + 40 * random.next()) * MINUTE);
  const trader: TraderKind = mode === "calm" ? pick(random, ["busy", "maker", "guarded"]) : pick(random, TRADERS);
  return {
    seed,
    mode,
    chaosUs,
    healUs: 15 * MINUTE,
    barUs: pick(random, [5, 10, 20, 60]) * 1_000_000,
    // The bad ones trade a single instrument.
    symbols: SYMBOLS.slice(0, trader === "bad" ? 1 : 1 + random.below(SYMBOLS.length)),
    trader,
    badIndex: random.below(1_000),
    maxPosition: pick(random, [5, 20, 60]),
    maxOpenOrders: pick(random, [3, 10, 40]),
    selfTrade: random.next() < 0.5 ? "allow" : "cancel-newer",
    staleAfterUs: 3 * MINUTE,
    latencyUs: Math.round(logUniform(random, 2_000, 200_000)),
    syncUs: Math.round(logUniform(random, 200, 100_000)),
    faults: faultsOf({ seed, mode, chaosUs, ...options }),
    operations: undefined,
  };
}

function modeOf(draw: number): StormMode {
  let from = 0;
  for (const [mode, share] of MODES) {
    from += share;
    if (draw < from) return mode;
  }
  return "mixed";
}
