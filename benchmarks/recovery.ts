/**
 * Goal: a start with 1,000 open orders and 100,000 records in the journal takes no more than 5 s of computing. The whole runner is measured, from its
 * first line until it trusts what it knows: journal read and checked, every record through the engine again, the venue's truth read and compared. The
 * venue is the local one in the same process under virtual time, so nothing is waited for, and what it computes is counted too.
 *
 *     node benchmarks/recovery.ts [orders=1000] [records=100000]
 */
import { buy, cancel, defineStrategy, type Intent } from "@tradepulse/core";
import { LiveTradingRunner, type LoadStrategy, openKillLatch, type RunningSession, readJournal } from "@tradepulse/live";
import { SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { LOCAL_KEY, symbolSpec } from "@tradepulse/venues";
import { barsThrough, type VenueWorld, venueWorld } from "@tradepulse/venues/testing";
import { type BenchRow, printRows } from "./statistics.ts";

const MINUTE_US = 60_000_000;
const TURNED_A_BAR = 40;
const TARGET_MS = 5_000;

/** Keeps many orders working, and replaces some on every bar. */
function manyOrders(openWanted: number): LoadStrategy {
  const strategy = defineStrategy({
    name: "many-orders",
    create: () => ({
      onBar(bar, { orders }): readonly Intent[] {
        const wishes: Intent[] = [];
        if (orders.length >= openWanted) for (const { id } of orders.slice(0, TURNED_A_BAR)) wishes.push(cancel({ orderId: id }));
        const room = openWanted - orders.length + (orders.length >= openWanted ? TURNED_A_BAR : 0);
        for (let k = Math.min(TURNED_A_BAR, room); k > 0; k -= 1)
          wishes.push(buy({ quantity: 0.2, limit: Math.round(bar.close * 40 + k) / 100 }));
        return wishes;
      },
    }),
  });
  return (path) => Promise.resolve({ strategy, path, codeDigest: "sha256:bench", modules: [] });
}

const CONFIG = `
[loop]
state_dir = "/state"
fill_poll_interval = 3600

[[venues]]
name = "binance"
adapter = "binance"
options = { rest_url = "http://127.0.0.1:1", stream_url = "ws://127.0.0.1:1", ws_api_url = "ws://127.0.0.1:1/ws-api/v3" }

  [venues.credentials]
  env_prefix = "BINANCE"
  required = ["API_KEY", "API_SECRET"]

[[strategies]]
file = "strategy.ts"
instruments = ["BTC-USDT"]
interval = "1m"
capital = 100000
warmup_bars = 3
`;

class Town {
  readonly world: VenueWorld;
  readonly disk = new SimDisk(seededStream(1, "disk"));
  readonly alarms: string[] = [];
  runner!: LiveTradingRunner;
  private process = new SimProcess("none");
  private files = new SimFiles(this.disk);
  private lives = 0;
  private readonly load: LoadStrategy;

  constructor(bars: number, load: LoadStrategy) {
    this.load = load;
    const columns = barsThrough(Array.from({ length: bars }, (_, k) => 100 + Math.sin(k / 9)));
    const spec = symbolSpec("BTCUSDT", "BTC", "USDT", { maxNumOrders: 100_000 });
    this.world = venueWorld({
      markets: [{ spec, columns, playedIntervalUs: MINUTE_US, historyBars: 5 }],
      accounts: [{ id: "main", balances: { USDT: "1000000", BTC: "0" } }],
      keys: [LOCAL_KEY],
      limits: { ordersPer10Seconds: 1_000_000, weightPerMinute: 10_000_000 },
    });
  }

  async start(): Promise<RunningSession> {
    const env = this.env();
    await env.files.makeFolder("/etc");
    await env.files.replace("/etc/live.toml", new TextEncoder().encode(CONFIG));
    const secret = LOCAL_KEY.kind === "hmac" ? LOCAL_KEY.secret : "";
    this.runner = new LiveTradingRunner({
      configPath: "/etc/live.toml",
      env,
      surroundings: { folder: "/work", variables: { BINANCE_API_KEY: LOCAL_KEY.key, BINANCE_API_SECRET: secret } },
      loadStrategy: this.load,
      onNews: (news) => {
        if (news.kind === "alarm") this.alarms.push(news.text);
      },
    });
    return await this.until(this.runner.start());
  }

  async arm(): Promise<void> {
    const latch = await this.until(openKillLatch({ env: this.env("person"), folder: "/state/binance-test/latch" }));
    await this.until(latch.arm("enabled", "a benchmark", "bench"));
    latch.stop();
  }

  /** Lets virtual time pass until a promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => undefined);
    for (let steps = 0; !isSettled && steps < 20_000; steps += 1) await this.world.run(10_000);
    return await settled;
  }

  crash(): void {
    this.process.kill();
    this.files.kill();
  }

  get open(): number {
    return this.world.venue.exchange.market("BTCUSDT").openOrders("main").length;
  }

  private env(name = "trader"): SimEnv {
    this.lives += 1;
    const { clock, venue } = this.world;
    const files = new SimFiles(this.disk);
    const process = new SimProcess(`${name}-${this.lives}`);
    if (name === "trader") {
      this.files = files;
      this.process = process;
    }
    return new SimEnv({ clock, process, seed: this.lives, files, ...venue.network() });
  }
}

async function journalBytes(files: SimFiles, folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await files.list(`${folder}/journal`)) {
    if (name.endsWith(".journal")) bytes += (await files.read(`${folder}/journal/${name}`)).length;
  }
  return bytes;
}

async function countRecords(files: SimFiles, folder: string): Promise<number> {
  let last = 0;
  for await (const { seq } of readJournal(files, `${folder}/journal`)) last = seq;
  return last;
}

/** Starts with so many open orders and records, three times. */
export async function benchRecovery(openWanted: number, recordsWanted: number): Promise<BenchRow[]> {
  const town = new Town(20_000, manyOrders(openWanted));
  town.world.venue.start();
  const { folder } = await town.start();
  await town.arm();
  const files = (): SimFiles => new SimFiles(town.disk);
  let records = 0;
  for (let bar = 0; bar < 15_000 && (records < recordsWanted || town.open < openWanted); bar += 1) {
    await town.world.run(MINUTE_US);
    if (bar % 5 === 4) records = await countRecords(files(), folder);
  }
  // In the middle of a bar everything asked for has been answered.
  await town.world.run(MINUTE_US / 2);
  records = await countRecords(files(), folder);
  const { open } = town;
  town.crash();
  const rows: BenchRow[] = [];
  for (let round = 0; round < 3; round += 1) {
    const startedMs = performance.now();
    const cpu = process.cpuUsage();
    await town.start();
    for (let steps = 0; !town.runner.isReady && steps < 20_000; steps += 1) await town.world.run(10_000);
    const { user, system } = process.cpuUsage(cpu);
    if (!town.runner.isReady) throw new Error(`not ready: ${town.alarms.slice(-3).join("; ")}`);
    const computedMs = (user + system) / 1_000;
    rows.push({
      goal: "start",
      what: `start ${round + 1}: ${open} open orders, ${records} records`,
      value: computedMs,
      unit: "ms computed",
      target: `<= ${TARGET_MS}`,
      met: computedMs <= TARGET_MS,
      note: `${Math.round(performance.now() - startedMs)} ms by the clock, journal of ${((await journalBytes(files(), folder)) / 1_048_576).toFixed(0)} MiB`,
    });
    town.crash();
  }
  return rows;
}

if (import.meta.main) {
  const rows = await benchRecovery(Number(process.argv[2] ?? 1_000), Number(process.argv[3] ?? 100_000));
  printRows(rows);
  process.exitCode = rows.every(({ met }) => met === true) ? 0 : 1;
}
