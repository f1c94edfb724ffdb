export { LIVE_CODES } from "./codes.ts";
export { type ConfigEntry, type ConfigSection, describeEntry } from "./config/config-entry.ts";
export { configSections } from "./config/config-table.ts";
export { type EffectiveTable, type EffectiveValue, effectiveConfig, type SecretOrigin } from "./config/effective-config.ts";
export type {
  ConfigOrigin,
  ConfigRow,
  CredentialConfig,
  LiveConfig,
  SentinelConfig,
  StrategyConfig,
  VenueConfig,
} from "./config/live-config.ts";
export { pythonNames } from "./config/python-names.ts";
export { configOf, readConfig } from "./config/read-config.ts";
export type { ConfigLayers } from "./config/section-reader.ts";
export {
  AuthenticatedRESTExecutionConnector,
  type ConnectorParts,
  type RestAnswer,
  type RestCall,
  type SignedCall,
} from "./connector/authenticated-rest-execution-connector.ts";
export { WindowBudget, type WindowBudgetOptions } from "./connector/window-budget.ts";
export { CredentialSource, type Credentials } from "./credentials/credential-source.ts";
export type { ResolveSecret, SecretBackend, SecretBundle, SecretResolver } from "./credentials/secret-backend.ts";
export { secretVariables } from "./credentials/secret-variables.ts";
export { clientIdOf, parseClientId } from "./dispatch/client-id.ts";
export type { BarSource, BarSourceHandlers } from "./feed/bar-source.ts";
export { RecordedBars, type RecordedSeries } from "./feed/recorded-bars.ts";
export { decodeFact } from "./journal/decode-fact.ts";
export { encodeFact } from "./journal/encode-fact.ts";
export { FileJournal, type FileJournalOptions, openFileJournal } from "./journal/file-journal.ts";
export type { Journal, JournalRecord } from "./journal/journal.ts";
export { isFactKind, type RecordKind } from "./journal/record-kinds.ts";
export { FileLeadership, type FileLeadershipOptions, takeFileLeadership } from "./latch/file-leadership.ts";
export { KillLatch, type KillLatchOptions, openKillLatch } from "./latch/kill-latch.ts";
export type { LatchState } from "./latch/latch-files.ts";
export type { Leadership, LeadershipTerms } from "./latch/leadership.ts";
export { eventsFrom, firstOtherEvent, type RecordedEvent, recordedEvents } from "./recovery/event-records.ts";
export { readJournal } from "./recovery/read-journal.ts";
export { Recovery, type RecoveryPlan, type ResumedSession, recover } from "./recovery/recover.ts";
export { type Divergence, type ReadRecord, Replayer, type ReplayOutcome, type ReplayResult, replay } from "./recovery/replay.ts";
export { type CarriedSession, type IntentRecord, SessionFold } from "./recovery/session-fold.ts";
export { buildEngine, recordedOptions, type SessionEngine, type SessionOptions } from "./runner/build-engine.ts";
export { type CountersFile, readCounters } from "./runner/counters-file.ts";
export {
  type AccountAudit,
  type AdministrationParts,
  auditJournalDatabase,
  checkJournalDatabase,
  type JournalDatabaseState,
  migrateDatabase,
} from "./runner/journal-administration.ts";
export { type LiveRunnerOptions, LiveTradingRunner, type RunningSession } from "./runner/live-trading-runner.ts";
export { importStrategy, type LoadStrategy, type SessionStrategyFile } from "./runner/load-strategy.ts";
export { leaveWord, type OperatorWord, waitingWords } from "./runner/operator-inbox.ts";
export { PaperRun, type PaperRunParts, type SessionEnd } from "./runner/paper-run.ts";
export { replaySession, type SessionReplay } from "./runner/replay-session.ts";
export type { SessionNews } from "./runner/session-news.ts";
export {
  findSessionRecord,
  journalFolder,
  latchFolder,
  readSessionRecord,
  type SessionRecord,
  type SessionSeries,
  type SessionSource,
} from "./runner/session-record.ts";
export { type InputBars, ownInputs, sessionSeries } from "./runner/session-series.ts";
export type { SessionStatus } from "./runner/session-status.ts";
export { accountFolder, checkMoney } from "./runner/session-terms.ts";
export { SessionVoice } from "./runner/session-voice.ts";
export { adapterFor } from "./runner/venue-adapters.ts";
export { type EvidenceRecord, readEvidenceFolder } from "./sentinel/evidence-log.ts";
export { decodeHeartbeat, HEARTBEAT_NAME, type Heartbeat, type HeartbeatPhase } from "./sentinel/heartbeat.ts";
export { Pulse } from "./sentinel/pulse.ts";
export { Sentinel, type SentinelStatus } from "./sentinel/sentinel.ts";
export { type RunningSentinel, SentinelRunner, type SentinelRunnerOptions, watchedSymbols } from "./sentinel/sentinel-runner.ts";
export type { SentinelNews } from "./sentinel/sentinel-voice.ts";
export { sentinelFolder } from "./sentinel/sentinel-watch.ts";
export type { SeriesPlan } from "./session/bar-assembler.ts";
export { type LiveInstrument, liveInstrument } from "./session/live-instrument.ts";
export { LiveSession } from "./session/live-session.ts";
export type { LiveSessionParts } from "./session/live-session-parts.ts";
export type { SendPermit } from "./session/send-permit.ts";
export { defaultSessionSettings, type SessionSettings } from "./session/session-settings.ts";
export { fileSnapshots } from "./snapshot/file-snapshots.ts";
export {
  notOurs,
  readSnapshot,
  readSnapshotHead,
  type SessionSnapshot,
  type SessionState,
  type SnapshotAbout,
  type SnapshotHead,
  snapshotParts,
  stateDigest,
} from "./snapshot/session-snapshot.ts";
export type { SnapshotStore } from "./snapshot/snapshot-store.ts";
export type { ReconciliationReport } from "./truth/reconciler.ts";
