import type { Mark } from "../oracle/sometimes.ts";
import type { Violation } from "../oracle/violation.ts";
import type { ChronicleLine } from "../world/chronicle.ts";
import type { FaultKind } from "./fault-kinds.ts";
import type { ReachCell } from "./reach.ts";
import type { Scenario } from "./scenario.ts";

/** What came of one seed. */
export interface StormResult {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly violations: readonly Violation[];
  readonly alarms: number;
  readonly digest: string;
  readonly checkpoints: readonly string[];
  readonly lines: readonly ChronicleLine[];
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  /** Looks at a book that was shown as good. */
  readonly books: number;
  readonly boots: number;
  readonly strikes: ReadonlyMap<FaultKind, number>;
  readonly reach: readonly ReachCell[];
  readonly marks: readonly Mark[];
  readonly virtualUs: number;
  /** Why the trader ended for a reason that allows no restart: damage that was found, a failing strategy. Empty when it did not. */
  readonly endedDown: string;
}
