import type { Env } from "@tradepulse/platform";
import type {
  CredentialConfig,
  GuardConfig,
  JournalConfig,
  LiveConfig,
  LoopConfig,
  SecretBackendConfig,
  SentinelConfig,
  StrategyConfig,
  VenueConfig,
} from "./live-config.ts";
import { parseConfig } from "./parse-config.ts";
import { adapterOfClass, classNames } from "./python-names.ts";
import { isTable } from "./read-value.ts";
import { type ConfigFile, lineDetail, refuseConfig, refuseConfigValue, refuseUnknownKey } from "./refuse-config.ts";
import { riskLimitsOf } from "./risk-limits-of.ts";
import { type ConfigLayers, SectionReader, type SectionValues } from "./section-reader.ts";
import { snapshotConfigOf } from "./snapshots-section.ts";

const ROOT_KEYS = ["loop", "journal", "snapshots", "risk", "guards", "sentinel", "metrics", "paper", "venues", "strategies"];

/** Without a table of its own the password of the database is in the variable that the deployment guide names. */
const POSTGRES_VARIABLES = { envPrefix: "POSTGRES", required: [], optional: ["PASSWORD"], ttlUs: undefined, secretBackend: undefined };

/** Reads a configuration file. Throws `TP_LIVE_CONFIG_UNREADABLE`, and what {@link configOf} throws. */
export async function readConfig(env: Env, path: string, layers: ConfigLayers = {}): Promise<LiveConfig> {
  let bytes: Uint8Array;
  try {
    bytes = await env.files.read(path);
  } catch (error) {
    return refuseConfig(
      "TP_LIVE_CONFIG_UNREADABLE",
      `Cannot read configuration "${path}": ${unreadable(error)}`,
      [],
      "name a TOML file, such as configs/live/default.toml",
    );
  }
  return configOf(path, new TextDecoder().decode(bytes), layers);
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES" || code === "EPERM") return "its permissions do not allow it";
  return typeof code === "string" ? code : "it is not readable";
}

/**
 * A configuration from its text: flags over variables over the file over defaults. Throws `TP_LIVE_CONFIG_SYNTAX`, `TP_LIVE_CONFIG_UNKNOWN`
 * with the line and the nearest known key, or `TP_LIVE_CONFIG_VALUE`.
 */
export function configOf(path: string, text: string, layers: ConfigLayers = {}): LiveConfig {
  const { file, root } = parseConfig(path, text);
  for (const key of Object.keys(root)) if (!ROOT_KEYS.includes(key)) refuseUnknownKey(file, key, key, ROOT_KEYS);
  const reader = new SectionReader(file, layers);
  const risk = reader.read("risk", "risk", root["risk"]);
  const paper = reader.read("paper", "paper", root["paper"]);
  const config = {
    path,
    loop: loopOf(reader.read("loop", "loop", root["loop"])),
    journal: journalOf(file, reader, root["journal"]),
    snapshots: snapshotConfigOf(reader.read("snapshots", "snapshots", root["snapshots"])),
    risk: riskLimitsOf(risk),
    kill: {
      limitMultiplier: risk["kill_switch_limit_multiplier"] as number,
      violations: risk["kill_switch_violation_threshold"] as number,
      rateLimits: risk["kill_switch_rate_limit_threshold"] as number,
    },
    guards: guardsOf(reader.read("guards", "guards", root["guards"])),
    sentinel: sentinelOf(file, reader, root["sentinel"]),
    metricsPort: reader.read("metrics", "metrics", root["metrics"])["port"] as number,
    paper: { fee: paper["fee"] as number, slippage: paper["slippage"] as number },
    venues: tablesOf(file, "venues", root["venues"]).map((table, k) => venueOf(file, reader, table, k)),
    strategies: tablesOf(file, "strategies", root["strategies"]).map((table, k) => strategyOf(file, reader, table, k)),
    origins: reader.origins,
    rows: reader.rows,
  };
  reader.refuseUnusedFlags();
  reader.refuseUnusedVariables(ROOT_KEYS);
  checkNames(file, config.venues, config.strategies);
  if (config.sentinel !== undefined) checkSentinel(file, config.sentinel, config);
  return config;
}

function loopOf(loop: SectionValues): LoopConfig {
  return {
    stateDir: loop["state_dir"] as string,
    submissionIntervalUs: loop["submission_interval"] as number,
    fillPollIntervalUs: loop["fill_poll_interval"] as number,
    heartbeatIntervalUs: loop["heartbeat_interval"] as number,
    maxBackoffUs: loop["max_backoff"] as number,
    orderDeadlineUs: loop["order_deadline"] as number,
    gracePeriodUs: loop["grace_period"] as number,
    onStop: loop["on_stop"] as "cancel" | "keep",
  };
}

