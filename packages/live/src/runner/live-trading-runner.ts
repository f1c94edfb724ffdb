import { type Env, realEnv, realSurroundings, type Surroundings } from "@tradepulse/platform";
import type { ExecutionClient, ReadOutcome } from "@tradepulse/venues";
import type { VenueConfig } from "../config/live-config.ts";
import { readConfig } from "../config/read-config.ts";
import { refuseConfig } from "../config/refuse-config.ts";
import { CredentialSource } from "../credentials/credential-source.ts";
import type { SecretResolver } from "../credentials/secret-backend.ts";
import { FeedBars } from "../feed/feed-bars.ts";
import { takeLeadership } from "../latch/leadership.ts";
import { readJournal } from "../recovery/read-journal.ts";
import { type LiveInstrument, liveInstrument } from "../session/live-instrument.ts";
import { buildEngine, recordedOptions, type SessionOptions } from "./build-engine.ts";
import { LiveRun, warmUpBars } from "./live-run.ts";
import { importStrategy, type LoadStrategy, type SessionStrategyFile } from "./load-strategy.ts";
import { PaperRun, type SessionEnd, type SessionNews } from "./paper-run.ts";
import { less } from "./session-execution.ts";
import { findSessionRecord, journalFolder, type SessionRecord, writeSessionRecord } from "./session-record.ts";
import { type InputBars, ownInputs, sessionSeries } from "./session-series.ts";
import { checkMoney, checkSame, intervalOf, onlyStrategy, pairsOf, refuseState, type SessionTerms, venueOf } from "./session-terms.ts";
import { adapterFor, type VenueConnection } from "./venue-adapters.ts";

export interface LiveRunnerOptions {
  /** TOML file; relative to the working folder. */
  readonly configPath: string;
  /** Resolvers of secret backends by the name that `adapter` gives in the configuration. */
  readonly secretBackends?: Readonly<Record<string, SecretResolver>>;
  /** `paper` fills orders by itself on the venue's public data. Default `live`. */
  readonly mode?: "live" | "paper";
  /** The account, as the configuration names it, whose real money may be traded. Without it only test environments are. */
  readonly realMoney?: string;
  /** Values over the configuration, by path: `{ "risk.max_notional": "500" }`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Name of the venue, in place of the one the strategy names. */
  readonly venue?: string;
  readonly loadStrategy?: LoadStrategy;
  readonly optionsOf?: SessionOptions;
  readonly env?: Env;
  readonly surroundings?: Surroundings;
  readonly engineVersion?: string;
  readonly onNews?: (news: SessionNews) => void;
}

/** What runs once a runner has started. */
export interface RunningSession {
  readonly folder: string;
  readonly record: SessionRecord;
  readonly done: Promise<SessionEnd>;
}

const BAR_CAPACITY = 65_536;
const READ_ATTEMPTS = 5;

/**
 * Runs the strategy of a configuration at its venue: `live` with its orders, `paper` without. It starts halted until a person arms it, trades test
 * environments unless an account is named for real money, and recovers by itself what an earlier process left behind.
 *
 * ```ts
 * const runner = new LiveTradingRunner({ configPath: "configs/live/default.toml", secretBackends: { vault: readBundle } });
 * await runner.start();
 * ```
 */
export class LiveTradingRunner {
  private readonly options: LiveRunnerOptions;
  private readonly env: Env;
  private readonly surroundings: Surroundings;
  private run: LiveRun | PaperRun | undefined;
  private credentials: CredentialSource | undefined;
  private readonly unlisten: (() => void)[] = [];

  constructor(options: LiveRunnerOptions) {
    this.options = options;
    this.env = options.env ?? realEnv();
    this.surroundings = options.surroundings ?? realSurroundings();
  }

  /** Resolves when the session runs. Throws coded failures for everything that is not as it must be. */
  async start(): Promise<RunningSession> {
    const { configPath, flags, realMoney } = this.options;
    const { variables } = this.surroundings;
    const config = await readConfig(this.env, this.absolute(configPath), { variables, ...(flags === undefined ? {} : { flags }) });
    const strategyConfig = onlyStrategy(config);
    const venue = venueOf(config, this.options.venue ?? strategyConfig.venue);
    const isLive = this.options.mode !== "paper";
    if (isLive) checkMoney(venue, realMoney);
    const load = this.options.loadStrategy ?? importStrategy(this.env);
    const loaded = await load(this.absolute(strategyConfig.file));
    const strategy = loaded.strategy(strategyConfig.parameters);
    const adapter = adapterFor(venue);
    const pairs = pairsOf(config, strategy, strategyConfig);
    if (isLive) this.credentials = this.credentialsOf(venue);
    const symbols = pairs.map(([base, quote]) => adapter.symbolOf(base, quote));
    const connection = adapter.connect({ env: this.env, config: venue, symbols, credentials: this.credentials });
    await connection.prepare();
    // Nothing private is asked for before the venue's clock is known.
    if (isLive) await this.insist("the clock", () => connection.execution.measureClock());
    const instruments = await this.instrumentsOf(connection.execution, adapter.venue, pairs, symbols);
    const about: SessionAbout = { config, strategyConfig, venue, loaded, strategy, connection, instruments };
    const running = await (isLive ? this.startLive(about) : this.startPaper(about)).catch((error: unknown) =>
      refuseState(this.absolute(config.loop.stateDir), error),
    );
    for (const signal of ["SIGTERM", "SIGINT"] as const) this.unlisten.push(this.env.onSignal(signal, () => void this.stop()));
    void running.done.then(() => this.release());
    return running;
  }

