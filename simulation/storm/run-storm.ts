import type { ReadRecord } from "@tradepulse/live";
import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { openFileJournal } from "../../packages/live/src/journal/file-journal.ts";
import { Judge } from "../oracle/judge.ts";
import { checkQuiescence } from "../oracle/quiescence.ts";
import type { Violation } from "../oracle/violation.ts";
import { Chronicle, type ChronicleLine } from "../world/chronicle.ts";
import { armLatch, JOURNAL_FOLDER, TraderNode } from "../world/trader-node.ts";
import { VenueWorld } from "../world/venue-world.ts";
import { DiskWitness } from "../world/watched-files.ts";
import { Weather } from "../world/weather.ts";
import type { FaultKind } from "./fault-kinds.ts";
import { Moments } from "./moments.ts";
import type { Mutant } from "./mutant.ts";
import { Reach, type ReachCell } from "./reach.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE = 60_000_000;
/** The venue's time at the start of every storm: a Tuesday in 2023. */
export const START_US = 1_700_000_000_000_000 - (1_700_000_000_000_000 % MINUTE);
export const SECRETS = ["storm-secret-key"] as const;

export interface StormResult {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly violations: readonly Violation[];
  readonly alarms: number;
  readonly digest: string;
  readonly checkpoints: readonly string[];
  readonly lines: readonly ChronicleLine[];
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  readonly boots: number;
  readonly strikes: ReadonlyMap<FaultKind, number>;
  readonly reach: readonly ReachCell[];
  readonly virtualUs: number;
  /** True when the trader ended for a reason that allows no restart: damage that was found, a failing strategy. */
  readonly endedDown: string;
}

/** Plays one scenario to its end and judges it. */
export async function runStorm(scenario: Scenario, mutant?: Mutant): Promise<StormResult> {
  return new Storm(scenario, mutant).run();
}

/** One storm: the world, the trader in it, and who judges. */
export class Storm {
  readonly clock: SimClock;
  readonly disk: SimDisk;
  readonly chronicle: Chronicle;
  readonly weather: Weather;
  readonly venue: VenueWorld;
  readonly judge: Judge;
  readonly reach = new Reach();
  readonly scenario: Scenario;
  readonly startUs = START_US;
  node: TraderNode | undefined;
  /** What the wall clocks of the machine are ahead of the world. */
  wallAheadUs = 0;
  boots = 0;
  /** Bits were turned on purpose: a start that is refused is then right. */
  isDamaged = false;
  isHealed = false;
  endedDown = "";
  private readonly mutant: Mutant | undefined;
  private readonly diskWitness = new DiskWitness(SECRETS);
  private readonly quietFromUs: number;
  private readonly awaiting: (() => void)[] = [];
  private isStarting = false;

  constructor(scenario: Scenario, mutant: Mutant | undefined) {
    this.scenario = scenario;
    this.mutant = mutant;
    this.clock = new SimClock({ seed: scenario.seed, startUs: START_US });
    this.disk = new SimDisk(seededStream(scenario.seed, "disk"));
    this.chronicle = new Chronicle(() => this.clock.nowUs);
    this.weather = new Weather(this.clock, scenario.seed, scenario.faults, (kind, about) => this.onStrike(kind, about));
    this.venue = new VenueWorld(this.clock, scenario, this.weather, this.chronicle);
    const isShared = scenario.faults.some(({ kind }) => kind === "F69");
    this.judge = new Judge({
      venue: this.venue,
      disk: this.diskWitness,
      chronicle: this.chronicle,
      now: () => this.clock.nowUs,
      staleAfterUs: scenario.staleAfterUs,
      maxPosition: isShared ? 0 : scenario.maxPosition,
      killLagUs: 0,
    });
    this.judge.onIntent = () => {
      for (const strike of this.awaiting.splice(0)) strike();
    };
    this.quietFromUs = START_US + scenario.chaosUs + 4 * MINUTE;
  }

