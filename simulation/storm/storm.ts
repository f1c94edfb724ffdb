import { parseClientId, type ReadRecord } from "@tradepulse/live";
import { SimClock, SimDisk, seededStream } from "@tradepulse/platform";
import { Judge } from "../oracle/judge.ts";
import { checkQuiescence } from "../oracle/quiescence.ts";
import { marksOf } from "../oracle/sometimes.ts";
import { Chronicle } from "../world/chronicle.ts";
import { DiskWitness } from "../world/watched-files.ts";
import { FAULT_KINDS, type FaultKind, type PlannedFault } from "./fault-kinds.ts";
import { Reach } from "./reach.ts";
import type { Scenario } from "./scenario.ts";
import type { StormEdge, StormNode } from "./storm-edge.ts";
import type { StormResult } from "./storm-result.ts";
import { WorldActs } from "./world-acts.ts";

const MINUTE = 60_000_000;
/** Between looks of the judge at what stands at the venue. */
const TICK_US = 5_000_000;
/** The venue's time at the start of every storm: a Tuesday in 2023. */
export const START_US = 1_700_000_000_000_000 - (1_700_000_000_000_000 % MINUTE);

/** One storm: the world, the trader in it, and who judges. */
export class Storm {
  readonly clock: SimClock;
  readonly disk: SimDisk;
  readonly chronicle: Chronicle;
  readonly edge: StormEdge;
  readonly judge: Judge;
  readonly reach = new Reach();
  readonly strikes = new Map<FaultKind, number>();
  readonly scenario: Scenario;
  readonly diskWitness: DiskWitness;
  /** From then on the strategy wishes nothing more. */
  readonly quietFromUs: number;
  /** When the strategy wishes without measure. */
  readonly runawayUs: readonly (readonly [number, number])[];
  node: StormNode | undefined;
  /** What the wall clocks of the machine are ahead of the world. */
  wallAheadUs = 0;
  boots = 0;
  /** Bits were turned on purpose: a start that is refused is then right. */
  isDamaged = false;
  isHealed = false;
  endedDown = "";
  private readonly awaiting: (() => void)[] = [];
  private isStarting = false;

  constructor(scenario: Scenario, makeEdge: (storm: Storm) => StormEdge) {
    this.scenario = scenario;
    this.clock = new SimClock({ seed: scenario.seed, startUs: START_US });
    this.disk = new SimDisk(seededStream(scenario.seed, "disk"));
    this.chronicle = new Chronicle(() => this.clock.nowUs);
    this.quietFromUs = START_US + scenario.chaosUs + 4 * MINUTE;
    this.runawayUs = scenario.faults
      .filter(({ kind }) => kind === "F71")
      .map(({ atUs, untilUs }) => [START_US + atUs, START_US + untilUs] as const);
    this.diskWitness = new DiskWitness();
    this.edge = makeEdge(this);
    this.diskWitness.secrets = this.edge.secrets;
    this.judge = new Judge({
      venue: this.edge.venue,
      disk: this.diskWitness,
      chronicle: this.chronicle,
      now: () => this.clock.nowUs,
      scenario,
      calmFromUs: scenario.mode === "calm" ? START_US : START_US + scenario.chaosUs + 3 * MINUTE,
      ...this.edge.judgeTerms,
    });
    this.judge.onIntent = () => {
      for (const strike of this.awaiting.splice(0)) strike();
    };
  }

  async run(): Promise<StormResult> {
    const { clock, scenario } = this;
    const endUs = START_US + scenario.chaosUs + scenario.healUs;
    const listener = (error: unknown): void => this.crashed(error);
    process.on("unhandledRejection", listener);
    try {
      this.edge.open(endUs - 3 * MINUTE);
      const acts = new WorldActs(this);
      for (const fault of scenario.faults) this.plan(fault, acts);
      clock.at(START_US + scenario.chaosUs, () => this.heal());
      this.tick();
      this.startTrader();
      await this.runUntil(endUs);
      clock.afterEvent = undefined;
      const records = await this.conclude();
      return this.result(records);
    } finally {
      process.off("unhandledRejection", listener);
    }
  }

  /** Starts a process over what the disk holds. */
  startTrader(): void {
    if (this.node?.process.isAlive === true || this.isStarting || this.endedDown !== "") return;
    this.boots += 1;
    this.begin(this.edge.makeNode(this.boots));
  }