  /** Ends the session in order. Resolves when it has ended. */
  async stop(): Promise<void> {
    await this.run?.stop();
    this.release();
  }

  /** True when the session may take new risk. */
  get isReady(): boolean {
    return this.run instanceof LiveRun && this.run.isReady;
  }

  private release(): void {
    for (const stop of this.unlisten.splice(0)) stop();
    this.credentials?.close();
  }

  private async startLive(about: SessionAbout): Promise<RunningSession> {
    const { config, venue, strategy, loaded, connection } = about;
    const { env } = this;
    const account = `${this.absolute(config.loop.stateDir)}/${venue.name}-${venue.account ?? (venue.sandbox ? "test" : "account")}`;
    const name = about.strategyConfig.name ?? strategy.name;
    const folder = `${account}/${name}`;
    const usedEpoch = await lastEpoch(env, folder);
    const taken = await takeLeadership({
      env,
      folder: `${account}/leader`,
      orderLifeUs: config.loop.orderDeadlineUs + connection.execution.horizonUs,
      usedEpoch,
      onLost: (epoch) => this.options.onNews?.({ kind: "alarm", text: `another process leads this account now, in epoch ${epoch}` }),
    });
    if (!taken.ok) return refuseConfig(taken.failure.code, taken.failure.message, taken.failure.details, taken.failure.next);
    const leadership = taken.value;
    try {
      const known = await findSessionRecord(env, folder);
      let readUpTo: readonly number[] | undefined;
      let record: SessionRecord;
      if (known === undefined) {
        readUpTo = await this.readBaseline(connection, about.instruments);
        record = await this.freshRecord(about, name, "live");
        await env.files.makeFolder(folder);
        await writeSessionRecord(env, folder, record);
      } else record = checkSame(known, about, folder);
      const run = new LiveRun({
        env,
        config,
        folder,
        record,
        strategy,
        codeDigest: loaded.codeDigest,
        optionsOf: this.options.optionsOf ?? recordedOptions,
        connection,
        leadership,
        readUpTo,
        ...(this.options.onNews === undefined ? {} : { onNews: this.options.onNews }),
      });
      this.run = run;
      await run.start();
      return { folder, record, done: run.done };
    } catch (error) {
      await leadership.release();
      throw error;
    }
  }

  private async startPaper(about: SessionAbout): Promise<RunningSession> {
    const { config, strategy, connection } = about;
    const { env } = this;
    const startedUs = env.wallUs();
    const name = `${about.strategyConfig.name ?? strategy.name}-${startedUs}`;
    const record = await this.freshRecord(about, name, "paper");
    const folder = `${this.absolute(config.loop.stateDir)}/paper/${name}`;
    const own = record.series.filter(({ isBuilt }) => !isBuilt);
    const { intervalUs } = own[0]!;
    const optionsOf = this.options.optionsOf ?? recordedOptions;
    const past = warmUpBars(buildEngine(record, strategy, optionsOf).engine, record, about.strategyConfig.warmupBars);
    const onAlarm = (text: string): void => this.options.onNews?.({ kind: "alarm", text });
    const run = new PaperRun({
      env,
      folder,
      record,
      strategy,
      optionsOf,
      source: () =>
        new FeedBars({
          feed: connection.feed,
          symbols: own.map(({ symbol }) => symbol),
          intervalUs,
          fromUs: startedUs - past * intervalUs,
          wallUs: () => env.wallUs(),
          onAlarm,
          onFailure: (error) => void run.fail(error),
        }),
      ...(this.options.onNews === undefined ? {} : { onNews: this.options.onNews }),
    });
    this.run = run;
    await run.start();
    return { folder, record, done: run.done };
  }

  private async freshRecord(about: SessionAbout, name: string, mode: "paper" | "live"): Promise<SessionRecord> {
    const { config, strategyConfig, venue, loaded, strategy, connection, instruments } = about;
    const intervalUs = intervalOf(config, strategyConfig);
    const inputs = new Map<string, InputBars>(
      ownInputs(strategy).map((input, k) => [input, { live: instruments[k]!, intervalUs, volumeKnown: true, capacity: BAR_CAPACITY }]),
    );
    const { series } = sessionSeries(strategy, inputs);
    const money =
      mode === "live" ? await this.openingMoney(connection, about) : { capital: strategyConfig.capital ?? 100_000, unmanaged: {} };
    return {
      schema: 1,
      mode,
      name,
      startedUs: this.env.wallUs(),
      engineVersion: this.options.engineVersion ?? "",
      strategy: {
        name: strategy.name,
        path: loaded.path,
        codeDigest: loaded.codeDigest,
        modules: loaded.modules.map(({ name: module, digest }) => ({ name: module, digest })),
        params: strategy.params,
      },
      instruments,
      series,
      tradeFromUs: this.env.wallUs(),
      capital: money.capital,
      risk: config.risk,
      costs: config.paper,
      options: null,
      source: { kind: "venue", venue: venue.name, adapter: venue.adapter, sandbox: venue.sandbox, account: venue.account ?? null },
      latch: mode === "live" ? "../latch" : "latch",
      unmanaged: money.unmanaged,
    };
  }

