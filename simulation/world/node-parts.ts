import type { SimClock, SimDisk } from "@tradepulse/platform";
import type { Mutant } from "../storm/mutant.ts";
import type { Scenario } from "../storm/scenario.ts";
import type { Chronicle } from "./chronicle.ts";
import type { NodeWitness } from "./node-witness.ts";
import type { VenueWorld } from "./venue-world.ts";
import type { DiskWitness } from "./watched-files.ts";
import type { Weather } from "./weather.ts";

/** What a trading process at the ports finds around it. */
export interface NodeParts {
  readonly clock: SimClock;
  readonly disk: SimDisk;
  readonly venue: VenueWorld;
  readonly weather: Weather;
  readonly chronicle: Chronicle;
  readonly scenario: Scenario;
  readonly diskWitness: DiskWitness;
  readonly witness: NodeWitness;
  readonly mutant: Mutant | undefined;
  readonly quietFromUs: number;
  readonly runawayUs: readonly (readonly [number, number])[];
  onExit(code: number): void;
}
