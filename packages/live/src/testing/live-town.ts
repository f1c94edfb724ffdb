import { buy, close, defineStrategy, type Strategy } from "@tradepulse/core";
import { SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import type { FaultRule } from "@tradepulse/venues";
import { type VenueWorld, venueWorld } from "@tradepulse/venues/testing";
import { type KillLatch, openKillLatch } from "../latch/kill-latch.ts";
import { type LiveRunnerOptions, LiveTradingRunner, type RunningSession } from "../runner/live-trading-runner.ts";
import type { LoadStrategy } from "../runner/load-strategy.ts";
import type { SessionStatus } from "../runner/session-status.ts";
import { type RunningSentinel, SentinelRunner } from "../sentinel/sentinel-runner.ts";
import type { SentinelNews } from "../sentinel/sentinel-voice.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";

type SessionNews = Parameters<NonNullable<LiveRunnerOptions["onNews"]>>[0];

export const MINUTE_US = 60_000_000;

/** Keys of one account: the trader's, and the sentinel's own, which can only cancel. */
export const TOWN_KEY = { key: "k".repeat(64), accountId: "main", kind: "hmac", secret: "s".repeat(64) } as const;
export const SENTINEL_KEY = { key: "w".repeat(64), accountId: "main", kind: "hmac", secret: "v".repeat(64), canPlace: false } as const;

export const TOWN_CONFIG = `
[loop]
state_dir = "/state"
fill_poll_interval = 10

[risk]
max_notional = 500

[[venues]]
name = "binance"
class = "execution.adapters.BinanceRESTConnector"
options = { rest_url = "http://127.0.0.1:1", stream_url = "ws://127.0.0.1:1", ws_api_url = "ws://127.0.0.1:1/ws-api/v3" }

  [venues.credentials]
  env_prefix = "BINANCE"
  required = ["API_KEY", "API_SECRET"]

[[strategies]]
file = "strategy.ts"
instruments = ["BTC-USDT"]
interval = "1m"
capital = 1000
warmup_bars = 3
`;

/** The section of a sentinel, to be put behind {@link TOWN_CONFIG}. */
export const SENTINEL_SECTION = `
[sentinel]

  [sentinel.credentials]
  env_prefix = "BINANCE_SENTINEL"
  required = ["API_KEY", "API_SECRET"]
`;

/** Where the account of the configuration lies. */
export const TOWN_ACCOUNT = "/state/binance-test";

/** Buys when flat, sells four bars later. */
export const inAndOut = defineStrategy({
  name: "in-and-out",
  create: () => {
    let bars = 0;
    return {
      onBar(_bar, { position }) {
        bars = position.isFlat ? 0 : bars + 1;
        if (position.isFlat) return buy({ quantity: 1, reason: "flat" });
        return bars >= 4 ? close({ reason: "held long enough" }) : undefined;
      },
    };
  },
});

/** Keeps an order far below the market at work, and sends another with every bar. */
export const resting = defineStrategy({
  name: "resting",
  create: () => ({ onBar: (_bar, { orders }) => (orders.length < 6 ? buy({ quantity: 0.5, limit: 40 + orders.length }) : undefined) }),
});

export function loaderOf(strategy: Strategy): LoadStrategy {
  return async (path) => ({ strategy, path, codeDigest: "sha256:test", modules: [] });
}

/** A process of the town: killed with its files, or stopped for a while. */
export interface Townsman {
  readonly env: SimEnv;
  readonly process: SimProcess;
  readonly files: SimFiles;
}

/** A venue, a disk, and processes that come and go under virtual time. */
export class LiveTown {
  readonly world: VenueWorld;
  readonly disk = new SimDisk(seededStream(1, "disk"));
  readonly news: SessionNews[] = [];
  readonly sentinelNews: SentinelNews[] = [];
  /** What each operation of the disk takes, for processes that start from now on. */
  diskUs = 0;
  /** The database of the journal, for processes that start from now on; without it there is none. */
  database: SimulatedDatabase | undefined;
  /** Parts of addresses of streams that nobody gets through to. */
  cutStreams: readonly string[] = [];
  runner!: LiveTradingRunner;
  trader!: Townsman;
  watcher!: Townsman;
  sentinel!: RunningSentinel;
  private watching!: SentinelRunner;
  private count = 0;

  constructor(options: { readonly closes?: readonly number[]; readonly faults?: readonly FaultRule[] } = {}) {
    this.world = venueWorld({
      closes: options.closes ?? Array.from({ length: 120 }, (_, k) => 100 + Math.sin(k / 3)),
      keys: [TOWN_KEY, SENTINEL_KEY],
      ...(options.faults === undefined ? {} : { faults: options.faults }),
    });
    this.world.venue.start();
  }

  /** A new process. */
  man(name: string, address?: string): Townsman {
    this.count += 1;
    const process = new SimProcess(`${name}-${this.count}`);
    const { clock, venue } = this.world;
    const { diskUs } = this;
    const files = new SimFiles(
      this.disk,
      diskUs === 0 ? {} : { delay: () => new Promise((resolve) => clock.after(diskUs, resolve, process)) },
    );
    const { http, webSocket } = venue.network(address);
    const env = new SimEnv({
      clock,
      process,
      seed: this.count,
      files,
      ...(this.database === undefined ? {} : { postgres: this.database.forProcess(process) }),
      http,
      webSocket: (url, handlers, options) => {
        if (!this.cutStreams.some((part) => url.includes(part))) return webSocket(url, handlers, options);
        clock.after(1_000, () => handlers.onClose(1_006, "no way through"), process);
        return { send: () => undefined, ping: () => undefined, close: () => undefined };
      },
    });
    return { process, files, env };
  }

  async start(more: Partial<LiveRunnerOptions> = {}, config = TOWN_CONFIG): Promise<RunningSession> {
    this.trader = this.man("trader");
    const { env } = this.trader;
    await this.until(this.configure(env, config));
    this.runner = new LiveTradingRunner({
      configPath: "/etc/live.toml",
      env,
      surroundings: { folder: "/work", variables: { BINANCE_API_KEY: TOWN_KEY.key, BINANCE_API_SECRET: TOWN_KEY.secret } },
      loadStrategy: loaderOf(inAndOut),
      onNews: (news) => this.news.push(news),
      ...more,
    });
    return await this.until(this.runner.start());
  }

  /** A sentinel at an address of its own. */
  async guard(config = TOWN_CONFIG + SENTINEL_SECTION, variables: Readonly<Record<string, string>> = sentinelVariables): Promise<void> {
    this.watcher = this.man("sentinel", "10.0.0.2");
    const { env } = this.watcher;
    await this.until(this.configure(env, config));
    this.watching = new SentinelRunner({
      configPath: "/etc/live.toml",
      env,
      surroundings: { folder: "/work", variables },
      onNews: (news) => this.sentinelNews.push(news),
    });
    this.sentinel = await this.until(this.watching.start());
  }

  async stopSentinel(): Promise<void> {
    await this.until(this.watching.stop());
  }

  /** Lets time pass until a promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => undefined);
    for (let steps = 0; !isSettled && steps < 10_000; steps += 1) await this.world.run(10_000);
    return await settled;
  }

  run(minutes: number): Promise<void> {
    return this.world.run(minutes * MINUTE_US);
  }

  /** A look at the latch, or a hand on it, from a process of its own. */
  async latch<T>(use: (latch: KillLatch) => T | Promise<T>): Promise<T> {
    const { env } = this.man("operator");
    const latch = await this.until(openKillLatch({ env, folder: `${TOWN_ACCOUNT}/latch` }));
    const result = await this.until(Promise.resolve(use(latch)));
    latch.stop();
    return result;
  }

  async arm(): Promise<void> {
    await this.latch((latch) => latch.arm("enabled", "looked at everything", "ada"));
  }

  /** The trader's end, as `kill -9`. */
  crash(man: Townsman = this.trader): void {
    man.process.kill();
    man.files.kill();
  }

  /** Orders that reached the venue, by client id. */
  get orders(): string[] {
    return this.world.venue.ledger.ordersOf("main").map((order) => order.clientId);
  }

  /** Orders at work at the venue now. */
  get working(): string[] {
    const open = this.world.venue.ledger.ordersOf("main").filter(({ status }) => status === "NEW" || status === "PARTIALLY_FILLED");
    return open.map(({ clientId }) => clientId);
  }

  /** Times at which the venue was asked for something, in order. */
  requests(kind: "place" | "cancel" | "cancel-all"): number[] {
    return this.world.venue.ledger.records.flatMap((record) => (record.kind === "request" && record.request === kind ? [record.atUs] : []));
  }

  get alarms(): string[] {
    return this.news.flatMap((news) => (news.kind === "alarm" ? [news.text] : []));
  }

  get sentinelAlarms(): string[] {
    return this.sentinelNews.flatMap(({ kind, text }) => (kind === "alarm" ? [text] : []));
  }

  get lastStatus(): SessionStatus | undefined {
    return this.news.findLast((news) => news.kind === "status")?.status;
  }

  private async configure(env: SimEnv, config: string): Promise<void> {
    await env.files.makeFolder("/etc");
    await env.files.replace("/etc/live.toml", new TextEncoder().encode(config));
  }
}

export const sentinelVariables: Readonly<Record<string, string>> = {
  BINANCE_SENTINEL_API_KEY: SENTINEL_KEY.key,
  BINANCE_SENTINEL_API_SECRET: SENTINEL_KEY.secret,
};
