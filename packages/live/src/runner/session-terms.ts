import { type BoundStrategy, formatInterval, parseInterval } from "@tradepulse/core";
import type { LiveConfig, StrategyConfig, VenueConfig } from "../config/live-config.ts";
import { refuseConfig } from "../config/refuse-config.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import type { SessionStrategyFile } from "./load-strategy.ts";
import type { SessionRecord } from "./session-record.ts";
import { ownInputs } from "./session-series.ts";
import type { VenueConnection } from "./venue-adapters.ts";

/** What a session is begun with, and must go on with. */
export interface SessionTerms {
  readonly config: LiveConfig;
  readonly strategyConfig: StrategyConfig;
  readonly strategy: BoundStrategy;
  readonly instruments: readonly LiveInstrument[];
}

/** Everything that is known before a session at a venue starts. */
export interface SessionAbout extends SessionTerms {
  readonly venue: VenueConfig;
  readonly loaded: SessionStrategyFile;
  readonly connection: VenueConnection;
}

export function onlyStrategy(config: LiveConfig): StrategyConfig {
  const [first, ...more] = config.strategies;
  if (first !== undefined && more.length === 0) return first;
  return refuseConfig(
    "TP_LIVE_CONFIG_VALUE",
    `Cannot run configuration "${config.path}": it names ${config.strategies.length} strategies, allowed is one in a process`,
    [],
    first === undefined ? "add [[strategies]] with file and instruments" : "run one process for each, with an account of its own",
  );
}

export function venueOf(config: LiveConfig, name: string | undefined): VenueConfig {
  const venue = name === undefined ? config.venues[0] : config.venues.find((each) => each.name === name);
  if (venue !== undefined) return venue;
  const known = config.venues.map((each) => `"${each.name}"`).join(", ");
  return refuseConfig(
    "TP_LIVE_CONFIG_VALUE",
    `Cannot run configuration "${config.path}": it has no venue${name === undefined ? "" : ` "${name}"`}, known are ${known === "" ? "none" : known}`,
    [],
    "add [[venues]] with name and class",
  );
}

/** A disk that is full or may not be written is no bug of ours. Other errors go on as they are. */
export function refuseState(folder: string, error: unknown): never {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // A folder that cannot be made below one that takes no folders is told as absent, or as no folder.
  const isUnmade = (code === "ENOENT" || code === "ENOTDIR" || code === "EEXIST") && (error as Error).message.includes("mkdir");
  if (!isUnmade && code !== "ENOSPC" && code !== "EDQUOT" && code !== "EACCES" && code !== "EPERM" && code !== "EROFS") throw error;
  return refuseConfig(
    "TP_LIVE_STATE",
    `Cannot start a session in "${folder}": ${(error as Error).message}, it must be writable and have room`,
    [],
    code === "ENOSPC" || code === "EDQUOT"
      ? "free room on the disk, then start again"
      : "let this user write there, or set another state_dir",
    error,
  );
}

/** Real money only behind a switch that names the account. */
export function checkMoney(venue: VenueConfig, realMoney: string | undefined): void {
  if (venue.sandbox && realMoney === undefined) return;
  const why =
    realMoney === undefined
      ? `its sandbox is off, and no account was named for real money`
      : venue.account === undefined
        ? `account "${realMoney}" was named for real money, and the configuration names none`
        : venue.account !== realMoney
          ? `account "${realMoney}" was named for real money, and the configuration names "${venue.account}"`
          : venue.sandbox
            ? `account "${realMoney}" was named for real money, and sandbox is on`
            : undefined;
  if (why === undefined) return;
  refuseConfig(
    "TP_LIVE_REAL_MONEY",
    `Cannot trade at venue "${venue.name}": ${why}, needed are sandbox = false, account = "..." and --live with that account`,
    [["venue", venue.name]],
    "leave sandbox on for the test environment; for real money name the same account twice",
  );
}

export function intervalOf(config: LiveConfig, strategy: StrategyConfig): number {
  const intervalUs = parseInterval(strategy.interval);
  if (intervalUs !== undefined) return intervalUs;
  return refuseConfig(
    "TP_LIVE_CONFIG_VALUE",
    `Cannot run configuration "${config.path}": interval is "${strategy.interval}", allowed are a number and m, h or d`,
    [],
    'write it as in interval = "1m"',
  );
}

/** `BTC-USDT` of each input, in declared order. */
export function pairsOf(
  config: LiveConfig,
  strategy: BoundStrategy,
  { instruments }: StrategyConfig,
): readonly (readonly [string, string])[] {
  const inputs = ownInputs(strategy);
  if (inputs.length !== instruments.length) {
    refuseConfig(
      "TP_LIVE_INPUTS",
      `Cannot run "${strategy.name}": the configuration names ${instruments.length} instruments, needed is one for each of the inputs ${inputs.join(", ")}`,
      [["file", config.path]],
      "name an instrument for each input, in their order",
    );
  }
  return instruments.map((id) => pairOf(config, id));
}

/** The two assets of `BTC-USDT`. Throws `TP_LIVE_INPUTS`. */
export function pairOf(config: LiveConfig, id: string): readonly [base: string, quote: string] {
  const match = /^([A-Z0-9]{1,20})-([A-Z0-9]{1,20})(@[A-Z0-9]+)?$/.exec(id);
  if (match !== null) return [match[1]!, match[2]!] as const;
  return refuseConfig(
    "TP_LIVE_INPUTS",
    `Cannot trade "${id}": it is not of the form BASE-QUOTE in capitals and digits`,
    [["file", config.path]],
    "write it as in BTC-USDT",
  );
}

/** Folder of an account: its latch, its leader and its sessions. Absolute, as the folder of the state is. */
export function accountFolder(stateFolder: string, venue: VenueConfig): string {
  return `${stateFolder}/${venue.name}-${venue.account ?? (venue.sandbox ? "test" : "account")}`;
}

/** A session goes on as what it was begun as. Gives its record back. */
export function checkSame(
  known: SessionRecord,
  { strategy, instruments, config, strategyConfig }: SessionTerms,
  folder: string,
): SessionRecord {
  const was = termsOf(known.strategy.name, known.strategy.params, known.instruments, intervalText(known));
  const is = termsOf(strategy.name, strategy.params, instruments, formatInterval(intervalOf(config, strategyConfig)));
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  if (changed.length === 0) return known;
  const told = changed.map((name) => `${name} was ${was.get(name) ?? "absent"} and is ${is.get(name) ?? "absent"}`).join(", ");
  return refuseConfig(
    "TP_LIVE_SESSION_CHANGED",
    `Cannot go on with session "${known.name}": ${told}; it must stay as the session began`,
    [["session", folder]],
    "give the strategy a name of its own in the configuration for a new session, or restore what it was",
  );
}

/** Everything that must stay, by name. */
function termsOf(
  strategy: string,
  params: Readonly<Record<string, unknown>>,
  instruments: readonly LiveInstrument[],
  interval: string,
): ReadonlyMap<string, string> {
  return new Map([
    ["strategy", JSON.stringify(strategy)],
    ...Object.entries(params).map(([name, value]) => [`parameter ${name}`, JSON.stringify(value)] as const),
    ["instruments", instruments.map(({ symbol }) => symbol).join(" ")],
    ["interval", interval],
  ]);
}

function intervalText(record: SessionRecord): string {
  return formatInterval(record.series.find(({ isBuilt }) => !isBuilt)!.intervalUs);
}
