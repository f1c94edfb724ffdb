import type { ReadRecord } from "@tradepulse/live";
import type { SimEnv, SimProcess } from "@tradepulse/platform";
import type { JudgeTerms } from "../oracle/judge.ts";
import type { JudgedTrader, JudgedVenue } from "../oracle/judged.ts";
import type { PlannedFault } from "./fault-kinds.ts";

/** One life of the trading process, at whatever edge. */
export interface StormNode extends JudgedTrader {
  readonly process: SimProcess;
  readonly env: SimEnv;
  /** Why the start ended without a session. */
  readonly refusal: { readonly code: string; readonly text: string } | undefined;
  boot(): Promise<void>;
}

/** Where the stack ends and the simulated world begins: at the ports of the adapter, or at the bytes on its wire. */
export interface StormEdge {
  readonly venue: JudgedVenue;
  readonly journalFolder: string;
  readonly secrets: readonly string[];
  readonly judgeTerms: Pick<JudgeTerms, "killLagUs">;
  /** A failed start with such a text is no crash. */
  readonly honestFailure: RegExp;
  /** A process that is not started yet. */
  makeNode(number: number): StormNode;
  /** The market begins, and whatever else lives beside the trader. `stillUs` is when nothing may move any more. */
  open(stillUs: number): void;
  /** An act of this edge's own as a fault begins. True when there is nothing more to do. */
  begin(fault: PlannedFault): boolean;
  end(fault: PlannedFault): void;
  heal(): void;
  /** After each event in which something happened at the venue. */
  onVenueMoved(): void;
  press(reason: string): void;
  flatten(reason: string): void;
  /** Trading is off for a reason that a person has to look at: it need not be on again. */
  readonly isHalted: boolean;
  /** An alarm that a calm day may have. */
  isNews(alarm: string): boolean;
  /** The journal as a stranger reads it from the disk. Throws what the reading throws. */
  readJournal(): Promise<ReadRecord[] | undefined>;
  conclude(records: readonly ReadRecord[]): void;
}
