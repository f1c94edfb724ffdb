import { BarSeries, type BoundStrategy, Engine, engineOptions, FactDriver, riskEngine, US_PER_MINUTE } from "@tradepulse/core";
import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import type { FeedBar, FeedHandlers, MarketFeed } from "@tradepulse/venues";
import type { IntentJournal } from "../dispatch/dispatcher.ts";
import { recover } from "../recovery/recover.ts";
import type { ReadRecord } from "../recovery/replay.ts";
import { type LiveInstrument, liveInstrument } from "./live-instrument.ts";
import { LiveSession } from "./live-session.ts";
import { ScriptedVenue } from "./scripted-venue.ts";
import type { FactJournal } from "./sequencer.ts";
import { defaultSessionSettings, type SessionSettings } from "./session-settings.ts";

export const START_US = 1_767_225_600_000_000;

export interface StageOptions {
  readonly strategy: BoundStrategy;
  readonly capital?: number;
  readonly minNotional?: string;
  readonly settings?: Partial<SessionSettings>;
}

/** A whole session over a scripted venue, in virtual time: real engine, real recovery, a journal in memory. One instrument, bars of a minute. */
export class SessionStage {
  readonly clock = new SimClock({ seed: 1, startUs: START_US });
  readonly records: ReadRecord[] = [];
  readonly alarms: string[] = [];
  env: SimEnv;
  venue: ScriptedVenue;
  engine!: Engine;
  session!: LiveSession;
  /** What the journal throws in place of taking a record; undefined takes it. */
  refuses: (kind: string) => Error | undefined = () => undefined;
  readonly lost: unknown[] = [];
  /** True while nothing that opens risk may leave, and nothing that a strategy wishes. */
  isHalted = false;
  /** True while nothing reaches the disk. */
  isDiskStuck = false;
  private readonly options: StageOptions;
  private readonly disk = new SimDisk(seededStream(1, "disk"));
  private process: SimProcess;
  private feed: FeedHandlers | undefined;
  private epoch = 0;
  private lastOpenUs = START_US;

  constructor(options: StageOptions) {
    this.options = options;
    this.process = new SimProcess("session-0");
    this.env = this.makeEnv();
    this.venue = new ScriptedVenue(this.env);
    this.venue.opening = { USDT: options.capital ?? 10_000 };
  }

  /** Starts the session, or the next one after {@link kill}, over the same records, and lets it come to trust. */
  async start(runUs = 1_000_000): Promise<void> {
    const { strategy, capital = 10_000, minNotional = "5", settings } = this.options;
    this.epoch += 1;
    const instruments = [stageInstrument(minNotional)];
    const pure = instruments.map(({ instrument }) => instrument);
    this.engine = new Engine({
      instruments: pure,
      series: [BarSeries.growing("main", 0, US_PER_MINUTE, 64)],
      strategy,
      options: engineOptions({ capital, risk: riskEngine({ maxPosition: 1e6 }, pure) }),
      live: true,
    });
    const driver = new FactDriver(this.engine);
    const plan = recover(this.records, this.engine, driver);
    this.session = new LiveSession({
      env: this.env,
      engine: this.engine,
      driver,
      execution: this.venue,
      feed: this.market(),
      journal: this.makeJournal(),
      permit: { refusal: () => (this.isHalted ? "trading-halted" : undefined) },
      instruments,
      plans: [{ symbol: "BTCUSDT", intervalUs: US_PER_MINUTE, isBuilt: false }],
      settings: { ...defaultSessionSettings, epoch: this.epoch, preventsSelfTrade: false, ...settings },
      onAlarm: (text) => this.alarms.push(text),
      onJournalLost: (error) => this.lost.push(error),
    });
    this.session.resume(plan);
    this.session.start();
    await this.run(runUs);
  }

  /** The process dies: nothing of it happens any more. Records and venue stay. */
  kill(): void {
    this.process.kill();
    this.process = new SimProcess(`session-${this.epoch}`);
    this.env = this.makeEnv();
    const before = this.venue;
    this.venue = Object.assign(new ScriptedVenue(this.env), { opening: before.opening, aheadUs: before.aheadUs });
    for (const [id, order] of before.orders) this.venue.orders.set(id, order);
    this.venue.fills.push(...before.fills);
  }

  run(forUs: number): Promise<void> {
    return this.clock.run(this.clock.nowUs + forUs);
  }

  /** One closed bar at one price, a minute later than the one before. */
  async bar(price: number, runUs = 100_000): Promise<void> {
    const text = String(price);
    const openUs = this.lastOpenUs;
    this.lastOpenUs += US_PER_MINUTE;
    if (this.clock.nowUs < this.lastOpenUs) await this.clock.run(this.lastOpenUs);
    const bar: FeedBar = {
      symbol: "BTCUSDT",
      openUs,
      closeUs: this.lastOpenUs,
      open: text,
      high: text,
      low: text,
      close: text,
      volume: "1",
    };
    this.feed?.onBar(bar);
    await this.run(runUs);
  }

  clientId(orderId: number): string {
    return this.session.register.find(orderId)!.clientId;
  }

  kinds(kind: string): readonly ReadRecord[] {
    return this.records.filter((record) => record.kind === kind);
  }

  /** Facts about an order, by their events. */
  news(orderId: number): readonly string[] {
    const facts = this.kinds("order").map(({ payload }) => payload as { readonly orderId: number; readonly event: string });
    return facts.filter((fact) => fact.orderId === orderId).map(({ event }) => event);
  }

  private makeJournal(): FactJournal & IntentJournal {
    return {
      append: (kind, payload) => this.append(kind, payload),
      // What is stuck now reaches the disk when it is free again.
      durable: async () => {
        do await this.env.sleep(500);
        while (this.isDiskStuck);
      },
    };
  }

  private append(kind: string, payload: object): number {
    const refusal = this.refuses(kind);
    if (refusal !== undefined) throw refusal;
    const seq = this.records.length + 1;
    this.records.push({ seq, kind, payload: structuredClone(payload) });
    return seq;
  }

  private makeEnv(): SimEnv {
    return new SimEnv({ clock: this.clock, process: this.process, seed: 1, files: new SimFiles(this.disk) });
  }

  private market(): MarketFeed {
    return {
      history: () => Promise.resolve([]),
      subscribe: (_symbols, _intervalUs, handlers) => {
        this.feed = handlers;
        this.env.timer(1_000, () => handlers.onReady());
        return { silentUs: 0, close: () => undefined };
      },
    };
  }
}

const INSTRUMENT = {
  symbol: "BTCUSDT",
  base: "BTC",
  quote: "USDT",
  status: "trading",
  tickSize: "0.01",
  minPrice: "0.01",
  maxPrice: "1000000",
  lotSize: "0.00001",
  minQuantity: "0.00001",
  maxQuantity: "9000",
  maxOrders: 200,
  orderTypes: ["LIMIT", "MARKET", "STOP_LOSS"],
} as const;

/** The instrument of every stage. */
export function stageInstrument(minNotional: string): LiveInstrument {
  const made = liveInstrument("BTC-USDT@TEST", { ...INSTRUMENT, minNotional });
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}