  /** The capital of a session out of what the account has, and what of it is none of the session's business. */
  private async openingMoney(connection: VenueConnection, { strategyConfig, instruments, venue }: SessionAbout) {
    await connection.prepare();
    const balances = await this.insist("balances", () => connection.execution.balances());
    const quote = instruments[0]!.instrument.quote.code;
    const free = balances.find(({ asset }) => asset === quote)?.free ?? "0";
    const capital = strategyConfig.capital ?? Number(free);
    if (!(capital > 0) || Number(free) < capital) {
      refuseConfig(
        "TP_LIVE_CAPITAL",
        `Cannot trade ${capital} ${quote} at venue "${venue.name}": its free balance is ${free} ${quote}, needed is the capital of the strategy`,
        [],
        "fund the account, or lower capital",
      );
    }
    const managed = new Set([quote, ...instruments.map(({ baseAsset }) => baseAsset)]);
    const unmanaged: Record<string, string> = {};
    for (const { asset, free: amount } of balances) {
      if (!managed.has(asset)) continue;
      const rest = asset === quote ? less(amount, String(capital)) : amount;
      if (Number(rest) !== 0) unmanaged[asset] = rest;
    }
    return { capital, unmanaged };
  }

  /** Highest trade id of each instrument now. */
  private async readBaseline(connection: VenueConnection, instruments: readonly LiveInstrument[]): Promise<readonly number[]> {
    const upTo: number[] = [];
    for (const { symbol } of instruments) {
      const fills = await this.insist(`trades of ${symbol}`, () => connection.execution.fillsFrom(symbol, 0));
      upTo.push(fills.reduce((last, { tradeId }) => Math.max(last, tradeId), -1));
    }
    return upTo;
  }

  private async instrumentsOf(
    client: ExecutionClient,
    venue: string,
    pairs: readonly (readonly [base: string, quote: string])[],
    symbols: readonly string[],
  ): Promise<readonly LiveInstrument[]> {
    const listed = await this.insist("instruments", () => client.instruments());
    return symbols.map((symbol, k) => {
      const found = listed.find((each) => each.symbol === symbol);
      const id = `${pairs[k]!.join("-")}@${venue}`;
      if (found === undefined) {
        return refuseConfig(
          "TP_LIVE_INPUTS",
          `Cannot trade "${id}": the venue lists no ${symbol}`,
          [],
          "check the name of the pair, such as BTC-USDT",
        );
      }
      const made = liveInstrument(id, found);
      return made.ok ? made.value : refuseConfig(made.failure.code, made.failure.message, made.failure.details, made.failure.next);
    });
  }

  /** Reads until it is answered, a few times: without it nothing can start. */
  private async insist<T>(what: string, read: () => Promise<ReadOutcome<T>>): Promise<T> {
    let why = "";
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const outcome = await read();
      if (outcome.kind === "read") return outcome.value;
      why = outcome.why;
      if (attempt + 1 < READ_ATTEMPTS) await this.env.sleep(Math.max(200_000, outcome.retryAfterUs));
    }
    return refuseConfig("TP_LIVE_VENUE", `Cannot read ${what} from the venue: ${why}`, [], "check its address, the network and the keys");
  }

  private credentialsOf(venue: VenueConfig): CredentialSource {
    if (venue.credentials === undefined) {
      return refuseConfig(
        "TP_LIVE_SECRET_MISSING",
        `Cannot trade at venue "${venue.name}": the configuration has no credentials for it`,
        [["venue", venue.name]],
        "add [venues.credentials] with env_prefix or a secret_backend",
      );
    }
    return new CredentialSource({
      env: this.env,
      venue: venue.name,
      config: venue.credentials,
      backends: this.options.secretBackends ?? {},
      variables: this.surroundings.variables,
      onAlarm: (text) => this.options.onNews?.({ kind: "alarm", text }),
    });
  }

  private absolute(path: string): string {
    return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : `${this.surroundings.folder}/${path}`;
  }
}

/** Everything that is known before the session starts. */
interface SessionAbout extends SessionTerms {
  readonly venue: VenueConfig;
  readonly loaded: SessionStrategyFile;
  readonly connection: VenueConnection;
}

async function lastEpoch(env: Env, folder: string): Promise<number> {
  let epoch = 0;
  for await (const { kind, payload } of readJournal(env.files, journalFolder(folder))) {
    if (kind === "leader") epoch = Math.max(epoch, payload["epoch"] as number);
  }
  return epoch;
}