function journalOf(file: ConfigFile, reader: SectionReader, given: unknown): JournalConfig {
  const values = reader.read("journal", "journal", given);
  const text = (key: string): string | undefined => values[key] as string | undefined;
  const credentials = values["credentials"];
  return {
    kind: values["kind"] as JournalConfig["kind"],
    connection: {
      url: text("url"),
      host: text("host"),
      port: values["port"] as number | undefined,
      database: text("database"),
      user: text("user"),
      sslmode: text("sslmode"),
      caFile: text("ca_file"),
      certFile: text("cert_file"),
      keyFile: text("key_file"),
      connectTimeoutUs: values["connect_timeout"] as number,
      answerTimeoutUs: values["answer_timeout"] as number,
    },
    giveUpUs: values["give_up"] as number,
    credentials: credentials === undefined ? POSTGRES_VARIABLES : credentialsOf(file, reader, "journal.credentials", credentials),
  };
}

function guardsOf(guards: SectionValues): GuardConfig {
  return {
    marketSilenceUs: guards["market_silence"] as number,
    privateSilenceUs: guards["private_silence"] as number,
    clockErrorUs: guards["clock_error"] as number,
    loopStallUs: guards["loop_stall"] as number,
    journalAwayUs: guards["journal_away"] as number,
  };
}

function sentinelOf(file: ConfigFile, reader: SectionReader, given: unknown): SentinelConfig | undefined {
  if (given === undefined) return undefined;
  const values = reader.read("sentinel", "sentinel", given);
  const credentials = needed(file, "sentinel", "credentials", values["credentials"]);
  return {
    heartbeatTimeoutUs: values["heartbeat_timeout"] as number,
    action: values["action"] as SentinelConfig["action"],
    onHalt: values["on_halt"] as SentinelConfig["onHalt"],
    haltedGraceUs: values["halted_grace"] as number,
    whenAway: values["when_away"] as SentinelConfig["whenAway"],
    instruments: values["instruments"] as readonly string[],
    credentials: credentialsOf(file, reader, "sentinel.credentials", credentials),
  };
}

/** A sentinel that takes one late beat for a death, or falls silent with the trader's keys, guards nothing. */
function checkSentinel(
  file: ConfigFile,
  { heartbeatTimeoutUs, credentials }: SentinelConfig,
  { loop, venues }: Pick<LiveConfig, "loop" | "venues">,
): void {
  const least = (2 * loop.heartbeatIntervalUs) / 1e6;
  if (heartbeatTimeoutUs / 1e6 < least) {
    refuseConfigValue(
      file,
      "sentinel.heartbeat_timeout",
      `${heartbeatTimeoutUs / 1e6} s`,
      `${least} s or more, twice loop.heartbeat_interval`,
      "silence of a trader that counts as its death",
    );
  }
  const { envPrefix } = credentials;
  if (envPrefix === undefined || !venues.some((venue) => venue.credentials?.envPrefix === envPrefix)) return;
  refuseConfigValue(
    file,
    "sentinel.credentials.env_prefix",
    `"${envPrefix}", which the trader uses`,
    "keys of its own, such as BINANCE_SENTINEL",
    "a key that is revoked or banned must not silence both",
  );
}

function tablesOf(file: ConfigFile, name: string, given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return given;
  return refuseConfigValue(file, name, "one table", `a list of tables, written [[${name}]]`, "what stands under it");
}

function venueOf(file: ConfigFile, reader: SectionReader, given: unknown, k: number): VenueConfig {
  const path = `venues[${k}]`;
  const name = isTable(given) ? given["name"] : undefined;
  const venue = reader.read("venues", path, given, typeof name === "string" ? `venues.${name}` : path);
  const credentials = venue["credentials"];
  return {
    name: needed(file, path, "name", venue["name"]),
    adapter: adapterOf(file, path, venue),
    sandbox: venue["sandbox"] as boolean,
    account: venue["account"] as string | undefined,
    options: venue["options"] as Readonly<Record<string, unknown>>,
    credentials: credentials === undefined ? undefined : credentialsOf(file, reader, `${path}.credentials`, credentials),
  };
}

