import { type Engine, FailureError } from "@tradepulse/core";
import { type LiveInstrument, type LiveSession, LiveTradingRunner, type RunningSession } from "@tradepulse/live";
import { SimEnv, SimFiles, SimProcess } from "@tradepulse/platform";
import type { Mutant, MutantNode } from "../storm/mutant.ts";
import type { Scenario } from "../storm/scenario.ts";
import type { Storm } from "../storm/storm.ts";
import type { StormNode } from "../storm/storm-edge.ts";
import { traderOf } from "../storm/traders.ts";
import { carelessFiles } from "../world/careless-files.ts";
import { WatchedFiles } from "../world/watched-files.ts";
import type { Weather } from "../world/weather.ts";
import { troubled } from "./troubled-network.ts";
import { WIRE_KEY, type WireVenue } from "./wire-venue.ts";
import { witnessed } from "./wire-witness.ts";

export const ACCOUNT_FOLDER = "/state/binance-test";
export const SESSION_FOLDER = `${ACCOUNT_FOLDER}/storm`;
const CONFIG_PATH = "/etc/live.toml";

export interface RunnerNodeParts {
  readonly storm: Storm;
  readonly venue: WireVenue;
  readonly weather: Weather;
  readonly mutant: Mutant | undefined;
  onExit(code: number): void;
}

/** One life of the real runner: configuration, credentials, leadership, latch, journal, recovery, adapter, session and guards, over a simulated world. */
export class RunnerNode implements StormNode {
  readonly process: SimProcess;
  readonly env: SimEnv;
  readonly runner: LiveTradingRunner;
  running: RunningSession | undefined;
  refusal: { readonly code: string; readonly text: string } | undefined;
  private readonly parts: RunnerNodeParts;
  private readonly files: SimFiles;

  constructor(parts: RunnerNodeParts, number: number) {
    this.parts = parts;
    const { storm, venue, weather, mutant } = parts;
    const { clock, disk, scenario, chronicle, judge } = storm;
    this.process = new SimProcess(`trader-${number}`);
    this.files = new SimFiles(disk, {
      // Reads take no time: the latch looks at its folder forty times a second.
      delay: (operation) =>
        operation.kind === "read" || operation.kind === "open"
          ? Promise.resolve()
          : new Promise((resolve) => clock.after(operation.kind.startsWith("sync") ? 300 : 20, resolve, this.process)),
    });
    this.process.onEnd(() => this.files.kill());
    const watched = new WatchedFiles(this.files, storm.diskWitness);
    const outside = troubled(venue.local.network(), { clock, weather, process: this.process });
    const seen = witnessed(outside, { judge, process: this.process, isJudged: () => storm.node === this });
    this.env = new SimEnv({
      clock,
      process: this.process,
      seed: scenario.seed + number,
      files: mutant?.files === undefined ? watched : carelessFiles(watched, mutant.files),
      ...(mutant?.network?.(seen, { sleep: (us) => this.env.sleep(us) }) ?? seen),
      onExit: (code) => parts.onExit(code),
    });
    this.env.wallAheadUs = storm.wallAheadUs;
    this.runner = new LiveTradingRunner({
      configPath: CONFIG_PATH,
      env: this.env,
      surroundings: { folder: "/", variables: { BINANCE_API_KEY: WIRE_KEY.key, BINANCE_API_SECRET: WIRE_KEY.secret } },
      loadStrategy: (path) => {
        const bound = traderOf(scenario, storm.quietFromUs, storm.runawayUs);
        const strategy = Object.assign(() => bound, { spec: { name: bound.name, create: () => ({}) } });
        return Promise.resolve({ strategy, path, codeDigest: "sha256:storm", modules: [] });
      },
      onNews: (news) => {
        if (news.kind !== "alarm" || !this.process.isAlive) return;
        chronicle.add("trader", `ALARM ${news.text}`);
        judge.onAlarm(news.text);
      },
    });
  }

  async boot(): Promise<void> {
    const { storm, mutant } = this.parts;
    try {
      await this.env.files.makeFolder("/etc");
      await this.env.files.replace(CONFIG_PATH, new TextEncoder().encode(configOf(storm.scenario)));
      this.running = await this.runner.start();
      if (this.session !== undefined) mutant?.session?.(this.session, this as MutantNode);
      storm.chronicle.add("trader", `${this.process.name} runs`);
      void this.running.done.then((end) => {
        storm.chronicle.add(
          "trader",
          `${this.process.name} ends by itself: ${end.why}${end.error instanceof Error ? `, ${end.error.message}` : ""}`,
        );
        this.env.exit(1);
      });
    } catch (error) {
      const code = error instanceof FailureError ? error.failure.code : "TP_UNCODED";
      this.refusal = { code, text: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
      storm.chronicle.add("trader", `${this.process.name} does not start: ${code} ${this.refusal.text.split("\n", 1)[0]}`);
      this.process.kill();
    }
  }

  /** What this process holds locked is free, and it does not know. */
  loseLock(): void {
    this.parts.storm.disk.unlock(this.files);
  }

  get engine(): Engine | undefined {
    return this.inside("engine") as Engine | undefined;
  }

  get session(): LiveSession | undefined {
    return this.inside("session") as LiveSession | undefined;
  }

  get instruments(): readonly LiveInstrument[] {
    return this.running?.record.instruments ?? [];
  }

  /** A part of the run that nobody but the judge looks at. */
  private inside(name: string): unknown {
    const run: unknown = Reflect.get(this.runner, "run");
    return typeof run === "object" && run !== null ? Reflect.get(run, name) : undefined;
  }
}

function configOf(scenario: Scenario): string {
  return `
[loop]
state_dir = "/state"

[risk]
max_position = ${scenario.maxPosition}
max_open_orders = ${scenario.maxOpenOrders}
stale_after = ${scenario.staleAfterUs / 1e6}
price_collar = 0.2
self_trade = "${scenario.selfTrade}"
max_orders_per_interval = 20
interval_seconds = 60
kill_switch_limit_multiplier = 1000
kill_switch_violation_threshold = 10000
kill_switch_rate_limit_threshold = 10000

[[venues]]
name = "binance"
class = "execution.adapters.BinanceRESTConnector"
options = { rest_url = "http://127.0.0.1:1", stream_url = "ws://127.0.0.1:1", ws_api_url = "ws://127.0.0.1:1/ws-api/v3" }

  [venues.credentials]
  env_prefix = "BINANCE"
  required = ["API_KEY", "API_SECRET"]

[[strategies]]
file = "storm.ts"
name = "storm"
instruments = [${scenario.symbols.map((symbol) => `"${symbol.slice(0, 3)}-USDT"`).join(", ")}]
interval = "1m"
capital = 10000
warmup_bars = 3

[snapshots]
when = "${scenario.seed % 2 === 0 ? "auto" : "never"}"
records = 100
interval = 20
`;
}
