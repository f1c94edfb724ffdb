import {
  BarSeries,
  type CauseName,
  Engine,
  engineOptions,
  type FactDriver,
  FailureError,
  type RiskLimits,
  riskEngine,
} from "@tradepulse/core";
import {
  defaultSessionSettings,
  fileSnapshots,
  type LiveInstrument,
  LiveSession,
  type ReadRecord,
  recover,
  type SendPermit,
  type SessionFold,
} from "@tradepulse/live";
import { type Files, SimEnv, SimFiles, SimProcess } from "@tradepulse/platform";
import { openFileJournal } from "../../packages/live/src/journal/file-journal.ts";
import type { Journal } from "../../packages/live/src/journal/journal.ts";
import { followedJournal } from "../../packages/live/src/runner/followed-journal.ts";
import { startSession } from "../../packages/live/src/runner/session-start.ts";
import { SnapshotKeeper } from "../../packages/live/src/snapshot/snapshot-keeper.ts";
import type { JudgedTrader } from "../oracle/judged.ts";
import { INPUT_NAMES, traderOf } from "../storm/traders.ts";
import { OPENING_QUOTE } from "./account.ts";
import { carelessFiles } from "./careless-files.ts";
import { Link } from "./link.ts";
import type { NodeParts } from "./node-parts.ts";
import { openingInstruments } from "./opening-instruments.ts";
import { PortClient } from "./port-client.ts";
import { PortFeed } from "./port-feed.ts";
import { isArmed, latchKill } from "./port-latch.ts";
import { WatchedDriver } from "./watched-driver.ts";
import { WatchedFiles } from "./watched-files.ts";
import { witnessedJournal } from "./witnessed-journal.ts";

const SNAPSHOT_FOLDER = "/state/snapshots";
const ABOUT = { session: "storm", strategy: "storm", codeDigest: null, engineVersion: "" };
export const JOURNAL_FOLDER = "/state/journal";
const LOCK_PATH = "/state/lock";

/** Why a start ended without a session. */
export interface BootRefusal {
  readonly code: string;
  readonly text: string;
}

/** One life of the trading process: journal, recovery, engine and session over a simulated world. A restart is a new one over the same disk. */
export class TraderNode implements JudgedTrader {
  readonly process: SimProcess;
  readonly env: SimEnv;
  engine!: Engine;
  session: LiveSession | undefined;
  journal: Journal | undefined;
  instruments: readonly LiveInstrument[] = [];
  refusal: BootRefusal | undefined;
  isKilled = false;
  epoch = 0;
  private readonly parts: NodeParts;
  private readonly files: SimFiles;
  private readonly watched: WatchedFiles;

  constructor(parts: NodeParts, number: number, wallAheadUs: number) {
    this.parts = parts;
    const { clock, disk, diskWitness, scenario } = parts;
    this.process = new SimProcess(`trader-${number}`);
    const delays = clock;
    this.files = new SimFiles(disk, {
      delay: (operation) =>
        new Promise((resolve) => {
          delays.after(operation.kind.startsWith("sync") ? scenario.syncUs : 20, resolve, this.process);
        }),
    });
    this.watched = new WatchedFiles(this.files, diskWitness);
    this.env = new SimEnv({
      clock,
      process: this.process,
      seed: scenario.seed,
      files: this.badFiles(),
      onExit: (code) => parts.onExit(code),
    });
    this.env.wallAheadUs = wallAheadUs;
    this.process.onEnd(() => this.files.kill());
  }

  /** Starts: leadership, journal, recovery, streams. What goes wrong is kept as {@link refusal}. */
  async boot(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      const code = error instanceof FailureError ? error.failure.code : "TP_UNCODED";
      this.refusal = { code, text: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
      this.parts.chronicle.add("trader", `${this.process.name} does not start: ${code}`);
      this.process.kill();
    }
  }

