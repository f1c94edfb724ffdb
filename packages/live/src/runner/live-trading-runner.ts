import { type Env, type MetricFamily, realEnv, realSurroundings, type Surroundings } from "@tradepulse/platform";
import { isIdle } from "../config/effective-config.ts";
import type { VenueConfig } from "../config/live-config.ts";
import { readConfig } from "../config/read-config.ts";
import { refuseConfig } from "../config/refuse-config.ts";
import { CredentialSource } from "../credentials/credential-source.ts";
import type { SecretResolver } from "../credentials/secret-backend.ts";
import { secretVariables } from "../credentials/secret-variables.ts";
import type { SessionOptions } from "./build-engine.ts";
import { cleanError } from "./clean-error.ts";
import { LiveRun } from "./live-run.ts";
import { importStrategy, type LoadStrategy } from "./load-strategy.ts";
import { insist, readInstruments } from "./opening-reads.ts";
import type { PaperRun, SessionEnd } from "./paper-run.ts";
import type { SessionNews } from "./session-news.ts";
import type { SessionRecord } from "./session-record.ts";
import { checkMoney, onlyStrategy, pairsOf, refuseState, type SessionAbout, venueOf } from "./session-terms.ts";
import { SessionVoice } from "./session-voice.ts";
import { startLive } from "./start-live.ts";
import { startPaper } from "./start-paper.ts";
import { adapterFor } from "./venue-adapters.ts";

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
  private readonly voice: SessionVoice;
  private run: LiveRun | PaperRun | undefined;
  private credentials: CredentialSource | undefined;
  private readonly unlisten: (() => void)[] = [];
  private isHaltAsked = false;

  constructor(options: LiveRunnerOptions) {
    this.options = options;
    this.env = options.env ?? realEnv();
    this.surroundings = options.surroundings ?? realSurroundings();
    this.voice = new SessionVoice({ env: this.env, onNews: options.onNews });
    this.voice.redactor.keep(secretVariables(this.surroundings.variables));
  }

  /** Resolves when the session runs. Throws coded failures for everything that is not as it must be. */
  async start(): Promise<RunningSession> {
    // Before anything else: a signal that nobody hears would end the process, and latch nothing.
    if (this.options.mode !== "paper") this.unlisten.push(this.env.onSignal("SIGUSR2", () => this.halt()));
    try {
      return await this.open();
    } catch (error) {
      this.release();
      const clean = cleanError(error, this.voice.redactor);
      this.voice.say("error", "not-started", clean instanceof Error ? clean.message : String(clean));
      await this.voice.close();
      throw clean;
    }
  }

  private async open(): Promise<RunningSession> {
    const { configPath, flags, realMoney } = this.options;
    const { variables } = this.surroundings;
    const config = await readConfig(this.env, this.absolute(configPath), { variables, ...(flags === undefined ? {} : { flags }) });
    for (const row of config.rows.filter(isIdle)) this.voice.say("info", "idle-key", `${row.path} is set and has no effect yet`);
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
    const connection = adapter.connect({
      env: this.env,
      config: venue,
      symbols,
      credentials: this.credentials,
      stateFolder: this.absolute(config.loop.stateDir),
      onAlarm: (text) => this.voice.alarm(text),
      onBadAnswer: ({ call, flaw, why }) => this.voice.bad("rest", flaw, `${call}: ${why}`),
    });
    await connection.prepare();
    // Nothing private is asked for before the venue's clock is known.
    if (isLive) await insist(this.env, "the clock", () => connection.execution.measureClock());
    const instruments = await readInstruments(this.env, connection.execution, adapter.venue, pairs, symbols);
    const about: SessionAbout = { config, strategyConfig, venue, loaded, strategy, connection, instruments };
    const running = await this.begin(about, isLive);
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

  /** Figures of this process, as a monitoring system wants them: names and labels are bounded. */
  metrics(): readonly MetricFamily[] {
    return this.voice.metrics();
  }

  private halt(): void {
    this.isHaltAsked = true;
    if (this.run instanceof LiveRun) this.run.halt("SIGUSR2", "operator");
  }

  private release(): void {
    for (const stop of this.unlisten.splice(0)) stop();
    this.credentials?.close();
  }

  private async begin(about: SessionAbout, isLive: boolean): Promise<RunningSession> {
    const { env, options, voice } = this;
    const stateFolder = this.absolute(about.config.loop.stateDir);
    const onRun = (run: LiveRun | PaperRun): void => {
      this.run = run;
      if (this.isHaltAsked) this.halt();
    };
    const absolute = (path: string): string => this.absolute(path);
    const parts = { env, stateFolder, options, about, voice, onRun, variables: this.surroundings.variables, absolute };
    const begun = await (isLive ? startLive(parts) : startPaper(parts)).catch((error: unknown) => refuseState(stateFolder, error));
    return { folder: begun.folder, record: begun.run.record, done: begun.run.done };
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
      onAlarm: (text) => void this.voice.alarm(text),
      onSecrets: (secrets) => this.voice.redactor.keep(secrets),
      onBadBundle: (flaw, why) => this.voice.bad("secrets", flaw, why),
    });
  }

  private absolute(path: string): string {
    return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : `${this.surroundings.folder}/${path}`;
  }
}
