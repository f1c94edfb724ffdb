import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { leaveWord, openKillLatch } from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { LOCAL_KEY, LOCAL_SENTINEL_KEY } from "@tradepulse/venues";
import { JournalTail } from "./journal-tail.ts";
import { pause, RigProcess, until } from "./rig-process.ts";

export const CAPITAL = 5_000;
/** From the intent to the last instant at which the venue may let the order in. */
export const ORDER_LIFE_US = 2_000_000;

/** The trader of a run through all its lives: one configuration, one state folder, one process at a time. */
export class RigTrader {
  readonly session: string;
  readonly tail: JournalTail;
  lives = 0;
  process: RigProcess | undefined;
  private readonly folder: string;
  private readonly state: string;
  private readonly byCommand: boolean;

  /** `byCommand`: the operator works with the command line, not with the library behind it. */
  constructor(folder: string, state: string, byCommand: boolean) {
    this.folder = folder;
    this.state = state;
    this.byCommand = byCommand;
    this.session = `${state}/binance-test/churn`;
    this.tail = new JournalTail(`${this.session}/journal`);
  }

  /** `more`: further sections of the configuration. */
  async configure(port: number, seed: number, more = ""): Promise<void> {
    const strategy = fileURLToPath(new URL("./churn.ts", import.meta.url));
    await writeFile(
      `${this.folder}/live.toml`,
      `[loop]
state_dir = ${JSON.stringify(this.state)}
fill_poll_interval = 5
heartbeat_interval = 1
max_backoff = 1
order_deadline = ${ORDER_LIFE_US / 1e6}
grace_period = 40

[guards]
clock_error = 10
loop_stall = 120

[snapshots]
when = "${seed % 2 === 0 ? "auto" : "never"}"
records = 400
interval = 3

[[venues]]
name = "binance"
class = "execution.adapters.BinanceRESTConnector"
options = { rest_url = "http://127.0.0.1:${port}", stream_url = "ws://127.0.0.1:${port}", ws_api_url = "ws://127.0.0.1:${port}/ws-api/v3" }

  [venues.credentials]
  env_prefix = "BINANCE"
  required = ["API_KEY", "API_SECRET"]

[[strategies]]
file = ${JSON.stringify(strategy)}
instruments = ["SYNTH-USD"]
interval = "1s"
capital = ${CAPITAL}
warmup_bars = 3

  [strategies.parameters]
  seed = ${seed}
${more}`,
    );
  }

  /** Starts the next life. */
  start(): RigProcess {
    this.lives += 1;
    this.process = new RigProcess(["live", "--config", `${this.folder}/live.toml`], `${this.folder}/live-${this.lives}.log`, {
      BINANCE_API_KEY: LOCAL_KEY.key,
      BINANCE_API_SECRET: LOCAL_KEY.kind === "hmac" ? LOCAL_KEY.secret : "",
    });
    return this.process;
  }

  /** Starts a sentinel of the same configuration. */
  startSentinel(): RigProcess {
    return new RigProcess(["sentinel", "--config", `${this.folder}/live.toml`], `${this.folder}/sentinel.log`, {
      RIG_SENTINEL_API_KEY: LOCAL_SENTINEL_KEY.key,
      RIG_SENTINEL_API_SECRET: LOCAL_SENTINEL_KEY.secret,
    });
  }

  /** Folder of the account: its latch, and what the sentinel left. */
  get account(): string {
    return `${this.state}/binance-test`;
  }

  /** True once there is a session that can be armed. */
  get exists(): boolean {
    return existsSync(`${this.session}/session.json`);
  }

  async arm(): Promise<void> {
    if (this.byCommand) return await this.command("--arm", "--by", "rig", "--reason", "a run of the rig");
    const latch = await openKillLatch({ env: realEnv(), folder: `${this.account}/latch` });
    await latch.arm("enabled", "a run of the rig", "rig");
    latch.stop();
  }

  /** Halts, and has all working orders canceled. */
  async halt(): Promise<void> {
    if (this.byCommand) return await this.command("--cancel-all", "--by", "rig", "--reason", "the run ends");
    const env = realEnv();
    const latch = await openKillLatch({ env, folder: `${this.account}/latch` });
    await latch.trip("halted", "the run ends", "rig");
    latch.stop();
    await leaveWord(env, this.session, { action: "cancel-all", reason: "the run ends", by: "rig" });
  }

  /** Waits for something in the journal of a living process. */
  async watch(what: string, mostMs: number, isThere: (tail: JournalTail) => boolean, pauseMs = 20): Promise<void> {
    await until(
      what,
      mostMs,
      () => {
        this.tail.poll();
        if (isThere(this.tail)) return true;
        if (this.process?.isRunning !== true)
          throw new Error(`the trader ended by itself while it was waited for ${what}: ${this.process?.stderr.slice(-600)}`);
        return undefined;
      },
      pauseMs,
    );
  }

  /** Ends the living process, whatever it is doing. */
  async bury(): Promise<void> {
    await this.process?.kill();
    this.tail.poll();
    await pause(0);
  }

  private async command(...args: readonly string[]): Promise<void> {
    const asked = new RigProcess(["kill", this.session, ...args], `${this.folder}/kill.log`);
    const { code } = await asked.exited;
    if (code !== 0) throw new Error(`tradepulse kill ended with ${code}: ${asked.stderr}`);
  }
}
