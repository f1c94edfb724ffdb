import { type RandomStream, seededStream } from "@tradepulse/platform";
import { FAULT_KIND_NAMES, FAULT_KINDS, type FaultKind, type PlannedFault } from "./fault-kinds.ts";

export type StormMode = "calm" | "mixed" | "extreme";
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
  /** Only these kinds, all of them. */
  readonly kinds?: readonly FaultKind[];
  /** Share of the kinds that a mixed seed has; drawn when left out. */
  readonly share?: number;
}

const MINUTE = 60_000_000;
/** Share of the kinds in a mixed seed. One half of everything at once leaves little trading to be hit, so half of the seeds have less. */
const SHARES = [0.5, 0.5, 0.2, 0.08] as const;
const TRADERS: readonly TraderKind[] = ["busy", "busy", "busy", "maker", "maker", "maker", "dice", "guarded", "guarded", "bad"];
/** Share of the mixed seeds that have a kind, where it is not one half: after these there is no trading to be watched any more. */
const SHARE: Readonly<Partial<Record<FaultKind, number>>> = { F58: 0.06, F12: 0.15, F74: 0.2, F75: 0.2 };
const SYMBOLS = ["AAAUSDT", "BBBUSDT", "CCCUSDT"] as const;

export function scenarioOf(seed: number, options: ScenarioOptions = {}): Scenario {
  const random = seededStream(seed, "scenario");
  const draw = random.next();
  const mode: StormMode = options.kinds !== undefined ? "mixed" : draw < 0.1 ? "calm" : draw < 0.2 ? "extreme" : "mixed";
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
    faults: faultsOf(seed, mode, chaosUs, options),
    operations: undefined,
  };
}

function faultsOf(seed: number, mode: StormMode, chaosUs: number, options: ScenarioOptions): readonly PlannedFault[] {
  if (mode === "calm") return [];
  const choice = seededStream(seed, "faults");
  const extreme = FAULT_KIND_NAMES[choice.below(FAULT_KIND_NAMES.length)]!;
  const share = options.share ?? pick(seededStream(seed, "share"), SHARES);
  const kinds =
    options.kinds ?? (mode === "extreme" ? [extreme] : FAULT_KIND_NAMES.filter((kind) => choice.next() < (SHARE[kind] ?? 0.5) * 2 * share));
  const faults: PlannedFault[] = [];
  for (const kind of kinds) {
    // Each kind draws from a stream of its own: with or without it, the others are the same.
    const random = seededStream(seed, `faults.${kind}`);
    const isWindow = FAULT_KINDS[kind].form === "window";
    const count = mode === "extreme" ? 6 : 1 + random.below(isWindow ? 3 : 2);
    for (let i = 0; i < count; i += 1) {
      // What ends the trading comes late, so that something has happened before.
      const atUs = Math.round(chaosUs * (SHARE[kind] === undefined ? 0.02 + 0.9 * random.next() : 0.5 + 0.45 * random.next()));
      const lengthUs = isWindow ? Math.round(logUniform(random, 30_000_000, mode === "extreme" ? chaosUs : chaosUs / 2)) : 0;
      const intensity = mode === "extreme" ? 0.5 + 0.5 * random.next() : logUniform(random, 0.05, 1);
      faults.push({ id: 0, kind, atUs, untilUs: Math.min(chaosUs, atUs + lengthUs), intensity });
    }
  }
  return faults.sort((a, b) => a.atUs - b.atUs || (a.kind < b.kind ? -1 : 1)).map((fault, index) => ({ ...fault, id: index + 1 }));
}

export function logUniform(random: RandomStream, low: number, high: number): number {
  return low * (high / low) ** random.next();
}

export function pick<T>(random: RandomStream, values: readonly T[]): T {
  return values[random.below(values.length)]!;
}