  async run(): Promise<StormResult> {
    const { clock, scenario } = this;
    await armLatch(this.disk);
    const endUs = START_US + scenario.chaosUs + scenario.healUs;
    const disasters = onStray((error) => this.crashed(error));
    try {
      this.venue.market.start(endUs - 3 * MINUTE);
      new Moments(this).plan();
      clock.at(START_US + scenario.chaosUs, () => this.heal());
      this.startTrader();
      await this.runUntil(endUs);
      await this.conclude();
    } finally {
      disasters();
    }
    return this.result();
  }

  /** Starts a process over what the disk holds. */
  startTrader(): void {
    if (this.node?.process.isAlive === true || this.isStarting || this.endedDown !== "") return;
    this.isStarting = true;
    this.boots += 1;
    const { clock, disk, venue, weather, chronicle, scenario, mutant, diskWitness, judge, quietFromUs } = this;
    const runawayUs = scenario.faults
      .filter(({ kind }) => kind === "F71")
      .map(({ atUs, untilUs }) => [START_US + atUs, START_US + untilUs] as const);
    const node = new TraderNode(
      {
        clock,
        disk,
        venue,
        weather,
        chronicle,
        scenario,
        diskWitness,
        witness: judge,
        mutant,
        quietFromUs,
        runawayUs,
        onExit: () => this.clock.after(5_000_000, () => this.startTrader()),
      },
      this.boots,
      this.wallAheadUs,
    );
    this.node = node;
    judge.follow(node);
    node.process.onEnd(() => {
      this.isStarting = false;
    });
    void node.boot().then(() => {
      this.isStarting = false;
      if (node.refusal !== undefined) this.onRefusal(node);
    });
  }

  /** Ends the process of the trader; it comes back after a while. */
  killTrader(how: "kill" | "power-cut", backAfterUs: number): void {
    const { node } = this;
    if (node?.process.isAlive !== true) return;
    this.chronicle.add("fault", `${node.process.name} ends: ${how}`);
    if (how === "power-cut") this.disk.powerCut();
    node.process.kill();
    this.clock.after(backAfterUs, () => this.startTrader());
  }

  /** Lets something strike a while after the next intent has been appended. */
  atNextIntent(delayUs: number, run: () => void): void {
    this.awaiting.push(() => this.clock.after(delayUs, () => !this.isHealed && run()));
  }

  /** Another process of the same account starts beside the first: it must find the account taken, or be the next leader. */
  secondTrader(): void {
    if (this.node?.process.isAlive !== true) return;
    const { clock, disk, venue, weather, chronicle, scenario, diskWitness, judge, quietFromUs } = this;
    const parts = {
      clock,
      disk,
      venue,
      weather,
      chronicle,
      scenario,
      diskWitness,
      witness: judge,
      mutant: this.mutant,
      quietFromUs,
      runawayUs: [],
      onExit: () => undefined,
    };
    const second = new TraderNode(parts, 1_000 + this.boots, this.wallAheadUs);
    void second.boot().then(() => {
      if (second.refusal !== undefined) return;
      if (this.node?.process.isAlive === true) judge.violate("I27", "two processes trade the account");
      second.process.kill();
    });
  }

  /** Something in the process threw where nobody caught it: the process ends, as Node ends it. */
  crashed(error: unknown): void {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    if (this.scenario.trader === "bad" && /TP_STRATEGY|strategy/i.test(text)) this.endedDown = "the strategy failed";
    this.judge.violate("crash", text.split("\n").slice(0, 6).join(" | "), "crash");
    this.killTrader("kill", 5_000_000);
  }

  private onRefusal(node: TraderNode): void {
    const { code, text } = node.refusal!;
    if (code === "TP_JOURNAL_CORRUPT" || code === "TP_JOURNAL_GAP") {
      if (!this.isDamaged) this.judge.violate("I24", `an honest journal was refused: ${text}`, code);
      this.endedDown = "the journal is damaged";
      return;
    }
    if (code === "TP_UNCODED" && !/another process|EIO|ENOSPC/.test(text))
      this.judge.violate("crash", text.split("\n").slice(0, 6).join(" | "), "boot");
    this.clock.after(10_000_000, () => this.startTrader());
  }

