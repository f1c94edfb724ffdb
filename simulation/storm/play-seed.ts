import { runBookStorm } from "../wire/book-storm.ts";
import { runWireStorm } from "../wire/wire-edge.ts";
import { BANK } from "./bank/bank.ts";
import { type FaultKind, kindsAt } from "./fault-kinds.ts";
import type { Mutant } from "./mutant.ts";
import { runStorm } from "./port-edge.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import type { StormResult } from "./storm-result.ts";

export type Edge = "port" | "wire" | "book";

/** How seeds are played, as the command line says it. */
export interface PlayTerms {
  readonly edge: Edge;
  readonly minutes: number | undefined;
  readonly kinds: readonly FaultKind[] | undefined;
  readonly mutant: string | undefined;
}

const WIRE_BAR_US = 60_000_000;
/** On the wire everything else is there too: with half of all kinds at once hardly an order would be sent. */
const WIRE_SHARE = 0.25;
const BOOK_SHARE = 0.5;

export function scenarioFor(seed: number, { edge, minutes, kinds }: PlayTerms): Scenario {
  const scenario = scenarioOf(seed, {
    ...(minutes === undefined ? {} : { chaosMinutes: minutes }),
    ...(kinds === undefined ? {} : { kinds }),
    among: kindsAt(edge),
    ...(edge === "port" ? {} : { share: edge === "wire" ? WIRE_SHARE : BOOK_SHARE }),
  });
  return edge !== "port" ? { ...scenario, barUs: WIRE_BAR_US } : scenario;
}

export function play(scenario: Scenario, terms: PlayTerms): Promise<StormResult> {
  const mutant = mutantOf(terms.mutant);
  if (terms.edge === "book") return runBookStorm(scenario, mutant);
  return terms.edge === "wire" ? runWireStorm(scenario, mutant) : runStorm(scenario, mutant);
}

/** The planted bug of a name. Throws for a name that the bank has not. */
export function mutantOf(id: string | undefined): Mutant | undefined {
  if (id === undefined) return undefined;
  const mutant = BANK.find((each) => each.id === id);
  if (mutant === undefined) throw new Error(`there is no planted bug "${id}", known are ${BANK.map((each) => each.id).join(", ")}`);
  return mutant;
}
