import { type Env, type FileLock, Redactor, realEnv, realSurroundings, type Surroundings } from "@tradepulse/platform";
import type { LiveConfig, SentinelConfig, VenueConfig } from "../config/live-config.ts";
import { readConfig } from "../config/read-config.ts";
import { refuseConfig } from "../config/refuse-config.ts";
import { CredentialSource } from "../credentials/credential-source.ts";
import type { SecretResolver } from "../credentials/secret-backend.ts";
import { secretVariables } from "../credentials/secret-variables.ts";
import { cleanError } from "../runner/clean-error.ts";
import { accountFolder, pairOf, refuseState, venueOf } from "../runner/session-terms.ts";
import { adapterFor } from "../runner/venue-adapters.ts";
import { Sentinel } from "./sentinel.ts";
import type { SentinelNews } from "./sentinel-voice.ts";
import { sentinelFolder } from "./sentinel-watch.ts";

export interface SentinelRunnerOptions {
  /** The TOML file of the traders; its section `[sentinel]` is about this process. */
  readonly configPath: string;
  readonly secretBackends?: Readonly<Record<string, SecretResolver>>;
  readonly flags?: Readonly<Record<string, string>>;
  /** Name of the venue; that of the strategy, or the first, otherwise. */
  readonly venue?: string;
  readonly env?: Env;
  readonly surroundings?: Surroundings;
  readonly onNews?: (news: SentinelNews) => void;
}

/** A sentinel that watches. */
export interface RunningSentinel {
  readonly sentinel: Sentinel;
  /** Folder of the account that it watches. */
  readonly folder: string;
  readonly venue: VenueConfig;
  readonly config: SentinelConfig;
  readonly symbols: readonly string[];
  /** Resolves when it has ended in order. */
  readonly done: Promise<void>;
}

/**
 * Runs the sentinel of an account: one process, beside and independent of its traders, with a connection and keys of its own. It starts whatever the venue
 * and the traders are doing, also when there are none yet, and needs no switch for real money, since it can only cancel.
 */
export class SentinelRunner {
  private readonly options: SentinelRunnerOptions;
  private readonly env: Env;
  private readonly surroundings: Surroundings;
  private readonly redactor = new Redactor();
  private sentinel: Sentinel | undefined;
  private credentials: CredentialSource | undefined;
  private lock: FileLock | undefined;
  private readonly unlisten: (() => void)[] = [];
  private settle: () => void = () => undefined;

  constructor(options: SentinelRunnerOptions) {
    this.options = options;
    this.env = options.env ?? realEnv();
    this.surroundings = options.surroundings ?? realSurroundings();
    this.redactor.keep(secretVariables(this.surroundings.variables));
  }

  /** Resolves when it watches. Throws coded failures for a configuration that is not as it must be, and `TP_SENTINEL_HELD` where another one watches. */
  async start(): Promise<RunningSentinel> {
    try {
      return await this.open();
    } catch (error) {
      throw cleanError(error, this.redactor);
    }
  }

  private async open(): Promise<RunningSentinel> {
    const { configPath, flags, onNews } = this.options;
    const { env } = this;
    const path = this.absolute(configPath);
    const config = await readConfig(env, path, { variables: this.surroundings.variables, ...(flags === undefined ? {} : { flags }) });
    const settings = config.sentinel ?? refuseNone(config);
    const venue = venueOf(config, this.options.venue ?? config.strategies[0]?.venue);
    const symbols = watchedSymbols(config, venue, settings);
    const credentials = new CredentialSource({
      env,
      venue: `${venue.name}, as its sentinel`,
      config: settings.credentials,
      backends: this.options.secretBackends ?? {},
      variables: this.surroundings.variables,
      onAlarm: (text) => onNews?.({ kind: "alarm", text: this.redactor.clean(text) }),
      onSecrets: (secrets) => this.redactor.keep(secrets),
    });
    this.credentials = credentials;
    const stateFolder = this.absolute(config.loop.stateDir);
    const folder = accountFolder(stateFolder, venue);
    // A silence of its own: it may well ask from another address than those it watches.
    const own = { stateFolder: sentinelFolder(folder) };
    const connection = adapterFor(venue).connect({ env, config: venue, symbols, credentials, ...own });
    // Keys that are not there are told now, not when they are needed.
    await connection.prepare();
    const sentinel = new Sentinel({
      env,
      folder,
      client: connection.execution,
      prepare: () => connection.prepare(),
      symbols,
      settings: {
        heartbeatTimeoutUs: settings.heartbeatTimeoutUs,
        action: settings.action,
        onHalt: settings.onHalt,
        haltedGraceUs: settings.haltedGraceUs,
        beatUs: config.loop.heartbeatIntervalUs,
        orderDeadlineUs: config.loop.orderDeadlineUs,
      },
      clean: (text) => this.redactor.clean(text),
      ...(onNews === undefined ? {} : { onNews }),
    });
    try {
      await env.files.makeFolder(sentinelFolder(folder));
      this.lock = await env.files.lock(`${sentinelFolder(folder)}/sentinel.lock`);
      if (this.lock === undefined) refuseHeld(folder);
      await sentinel.start();
    } catch (error) {
      await this.lock?.release();
      return refuseState(stateFolder, error);
    }
    this.sentinel = sentinel;
    for (const signal of ["SIGTERM", "SIGINT"] as const) this.unlisten.push(env.onSignal(signal, () => void this.stop()));
    const done = new Promise<void>((resolve) => {
      this.settle = resolve;
    });
    return { sentinel, folder, venue, config: settings, symbols, done };
  }

  /** Ends in order. The traders notice and say so. */
  async stop(): Promise<void> {
    for (const stop of this.unlisten.splice(0)) stop();
    await this.sentinel?.stop();
    await this.lock?.release();
    this.lock = undefined;
    this.credentials?.close();
    this.settle();
  }

  private absolute(path: string): string {
    return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : `${this.surroundings.folder}/${path}`;
  }
}

/** The venue's own words for every instrument that traders of this venue may have orders of. Throws where there is none. */
export function watchedSymbols(config: LiveConfig, venue: VenueConfig, sentinel: Pick<SentinelConfig, "instruments">): readonly string[] {
  const adapter = adapterFor(venue);
  const first = config.venues[0]?.name;
  const own = config.strategies.flatMap((strategy) => ((strategy.venue ?? first) === venue.name ? strategy.instruments : []));
  const symbols = [...own, ...sentinel.instruments].map((id) => adapter.symbolOf(...pairOf(config, id)));
  if (symbols.length > 0) return [...new Set(symbols)];
  return refuseConfig(
    "TP_LIVE_CONFIG_VALUE",
    `Cannot watch venue "${venue.name}": the configuration "${config.path}" names no instrument that trades there`,
    [],
    'name them in [sentinel], as in instruments = ["BTC-USDT"]',
  );
}

function refuseNone(config: LiveConfig): never {
  return refuseConfig(
    "TP_SENTINEL_NONE",
    `Cannot run a sentinel with configuration "${config.path}": it has no section [sentinel]`,
    [],
    'add [sentinel] and [sentinel.credentials] with env_prefix = "BINANCE_SENTINEL" and required = ["API_KEY", "API_SECRET"]',
  );
}

function refuseHeld(folder: string): never {
  return refuseConfig(
    "TP_SENTINEL_HELD",
    `Cannot watch account "${folder}": another sentinel watches it, allowed is one`,
    [],
    "leave it to its work, or stop it first",
  );
}