  /** The kill switch: no new risk from this instant in this process, then on disk for all, then every order canceled. */
  async kill(reason: string): Promise<void> {
    const { chronicle, witness, mutant } = this.parts;
    this.isKilled = true;
    chronicle.add("person", `kill switch pressed: ${reason}`);
    witness.onKillPressed();
    if (mutant?.latch !== "memory-only") await latchKill(this.watched, (us) => this.env.sleep(us));
    witness.onKillLatched();
    if (mutant?.latch !== "memory-only") this.session?.operate("halt", reason);
    this.session?.operate("cancel-all", reason);
  }

  private async start(): Promise<void> {
    const { clock, venue, weather, scenario, witness, mutant, chronicle } = this.parts;
    const { env, process } = this;
    const lock = await env.files.lock(LOCK_PATH);
    if (lock === undefined) throw new Error("another process trades this account");
    await env.files.makeFolder("/state");
    this.isKilled = !(await isArmed(env.files));
    const journal = await openFileJournal({
      env,
      folder: JOURNAL_FOLDER,
      segmentBytes: 256 * 1024,
      roomBytes: 16 * 1024,
      onAlarm: (failure) => this.onJournalAlarm(failure.code),
    });
    const watched = witnessedJournal(journal, witness);
    this.journal = mutant?.journal?.(watched, this) ?? watched;
    const records: ReadRecord[] = [];
    for await (const record of journal.records()) records.push(record);
    for (const record of records)
      if (record.kind === "leader") this.epoch = Math.max(this.epoch, (record.payload as { readonly epoch: number }).epoch);
    this.epoch = mutant?.epoch === "never-grows" ? 1 : this.epoch + 1;
    await journal.durable(journal.append("leader", { epoch: this.epoch }));
    witness.onBoot(process.name, this.epoch, records);
    const link = new Link(clock, process, venue, weather, scenario.seed, scenario.latencyUs);
    const port = new PortClient({
      clock,
      env,
      process,
      venue,
      weather,
      link,
      onSent: (order) => witness.onSent(order),
      onArrived: (id) => witness.onArrived(id),
      onBlind: (is) => witness.onBlind(is),
      onRead: (what) => witness.onRead(what),
    });
    const client = mutant?.client?.(port, this) ?? port;
    const feed = new PortFeed({
      clock,
      process,
      venue,
      weather,
      link,
      onSoundBar: (symbol, closeUs) => witness.onSoundBar(symbol, closeUs),
    });
    this.instruments = await openingInstruments(records, client, journal, (us) => env.sleep(us));
    await client.measureClock();
    const { engine, driver, plan: recovered, fold, fromSeq } = await this.recovered(records);
    this.engine = engine;
    let plan = recovered;
    if (plan.replay.divergences.length > 0) this.alarm(`replay decided differently: ${JSON.stringify(plan.replay.divergences[0])}`);
    if (mutant?.plan !== undefined) plan = mutant.plan(plan, records);
    const permit: SendPermit = { refusal: () => this.permitRefusal() };
    const session = new LiveSession({
      env,
      engine,
      driver,
      execution: client,
      feed,
      journal: this.journal,
      permit,
      instruments: this.instruments,
      plans: this.plans,
      settings: {
        ...defaultSessionSettings,
        preventsSelfTrade: scenario.selfTrade === "cancel-newer",
        epoch: this.epoch,
        ...mutant?.settings,
      },
      onAlarm: (text) => this.alarm(text),
      onJournalLost: () => this.env.exit(1),
    });
    this.session = session;
    mutant?.session?.(session, this);
    session.resume(plan);
    if (this.isKilled) session.operate("halt", "the kill switch is latched");
    session.start();
    if (fold !== undefined) this.keepSnapshots(engine, driver, fold);
    this.keepClock(client);
    chronicle.add(
      "trader",
      `${process.name} started in epoch ${this.epoch}, ${records.length} records, from snapshot ${fromSeq}, ${plan.orders.length} orders, ${plan.unknown.length} unknown`,
    );
  }