function adapterOf(file: ConfigFile, path: string, venue: SectionValues): string {
  const { class: className, adapter } = venue as { readonly class?: string; readonly adapter?: string };
  if (className === undefined) return needed<string>(file, path, "adapter", adapter);
  const meant = adapterOfClass(className);
  if (meant === undefined) {
    return refuseConfig(
      "TP_LIVE_CONFIG_VALUE",
      `Cannot read configuration "${file.path}": ${path}.class is "${className}", known are ${classNames().join(", ")}`,
      [lineDetail(file, `${path}.class`)],
      "use a known class, or name the adapter with adapter =",
    );
  }
  if (adapter !== undefined && adapter !== meant) {
    refuseConfig(
      "TP_LIVE_CONFIG_VALUE",
      `Cannot read configuration "${file.path}": ${path}.adapter is "${adapter}" and its class means "${meant}", allowed is one adapter`,
      [lineDetail(file, `${path}.adapter`)],
      "keep one of the two",
    );
  }
  return meant;
}

function credentialsOf(file: ConfigFile, reader: SectionReader, path: string, given: unknown): CredentialConfig {
  const values = reader.read("venues.credentials", path, given);
  const backend = values["secret_backend"];
  const envPrefix = values["env_prefix"] as string | undefined;
  const required = values["required"] as readonly string[];
  if (envPrefix === undefined && backend === undefined) {
    refuseConfig(
      "TP_LIVE_CONFIG_VALUE",
      `Cannot read configuration "${file.path}": ${path} names no source, allowed is env_prefix, secret_backend or both`,
      [lineDetail(file, path)],
      'write it as in env_prefix = "BINANCE"',
    );
  }
  return {
    envPrefix,
    required,
    optional: values["optional"] as readonly string[],
    ttlUs: values["ttl"] as number | undefined,
    secretBackend: backend === undefined ? undefined : backendOf(file, reader, `${path}.secret_backend`, backend),
  };
}

function backendOf(file: ConfigFile, reader: SectionReader, path: string, given: unknown): SecretBackendConfig {
  const values = reader.read("venues.credentials.secret_backend", path, given);
  const mapping = values["field_mapping"] as Readonly<Record<string, unknown>>;
  for (const [field, key] of Object.entries(mapping)) {
    if (typeof key === "string" && key !== "") continue;
    refuseConfigValue(file, `${path}.field_mapping.${field}`, JSON.stringify(key), "text", "key of the bundle that holds this field");
  }
  const adapter = needed<string>(file, path, "adapter", values["adapter"]);
  const source = values["path"] as string | undefined;
  const pathEnv = values["path_env"] as string | undefined;
  if (adapter !== "env" && (source === undefined) === (pathEnv === undefined)) {
    refuseConfig(
      "TP_LIVE_CONFIG_VALUE",
      `Cannot read configuration "${file.path}": ${path} has ${source === undefined ? "neither" : "both"} of path and path_env, allowed is one of them`,
      [lineDetail(file, path)],
      "say where the bundle lies with path, or with path_env the variable that says it",
    );
  }
  return { adapter, path: source, pathEnv, fieldMapping: mapping as Readonly<Record<string, string>> };
}

function strategyOf(file: ConfigFile, reader: SectionReader, given: unknown, k: number): StrategyConfig {
  const path = `strategies[${k}]`;
  const values = reader.read("strategies", path, given);
  return {
    file: needed(file, path, "file", values["file"]),
    name: values["name"] as string | undefined,
    venue: values["venue"] as string | undefined,
    parameters: values["parameters"] as Readonly<Record<string, unknown>>,
    instruments: needed(file, path, "instruments", values["instruments"]),
    interval: values["interval"] as string,
    capital: values["capital"] as number | undefined,
    warmupBars: values["warmup_bars"] as number | undefined,
  };
}

function needed<T>(file: ConfigFile, path: string, key: string, value: unknown): T {
  if (value !== undefined) return value as T;
  return refuseConfig(
    "TP_LIVE_CONFIG_VALUE",
    `Cannot read configuration "${file.path}": ${path} has no ${key}, which it needs`,
    [lineDetail(file, path)],
    `add a line ${key} = ...`,
  );
}

function checkNames(file: ConfigFile, venues: readonly VenueConfig[], strategies: readonly StrategyConfig[]): void {
  const names = venues.map(({ name }) => name);
  names.forEach((name, k) => {
    if (names.indexOf(name) === k) return;
    refuseConfigValue(file, `venues[${k}].name`, `"${name}" a second time`, "a name of its own for each venue", "name of the venue");
  });
  strategies.forEach(({ venue }, k) => {
    if (venue === undefined || names.includes(venue)) return;
    refuseConfigValue(file, `strategies[${k}].venue`, `"${venue}"`, `a venue of this file: ${names.join(", ")}`, "where it trades");
  });
}
