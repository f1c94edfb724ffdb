import type { RiskLimits } from "@tradepulse/core";
import type { SnapshotConfig } from "./snapshots-section.ts";

/** Where a value comes from; what stands first wins. */
export type ConfigOrigin = "flag" | "environment" | "file" | "default";

/** A value of a configuration as it was written, and where it came from. */
export interface ConfigRow {
  /** In the file: `venues[0].credentials.required`. */
  readonly path: string;
  readonly value: unknown;
  readonly origin: ConfigOrigin;
  /** File and line, name of the variable or flag; empty for defaults. */
  readonly from: string;
}

export interface LoopConfig {
  readonly stateDir: string;
  readonly submissionIntervalUs: number;
  readonly fillPollIntervalUs: number;
  readonly heartbeatIntervalUs: number;
  readonly maxBackoffUs: number;
  readonly orderDeadlineUs: number;
  readonly gracePeriodUs: number;
  readonly onStop: "cancel" | "keep";
}

/** When repeated refusals by risk halt trading. */
export interface KillThresholds {
  readonly limitMultiplier: number;
  readonly violations: number;
  readonly rateLimits: number;
}

export interface GuardConfig {
  readonly marketSilenceUs: number;
  readonly privateSilenceUs: number;
  readonly clockErrorUs: number;
  readonly loopStallUs: number;
  readonly journalAwayUs: number;
}

/** Where the keys of a venue come from. */
export interface CredentialConfig {
  readonly envPrefix: string | undefined;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly ttlUs: number | undefined;
  readonly secretBackend: SecretBackendConfig | undefined;
}

export interface SecretBackendConfig {
  readonly adapter: string;
  readonly path: string | undefined;
  readonly pathEnv: string | undefined;
  /** Field that the connector expects -> key in the bundle. */
  readonly fieldMapping: Readonly<Record<string, string>>;
}

export interface VenueConfig {
  readonly name: string;
  readonly adapter: string;
  readonly sandbox: boolean;
  readonly account: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials: CredentialConfig | undefined;
}

export interface StrategyConfig {
  readonly file: string;
  readonly name: string | undefined;
  readonly venue: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly instruments: readonly string[];
  readonly interval: string;
  readonly capital: number | undefined;
  readonly warmupBars: number | undefined;
}

/** The process that watches the traders of an account. */
export interface SentinelConfig {
  readonly heartbeatTimeoutUs: number;
  readonly action: "cancel-all" | "keep-stops" | "halt";
  readonly onHalt: "act" | "alarm";
  readonly haltedGraceUs: number;
  /** What a trader does whose sentinel is not alive. */
  readonly whenAway: "alarm" | "refuse";
  /** Looked after besides those of the strategies, as in BTC-USDT. */
  readonly instruments: readonly string[];
  readonly credentials: CredentialConfig;
}

/** Where a live session keeps its journal. */
export interface JournalConfig {
  readonly kind: "file" | "postgres";
  readonly connection: DatabaseConfig;
  readonly giveUpUs: number;
  /** Field PASSWORD. */
  readonly credentials: CredentialConfig;
}

/** How the database is reached; checked when it is. Paths as they are written. */
export interface DatabaseConfig {
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly user: string | undefined;
  readonly sslmode: string | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly connectTimeoutUs: number;
  readonly answerTimeoutUs: number;
}

/** A configuration, checked. Durations in microseconds. */
export interface LiveConfig {
  /** As it was named. */
  readonly path: string;
  readonly loop: LoopConfig;
  readonly journal: JournalConfig;
  readonly snapshots: SnapshotConfig;
  readonly risk: RiskLimits;
  readonly kill: KillThresholds;
  readonly guards: GuardConfig;
  /** `undefined` where no sentinel is configured. */
  readonly sentinel: SentinelConfig | undefined;
  readonly metricsPort: number;
  readonly paper: { readonly fee: number; readonly slippage: number };
  readonly venues: readonly VenueConfig[];
  readonly strategies: readonly StrategyConfig[];
  /** Origin of each value by its path in the file; those not named are defaults. */
  readonly origins: Readonly<Record<string, ConfigOrigin>>;
  /** Every key that has a value, defaults too, in the order of reading. */
  readonly rows: readonly ConfigRow[];
}
