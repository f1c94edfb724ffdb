export { clientIdOf, parseClientId } from "./dispatch/client-id.ts";
export { decodeFact } from "./journal/decode-fact.ts";
export { encodeFact } from "./journal/encode-fact.ts";
export { FileJournal, type FileJournalOptions, openFileJournal } from "./journal/file-journal.ts";
export type { Journal, JournalRecord } from "./journal/journal.ts";
export { isFactKind, type RecordKind } from "./journal/record-kinds.ts";
export { type IntentRecord, type RecoveryPlan, recover } from "./recovery/recover.ts";
export { type Divergence, type ReadRecord, type ReplayResult, replay } from "./recovery/replay.ts";
export type { SeriesPlan } from "./session/bar-assembler.ts";
export { type LiveInstrument, liveInstrument } from "./session/live-instrument.ts";
export {
  defaultSessionSettings,
  LiveSession,
  type LiveSessionParts,
  type SendPermit,
  type SessionSettings,
} from "./session/live-session.ts";
export type { ReconciliationReport } from "./truth/reconciler.ts";