  private heal(): void {
    this.isHealed = true;
    this.chronicle.add("fault", "all faults end");
    this.weather.heal();
    this.disk.onOperation = undefined;
    this.disk.capacityBytes = Number.POSITIVE_INFINITY;
    this.wallAheadUs = 0;
    for (const { spec } of this.venue.exchange.markets) this.venue.exchange.setStatus(spec.symbol, "TRADING");
    const { node } = this;
    if (node !== undefined) {
      node.env.wallAheadUs = 0;
      if (node.process.isPaused) node.process.resume();
    }
    this.startTrader();
  }

  private async runUntil(endUs: number): Promise<void> {
    const { clock } = this;
    let records = 0;
    clock.afterEvent = () => {
      const { length } = this.venue.exchange.ledger.records;
      if (length === records) return;
      records = length;
      this.judge.checkLimits();
    };
    for (;;) {
      try {
        if (!(await clock.step(endUs))) return;
      } catch (error) {
        this.crashed(error);
      }
    }
  }

  private async conclude(): Promise<void> {
    const { node, judge } = this;
    if (this.diskWitness.suspicious.length > 0) judge.violate("I29", `a secret was written to ${this.diskWitness.suspicious[0]}`);
    for (const alarm of judge.alarms)
      for (const secret of SECRETS) if (alarm.includes(secret)) judge.violate("I29", "a secret stands in an alarm");
    const records = await this.readJournal();
    if (records === undefined) return;
    judge.checkJournal(records);
    if (this.endedDown !== "") return;
    if (node?.session === undefined || !node.process.isAlive) {
      judge.violate("L5", "the trader is not at work again");
      return;
    }
    const isHalted = judge.isKilled || node.isKilled || (this.tradingState() ?? 0) > 0;
    checkQuiescence(judge, this.venue, node, records, { mustTrade: !isHalted });
    if (this.scenario.mode === "calm" && judge.alarms.length > 0) judge.violate("calm", `an alarm on a calm day: ${judge.alarms[0]}`);
  }

  private tradingState(): number | undefined {
    return (this.node?.engine.options.risk as { readonly tradingState?: number } | undefined)?.tradingState;
  }

  /** The journal as a stranger reads it: from the disk, with fresh eyes. */
  private async readJournal(): Promise<ReadRecord[] | undefined> {
    const { journal } = this.node ?? {};
    if (this.endedDown === "the journal is damaged" || journal === undefined) return undefined;
    // What waits for the disk is let through first; then everything is read from it.
    await this.clock.run(this.clock.nowUs + 5_000_000);
    const process = new SimProcess("reader");
    const files = new SimFiles(this.disk);
    const env = new SimEnv({ clock: this.clock, process, seed: 0, files });
    const records: ReadRecord[] = [];
    try {
      const copy = await openFileJournal({ env, folder: JOURNAL_FOLDER });
      for await (const record of copy.records()) records.push(record);
    } catch (error) {
      if (!this.isDamaged) this.judge.violate("I24", `the journal cannot be read at the end: ${String(error)}`);
      return undefined;
    }
    return records;
  }

  private onStrike(kind: FaultKind, about: string): void {
    this.chronicle.add("fault", `${kind} ${about}`);
    this.reach.mark(kind, about, this.node);
  }

  private result(): StormResult {
    const { judge, chronicle, clock, scenario, venue } = this;
    return {
      seed: scenario.seed,
      scenario,
      violations: judge.violations,
      alarms: judge.alarms.length,
      digest: chronicle.digest,
      checkpoints: chronicle.checkpoints,
      lines: chronicle.lines,
      events: clock.eventCount,
      orders: venue.exchange.ledger.ordersOf("trader").length,
      fills: venue.exchange.ledger.tradesOf("trader").length,
      boots: this.boots,
      strikes: this.weather.strikes,
      reach: this.reach.cells(),
      virtualUs: clock.nowUs - START_US,
      endedDown: this.endedDown,
    };
  }
}

/** Rejections that nobody handles end a real process; here they are the trader's crash. Returns how to stop listening. */
function onStray(run: (error: unknown) => void): () => void {
  const listener = (error: unknown): void => run(error);
  process.on("unhandledRejection", listener);
  return () => {
    process.off("unhandledRejection", listener);
  };
}
