import { type RandomStream, seededStream } from "@tradepulse/platform";
import { FAULT_KIND_NAMES, FAULT_KINDS, type FaultKind, type PlannedFault } from "./fault-kinds.ts";
import { RARE_SEEDS } from "./rare-seeds.ts";
import type { StormMode } from "./scenario.ts";

/** What a plan of faults is drawn from. */
export interface PlanTerms {
  readonly seed: number;
  readonly mode: StormMode;
  readonly chaosUs: number;
  readonly among?: readonly FaultKind[];
  readonly kinds?: readonly FaultKind[];
  readonly share?: number;
}

/** Share of the kinds in a mixed seed. One half of everything at once leaves little trading to be hit, so half of the seeds have less. */
const SHARES = [0.5, 0.5, 0.2, 0.08] as const;
/** Share of the mixed seeds that have a kind, where it is not one half: after these there is no trading to be watched any more. */
const SHARE: Readonly<Partial<Record<FaultKind, number>>> = { F58: 0.06, F12: 0.15, F74: 0.2, F75: 0.2 };
/** What brought others down together; alone with each other they are met more often than among all the rest. */
const COMBINATIONS: readonly (readonly FaultKind[])[] = [
  ["F04"],
  ["F04", "F05"],
  ["F01", "F53"],
  ["F04", "F54"],
  ["F15", "F69"],
  ["F15", "F69"],
  ["F15", "F69"],
  ["F15", "F17"],
  ["F19", "F25"],
  ["F16", "F25"],
  ["F20", "F06"],
  ["F55", "F57"],
  ["F33", "F76"],
  ["F45", "F74"],
  ["F40", "F74"],
  ["F42", "F53"],
  ["F01", "F64"],
  ["F43", "F52"],
  ["F38", "F04"],
  ["F61", "F62"],
];

/** The plan of a seed. Each kind draws from a stream of its own: with or without it, the others are the same. */
export function faultsOf(terms: PlanTerms): readonly PlannedFault[] {
  if (terms.mode === "calm") return [];
  const faults = terms.mode === "guided" ? changed(terms) : kindsOf(terms).flatMap((kind) => plansOf(kind, terms));
  return faults.sort((a, b) => a.atUs - b.atUs || (a.kind < b.kind ? -1 : 1)).map((fault, index) => ({ ...fault, id: index + 1 }));
}

function kindsOf({ seed, mode, among = FAULT_KIND_NAMES, kinds, share }: PlanTerms): readonly FaultKind[] {
  if (kinds !== undefined) return kinds;
  const choice = seededStream(seed, "faults");
  if (mode === "extreme") return [pick(choice, among)];
  if (mode === "directed") {
    const possible = COMBINATIONS.filter((combination) => combination.every((kind) => among.includes(kind)));
    return possible.length === 0 ? [pick(choice, among), pick(choice, among)] : pick(choice, possible);
  }
  const part = share ?? pick(seededStream(seed, "share"), SHARES);
  return among.filter((kind) => choice.next() < (SHARE[kind] ?? 0.5) * 2 * part);
}

function plansOf(kind: FaultKind, { seed, mode, chaosUs }: PlanTerms): PlannedFault[] {
  const random = seededStream(seed, `faults.${kind}`);
  // What belongs together comes together.
  const when = mode === "directed" ? seededStream(seed, "faults.together") : random;
  const isStrong = mode === "extreme" || mode === "directed";
  const isWindow = FAULT_KINDS[kind].form === "window";
  const count = mode === "extreme" ? 6 : mode === "directed" ? 3 : 1 + random.below(isWindow ? 3 : 2);
  return Array.from({ length: count }, () => {
    // What ends the trading comes late, so that something has happened before.
    const atUs = Math.round(chaosUs * (SHARE[kind] === undefined ? 0.02 + 0.9 * when.next() : 0.5 + 0.45 * when.next()));
    const lengthDraw = when.next();
    const lengthUs = isWindow ? Math.round(between(lengthDraw, 30_000_000, isStrong ? chaosUs : chaosUs / 2)) : 0;
    const intensity = mode === "extreme" ? 0.5 + 0.5 * random.next() : logUniform(random, isStrong ? 0.2 : 0.05, 1);
    return { id: 0, kind, atUs, untilUs: Math.min(chaosUs, atUs + lengthUs), intensity };
  });
}

/** The plan of a seed that once reached a rare place, with some of it moved, made weaker or stronger, left out, and something new. */
function changed(terms: PlanTerms): PlannedFault[] {
  const { seed, chaosUs, among = FAULT_KIND_NAMES } = terms;
  const random = seededStream(seed, "faults.changed");
  const base = pick(random, RARE_SEEDS);
  const from = faultsOf({ ...terms, seed: base, mode: "mixed" });
  const kept = from
    .filter(() => random.next() < 0.85)
    .map((fault) => {
      const moved = Math.round(fault.atUs + 60_000_000 * (random.next() - 0.5) * (random.next() < 0.5 ? 1 : 10));
      // Not before the first start: money that is gone by then is no capital, and a refusal is right.
      const atUs = Math.min(Math.max(moved, Math.round(0.02 * chaosUs)), chaosUs);
      const untilUs = Math.min(chaosUs, atUs + fault.untilUs - fault.atUs);
      return { ...fault, atUs, untilUs, intensity: Math.min(1, fault.intensity * logUniform(random, 0.5, 3)) };
    });
  return [...kept, ...plansOf(pick(random, among), { ...terms, mode: "mixed" })];
}

export function logUniform(random: RandomStream, low: number, high: number): number {
  return between(random.next(), low, high);
}

function between(draw: number, low: number, high: number): number {
  return low * (high / low) ** draw;
}

export function pick<T>(random: RandomStream, values: readonly T[]): T {
  return values[random.below(values.length)]!;
}
