import type { RiskLimits } from "@tradepulse/core";
import type { LiveSession, RecoveryPlan, SessionSettings } from "@tradepulse/live";
import type { ExecutionClient } from "@tradepulse/venues";
import type { Journal } from "../../packages/live/src/journal/journal.ts";
import type { TraderNode, WatchedDriver } from "../world/trader-node.ts";

/** A planted bug: a small change hung into one run from outside, with the report of the real one that it is taken from. */
export interface Mutant {
  readonly id: string;
  readonly about: string;
  /** Where the bug was seen in the wild. */
  readonly seen: string;
  /** Around the client that speaks to the venue. */
  readonly client?: (client: ExecutionClient, node: TraderNode) => ExecutionClient;
  readonly journal?: (journal: Journal, node: TraderNode) => Journal;
  readonly driver?: (driver: WatchedDriver, node: TraderNode) => void;
  readonly session?: (session: LiveSession, node: TraderNode) => void;
  readonly plan?: (plan: RecoveryPlan, node: TraderNode) => RecoveryPlan;
  readonly settings?: Partial<SessionSettings>;
  readonly limits?: Partial<RiskLimits>;
  readonly latch?: "memory-only";
  readonly epoch?: "never-grows";
  /** What goes wrong between the process and its disk. */
  readonly files?: { readonly sync?: "skipped" | "swallowed"; readonly lock?: "ignored" };
}