  /** From now on this process is the trader: it starts, and is what is judged. */
  begin(node: StormNode): void {
    this.isStarting = true;
    this.node = node;
    this.judge.follow(node);
    node.process.onEnd(() => {
      this.isStarting = false;
    });
    void node.boot().then(() => {
      this.isStarting = false;
      if (node.refusal !== undefined) this.onRefusal(node.refusal);
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

  /** What a process that ended by itself does: somebody starts it again. */
  comeBack(node: StormNode): void {
    if (this.node === node) this.clock.after(5_000_000, () => this.startTrader());
  }

  /** Lets something strike a while after the next intent has been appended. */
  atNextIntent(delayUs: number, run: () => void): void {
    this.awaiting.push(() => this.clock.after(delayUs, () => !this.isHealed && run()));
  }

  struck(kind: FaultKind, about: string): void {
    this.strikes.set(kind, (this.strikes.get(kind) ?? 0) + 1);
    this.chronicle.add("fault", `${kind} ${about}`);
    const named = /tp-[0-9a-z]+-[0-9a-z]+/.exec(about)?.[0];
    this.reach.mark(kind, named === undefined ? undefined : parseClientId(named)?.orderId, this.node?.engine);
  }

  /** Something in the process threw where nobody caught it: the process ends, as Node ends it. */
  crashed(error: unknown): void {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    if (this.scenario.trader === "bad" && /TP_STRATEGY|strategy/i.test(text)) this.endedDown = "the strategy failed";
    this.judge.violate("crash", text.split("\n").slice(0, 6).join(" | "), "crash");
    this.killTrader("kill", 5_000_000);
  }

  private tick(): void {
    this.clock.after(TICK_US, () => {
      const { node } = this;
      this.judge.onTick(TICK_US, node?.process.isAlive === true && !node.process.isPaused && node.session?.isReady === true);
      this.tick();
    });
  }

  private plan(fault: PlannedFault, acts: WorldActs): void {
    const { clock } = this;
    clock.at(START_US + fault.atUs, () => {
      if (this.isHealed) return;
      if (FAULT_KINDS[fault.kind].form === "moment") this.struck(fault.kind, `at strength ${fault.intensity.toFixed(2)}`);
      if (!this.edge.begin(fault)) acts.begin(fault);
    });
    if (fault.untilUs <= fault.atUs) return;
    clock.at(START_US + fault.untilUs, () => {
      if (this.isHealed) return;
      this.edge.end(fault);
      acts.end(fault);
    });
  }

  private onRefusal({ code, text }: { readonly code: string; readonly text: string }): void {
    if (code === "TP_JOURNAL_CORRUPT" || code === "TP_JOURNAL_GAP") {
      if (!this.isDamaged) this.judge.violate("I24", `an honest journal was refused: ${text}`, code);
      this.endedDown = "the journal is damaged";
      return;
    }
    if (code === "TP_UNCODED" && !this.edge.honestFailure.test(text))
      this.judge.violate("crash", text.split("\n").slice(0, 6).join(" | "), "boot");
    this.clock.after(10_000_000, () => this.startTrader());
  }

  private heal(): void {
    this.isHealed = true;
    this.chronicle.add("fault", "all faults end");
    this.disk.onOperation = undefined;
    this.disk.capacityBytes = Number.POSITIVE_INFINITY;
    this.wallAheadUs = 0;
    const { exchange } = this.edge.venue;
    for (const { spec } of exchange.markets) exchange.setStatus(spec.symbol, "TRADING");
    this.edge.heal();
    const { node } = this;
    if (node !== undefined) {
      node.env.wallAheadUs = 0;
      if (node.process.isPaused) node.process.resume();
    }
    this.startTrader();
  }

  private async runUntil(endUs: number): Promise<void> {
    const { clock } = this;
    const { ledger } = this.edge.venue.exchange;
    let records = 0;
    clock.afterEvent = () => {
      const { length } = ledger.records;
      if (length === records) return;
      records = length;
      this.judge.checkLimits();
      this.edge.onVenueMoved();
    };
    for (;;) {
      try {
        if (!(await clock.step(endUs))) return;
      } catch (error) {
        this.crashed(error);
      }
    }
  }

  private async conclude(): Promise<readonly ReadRecord[]> {
    const { node, judge, edge } = this;
    if (this.diskWitness.suspicious.length > 0) judge.violate("I29", `a secret was written to ${this.diskWitness.suspicious[0]}`);
    for (const alarm of judge.alarms)
      for (const secret of edge.secrets) if (alarm.includes(secret)) judge.violate("I29", "a secret stands in an alarm");
    const records = await this.readJournal();
    if (records === undefined) return [];
    judge.checkJournal(records);
    edge.conclude(records);
    if (this.endedDown !== "") return records;
    if (node?.session === undefined || !node.process.isAlive) {
      judge.violate("L5", "the trader is not at work again");
      return records;
    }
    checkQuiescence(judge, edge.venue, node, records, { mustTrade: !edge.isHalted });
    const alarm = judge.unfounded.find((each) => !edge.isNews(each));
    if (this.scenario.mode === "calm" && alarm !== undefined) judge.violate("calm", `an alarm on a calm day: ${alarm}`);
    return records;
  }

  private async readJournal(): Promise<ReadRecord[] | undefined> {
    if (this.endedDown === "the journal is damaged") return undefined;
    // What waits for the disk is let through first; then everything is read from it.
    await this.clock.run(this.clock.nowUs + 5_000_000);
    // A stop that its venue does not take is tried again every half minute: such an attempt must end, and soon.
    for (let k = 0; k < 10 && (this.node?.session?.dispatcher.inFlight ?? 0) > 0; k += 1)
      await this.clock.run(this.clock.nowUs + 1_000_000);
    try {
      return await this.edge.readJournal();
    } catch (error) {
      if (!this.isDamaged) this.judge.violate("I24", `the journal cannot be read at the end: ${String(error)}`);
      return undefined;
    }
  }

  private result(records: readonly ReadRecord[]): StormResult {
    const { judge, chronicle, clock, scenario, edge } = this;
    const { ledger } = edge.venue.exchange;
    return {
      seed: scenario.seed,
      scenario,
      violations: judge.violations,
      alarms: judge.alarms.length,
      digest: chronicle.digest,
      checkpoints: chronicle.checkpoints,
      lines: chronicle.lines,
      events: clock.eventCount,
      orders: ledger.ordersOf("trader").length,
      fills: ledger.tradesOf("trader").length,
      books: 0,
      boots: this.boots,
      strikes: this.strikes,
      reach: this.reach.cells(),
      marks: marksOf(records, ledger),
      virtualUs: clock.nowUs - START_US,
      endedDown: this.endedDown,
    };
  }
}
