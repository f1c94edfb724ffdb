import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { realEnv } from "@tradepulse/platform";
import { LOCAL_KEY, LOCAL_SENTINEL_KEY } from "@tradepulse/venues";
import { Child } from "./child-process.ts";
import { awaited, type DrillStage, withLatch } from "./drill-stage.ts";
import { localTruth, placedAfter, workingIn } from "./local-venue-control.ts";

const BEAT_US = 500_000;
const TIMEOUT_US = 3_000_000;
const START_MS = 90_000;
const VARIABLES = {
  DRILL_API_KEY: LOCAL_KEY.key,
  DRILL_API_SECRET: LOCAL_KEY.secret,
  DRILL_SENTINEL_API_KEY: LOCAL_SENTINEL_KEY.key,
  DRILL_SENTINEL_API_SECRET: LOCAL_SENTINEL_KEY.secret,
};

/** A venue, a trader and a sentinel on this machine, started for a drill and ended with it. */
export class OfflineStage implements DrillStage {
  readonly env = realEnv();
  readonly lookMs = 50;
  readonly beatUs = BEAT_US;
  readonly timeoutUs = TIMEOUT_US;
  readonly name = "a session of its own at the local venue";
  readonly folder: string;
  private readonly children: Child[] = [];
  private restUrl = "";
  private trader: Child | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  get account(): string {
    return `${this.folder}/state/local-test`;
  }

  get session(): string {
    return `${this.account}/drill`;
  }

  /** Starts the three and arms the session. Everything is ended again when that fails. */
  static async start(by: string, signal: AbortSignal): Promise<OfflineStage> {
    const stage = new OfflineStage(await mkdtemp(join(tmpdir(), "tradepulse-drill-")));
    try {
      await stage.open(signal);
      await stage.arm(by, signal);
      return stage;
    } catch (error) {
      await stage.close(true);
      throw error;
    }
  }

  /** Allows trading, and waits for orders at work. */
  async arm(by: string, signal: AbortSignal): Promise<void> {
    await withLatch(this, (latch) => latch.arm("enabled", "a drill at the local venue", by));
    await this.await("orders at work", signal, async () => (await this.working()) > 0);
  }

  /** Ends the trader in order and starts it again; resolves when it has caught up. */
  async restart(signal: AbortSignal): Promise<void> {
    this.trader!.signal("SIGTERM");
    await this.trader!.ended;
    this.trader = this.run("live", "--config", this.configPath);
    await this.await("the session to run again", signal, () => /halt {2}/.test(this.trader!.stderr));
  }

  async working(): Promise<number> {
    const truth = await localTruth(this.restUrl);
    return truth === undefined ? Number.NaN : workingIn(truth);
  }

  async sentAfter(wallUs: number): Promise<readonly number[] | undefined> {
    const truth = await localTruth(this.restUrl);
    return truth === undefined ? undefined : placedAfter(truth, wallUs);
  }

  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.trader?.signal(name);
  }

  /** Ends what was started. The folder stays when there is something to look at. */
  async close(isClean: boolean): Promise<void> {
    await Promise.all(this.children.map((child) => child.kill()));
    if (isClean) await rm(this.folder, { recursive: true, force: true });
  }

  private get configPath(): string {
    return `${this.folder}/drill.toml`;
  }

  private async open(signal: AbortSignal): Promise<void> {
    const venue = this.run("venue-server", "--data", "synth:seed=7,bars=3000,interval=1m", "--history", "100", "--port", "0", "--json");
    await this.await("the local venue", signal, () => /ready/.test(venue.stderr), venue);
    const { port } = JSON.parse(venue.stdout) as { readonly port: number };
    this.restUrl = `http://127.0.0.1:${port}`;
    await writeFile(this.configPath, configText(port, `${this.folder}/state`));
    const sentinel = this.run("sentinel", "--config", this.configPath);
    this.trader = this.run("live", "--config", this.configPath);
    const { trader } = this;
    await this.await("the session", signal, () => existsSync(`${this.session}/heartbeat.json`) && /halt {2}/.test(trader.stderr), trader);
    await this.await("the sentinel", signal, () => /watching/.test(sentinel.stderr), sentinel);
  }

  private run(...args: readonly string[]): Child {
    const child = new Child(args, VARIABLES);
    this.children.push(child);
    return child;
  }

  private async await(what: string, signal: AbortSignal, look: () => boolean | Promise<boolean>, child = this.trader): Promise<void> {
    const took = await awaited(this.env, START_MS, signal, () => {
      if (child?.isRunning !== true) throw new Error(`${what}: its process has ended, ${child?.stderr.trim().slice(-300) ?? ""}`);
      return look();
    });
    if (took === undefined) throw new Error(`${what}: waited ${START_MS / 1_000} s in vain, ${child?.stderr.trim().slice(-300) ?? ""}`);
  }
}

/** Orders leave one by one through the whole second of a bar, so that the latch falls into the middle of them. */
function configText(port: number, stateFolder: string): string {
  const strategy = fileURLToPath(new URL(`./drill-strategy${extname(import.meta.url)}`, import.meta.url));
  return `[loop]
state_dir = ${JSON.stringify(stateFolder)}
submission_interval = 0.2
fill_poll_interval = 5
heartbeat_interval = ${BEAT_US / 1e6}
max_backoff = 1

[guards]
loop_stall = 60

[sentinel]
heartbeat_timeout = ${TIMEOUT_US / 1e6}

  [sentinel.credentials]
  env_prefix = "DRILL_SENTINEL"
  required = ["API_KEY", "API_SECRET"]

[[venues]]
name = "local"
class = "execution.adapters.BinanceRESTConnector"
options = { rest_url = "http://127.0.0.1:${port}", stream_url = "ws://127.0.0.1:${port}", ws_api_url = "ws://127.0.0.1:${port}/ws-api/v3" }

  [venues.credentials]
  env_prefix = "DRILL"
  required = ["API_KEY", "API_SECRET"]

[[strategies]]
file = ${JSON.stringify(strategy)}
name = "drill"
instruments = ["SYNTH-USD"]
interval = "1s"
capital = 5000
warmup_bars = 1
`;
}