  /** Every second seed starts from snapshots, as the runner does; the others, and planted bugs, replay the whole journal. */
  private async recovered(records: readonly ReadRecord[]) {
    const { scenario, mutant } = this.parts;
    if (mutant !== undefined || scenario.seed % 2 === 1) {
      const { engine, driver } = this.makeEngine();
      return { engine, driver, plan: recover(records, engine, driver), fold: undefined, fromSeq: 0 };
    }
    const journal = followedJournal(this.journal!);
    const started = await startSession({
      snapshots: fileSnapshots(this.env, SNAPSHOT_FOLDER),
      about: ABOUT,
      plans: this.plans,
      open: () => Promise.resolve(journal),
      make: () => ({ ...this.makeEngine(), failure: () => undefined }),
      onAlarm: (text) => this.alarm(text),
    });
    this.journal = journal;
    journal.follow(started.fold);
    return started;
  }

  private keepSnapshots(engine: Engine, driver: FactDriver, fold: SessionFold): void {
    if (!engine.host.isRestartable) return;
    new SnapshotKeeper({
      env: this.env,
      store: fileSnapshots(this.env, SNAPSHOT_FOLDER),
      journal: this.journal!,
      engine,
      driver,
      fold,
      about: ABOUT,
      epoch: this.epoch,
      everyRecords: 150,
      everyUs: 30_000_000,
      keep: 2,
      onAlarm: (text) => this.alarm(text),
    }).start();
  }

  private get plans() {
    const { symbols, barUs } = this.parts.scenario;
    return symbols.map((symbol) => ({ symbol, intervalUs: barUs, isBuilt: false }));
  }

  /** Nothing can be recorded any more: the process ends, and what is on the disk is where the next one goes on. */
  private onJournalAlarm(code: string): void {
    this.alarm(`journal: ${code}`);
    if (code === "TP_JOURNAL_DEAD") this.env.exit(1);
  }

  private makeEngine(): { readonly engine: Engine; readonly driver: FactDriver } {
    const { scenario, witness, mutant, quietFromUs, runawayUs } = this.parts;
    const instruments = this.instruments.map((each) => each.instrument);
    const limits: RiskLimits = {
      maxPosition: scenario.maxPosition,
      maxOpenOrders: scenario.maxOpenOrders,
      staleAfterUs: scenario.staleAfterUs,
      orderRate: { orders: 20, intervalUs: 60_000_000 },
      priceCollar: 0.2,
      selfTrade: scenario.selfTrade,
    };
    const engine = new Engine({
      instruments,
      series: scenario.symbols.map((_, index) => BarSeries.growing(INPUT_NAMES[index]!, index, scenario.barUs, 64)),
      strategy: traderOf(scenario, quietFromUs, runawayUs),
      options: engineOptions({ capital: Number(OPENING_QUOTE), risk: riskEngine({ ...limits, ...mutant?.limits }, instruments) }),
      live: true,
    });
    const driver = new WatchedDriver(engine, (fact) => {
      if (fact.kind === "order") witness.onOrderFact(fact.orderId);
    });
    this.engine = engine;
    mutant?.driver?.(driver, this);
    return { engine, driver };
  }

  private permitRefusal(): CauseName | undefined {
    if (this.isKilled) return "trading-halted";
    return this.journal!.refusal === undefined ? undefined : "trading-halted";
  }

  /** The clock of the venue is measured every half minute, as the adapter will do by itself. */
  private keepClock(client: { measureClock(): Promise<unknown> }): void {
    const again = (): void => {
      this.env.timer(30_000_000, () => {
        void client.measureClock();
        again();
      });
    };
    again();
  }

  private badFiles(): Files {
    const { files } = this.parts.mutant ?? {};
    return files === undefined ? this.watched : carelessFiles(this.watched, files);
  }

  private alarm(text: string): void {
    this.parts.chronicle.add("trader", `ALARM ${text}`);
    this.parts.witness.onAlarm(text);
  }
}
