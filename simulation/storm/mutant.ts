import type { Engine, RiskLimits } from "@tradepulse/core";
import type { LiveInstrument, LiveSession, ReadRecord, RecoveryPlan, SessionSettings } from "@tradepulse/live";
import type { Env } from "@tradepulse/platform";
import type { ExecutionClient } from "@tradepulse/venues";
import type { Journal } from "../../packages/live/src/journal/journal.ts";
import type { BookSubscription } from "../../packages/venues/src/binance/book-subscription.ts";
import type { Network } from "../wire/wire-witness.ts";
import type { TraderNode } from "../world/trader-node.ts";
import type { WatchedDriver } from "../world/watched-driver.ts";

/** What a planted bug of a session may reach, at either edge. */
export interface MutantNode {
  readonly env: Env;
  readonly engine: Engine;
  readonly session: LiveSession | undefined;
  readonly instruments: readonly LiveInstrument[];
}

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
  readonly session?: (session: LiveSession, node: MutantNode) => void;
  /** On the wire: between the adapter and its network. */
  readonly network?: (network: Network, env: Pick<Env, "sleep">) => Network;
  readonly plan?: (plan: RecoveryPlan, records: readonly ReadRecord[]) => RecoveryPlan;
  readonly settings?: Partial<SessionSettings>;
  readonly limits?: Partial<RiskLimits>;
  readonly latch?: "memory-only";
  readonly epoch?: "never-grows";
  /** What goes wrong between the process and its disk. */
  readonly files?: { readonly sync?: "skipped" | "swallowed"; readonly lock?: "ignored" };
  /** In a book of the adapter. */
  readonly book?: (subscription: BookSubscription) => void;
  /** Where it is planted; at the port when left out. */
  readonly edge?: "wire" | "book";
}
