import type { Engine, FactDriver } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { ExecutionClient, MarketFeed } from "@tradepulse/venues";
import type { IntentJournal } from "../dispatch/dispatcher.ts";
import type { SeriesPlan } from "./bar-assembler.ts";
import type { LiveInstrument } from "./live-instrument.ts";
import type { SendPermit } from "./send-permit.ts";
import type { FactJournal } from "./sequencer.ts";
import type { SessionSettings } from "./session-settings.ts";

/** What a live session is made of. */
export interface LiveSessionParts {
  readonly env: Env;
  readonly engine: Engine;
  /** The engine's one door; the one a recovery has used, where there was one. */
  readonly driver: FactDriver;
  readonly execution: ExecutionClient;
  readonly feed: MarketFeed;
  readonly journal: FactJournal & IntentJournal;
  readonly permit: SendPermit;
  readonly instruments: readonly LiveInstrument[];
  readonly plans: readonly SeriesPlan[];
  readonly settings: SessionSettings;
  readonly onAlarm: (text: string) => void;
  /** The journal takes no more: nothing happens in this session from now on. May be told more than once. Without it the failure is thrown. */
  readonly onJournalLost?: (error: unknown) => void;
}
