import type { BoundStrategy } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { LiveConfig } from "../config/live-config.ts";
import type { Leadership } from "../latch/leadership.ts";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";
import type { SessionOptions } from "./build-engine.ts";
import type { SessionRecord } from "./session-record.ts";
import type { OpenJournal } from "./session-store.ts";
import type { SessionVoice } from "./session-voice.ts";
import type { VenueConnection } from "./venue-adapters.ts";

/** What a live session is made of. */
export interface LiveRunParts {
  readonly env: Env;
  readonly config: LiveConfig;
  /** Folder of the session, which holds its record. */
  readonly folder: string;
  readonly record: SessionRecord;
  readonly strategy: BoundStrategy;
  /** Digest of the code as it is now. */
  readonly codeDigest: string;
  readonly optionsOf: SessionOptions;
  readonly connection: VenueConnection;
  readonly leadership: Leadership;
  readonly openJournal: OpenJournal;
  /** `undefined` where none can be kept: every start reads the journal from its first record. */
  readonly snapshots: SnapshotStore | undefined;
  readonly engineVersion: string;
  /** Highest trade id of each instrument at the very beginning of the session: what was before is none of its business. */
  readonly readUpTo: readonly number[] | undefined;
  readonly voice: SessionVoice;
}
