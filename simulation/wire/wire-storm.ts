import { leaveWord, openKillLatch, type ReadRecord, readJournal } from "@tradepulse/live";
import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { Judge } from "../oracle/judge.ts";
import { checkQuiescence } from "../oracle/quiescence.ts";
import { FAULT_KINDS, type FaultKind, type PlannedFault } from "../storm/fault-kinds.ts";
import { Reach } from "../storm/reach.ts";
import { START_US, type StormResult } from "../storm/run-storm.ts";
import type { Scenario } from "../storm/scenario.ts";
import { Chronicle } from "../world/chronicle.ts";
import { DiskWitness } from "../world/watched-files.ts";
import { ACCOUNT_FOLDER, RunnerNode, SESSION_FOLDER } from "./runner-node.ts";
import { kindOfStrike, WIRE_FAULTS } from "./wire-faults.ts";
import { WireMoments } from "./wire-moments.ts";
import { WIRE_KEY, WireVenue } from "./wire-venue.ts";

const MINUTE = 60_000_000;
const LATCH_FOLDER = `${ACCOUNT_FOLDER}/latch`;

/** The same storm with nothing left out: the real runner and the real adapter, every byte of the venue's protocol, no socket. */
export class WireStorm {
  readonly clock: SimClock;
  readonly disk: SimDisk;
  readonly chronicle: Chronicle;
  readonly venue: WireVenue;
  readonly judge: Judge;
  readonly reach = new Reach();
  readonly scenario: Scenario;
  readonly strikes = new Map<FaultKind, number>();
  node: RunnerNode | undefined;
  wallAheadUs = 0;
  boots = 0;
  isDamaged = false;
  isHealed = false;
  isKilledByPerson = false;
  endedDown = "";
  private readonly diskWitness = new DiskWitness([WIRE_KEY.secret]);
  private readonly quietFromUs: number;
  private isStarting = false;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.clock = new SimClock({ seed: scenario.seed, startUs: START_US });
    this.disk = new SimDisk(seededStream(scenario.seed, "disk"));
    this.chronicle = new Chronicle(() => this.clock.nowUs);
    const crashes = scenario.faults.flatMap((fault) =>
      fault.kind === "F33" ? [{ atUs: START_US + fault.atUs, depth: 0.6 * fault.intensity }] : [],
    );
    this.venue = new WireVenue(this.clock, scenario, this.chronicle, crashes);
    const isShared = scenario.faults.some(({ kind }) => kind === "F69" || kind === "F22");
    this.judge = new Judge({
      venue: this.venue,
      disk: this.diskWitness,
      chronicle: this.chronicle,
      now: () => this.clock.nowUs,
      staleAfterUs: scenario.staleAfterUs,
      maxPosition: isShared ? 0 : scenario.maxPosition,
      killLagUs: 200_000,
    });
    this.quietFromUs = START_US + scenario.chaosUs + 4 * MINUTE;
  }

  async run(): Promise<StormResult> {
    const { clock, scenario } = this;
    const endUs = START_US + scenario.chaosUs + scenario.healUs;
    const listener = (error: unknown): void => this.crashed(error);
    process.on("unhandledRejection", listener);
    try {
      this.venue.local.start();
      this.listenToFaults();
      for (const fault of scenario.faults) this.planFault(fault);
      clock.at(START_US + scenario.chaosUs, () => this.heal());
      clock.at(endUs - 3 * MINUTE, () => this.stopMarket());
      this.startTrader();
      this.attend();
      await this.runUntil(endUs);
      await this.conclude();
    } finally {
      process.off("unhandledRejection", listener);
    }
    return this.result();
  }

  startTrader(): void {
    if (this.node?.process.isAlive === true || this.isStarting || this.endedDown !== "") return;
    this.isStarting = true;
    this.boots += 1;
    const { clock, disk, venue, chronicle, scenario, diskWitness, judge, quietFromUs } = this;
    const runawayUs = scenario.faults
      .filter(({ kind }) => kind === "F71")
      .map(({ atUs, untilUs }) => [START_US + atUs, START_US + untilUs] as const);
    const onExit = (): void => void clock.after(5_000_000, () => this.startTrader());
    const node = new RunnerNode(
      { clock, disk, venue, chronicle, scenario, diskWitness, judge, quietFromUs, runawayUs, onExit },
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

  killTrader(how: "kill" | "power-cut", backAfterUs: number): void {
    const { node } = this;
    if (node?.process.isAlive !== true) return;
    this.chronicle.add("fault", `${node.process.name} ends: ${how}`);
    if (how === "power-cut") this.disk.powerCut();
    node.process.kill();
    this.clock.after(backAfterUs, () => this.startTrader());
  }

  /** A person presses the kill switch from a process of their own. */
  async press(reason: string): Promise<void> {
    this.isKilledByPerson = true;
    this.chronicle.add("person", `kill switch pressed: ${reason}`);
    const env = this.deskEnv("person");
    const latch = await openKillLatch({ env, folder: LATCH_FOLDER });
    await latch.trip("halted", reason, "person").catch(() => undefined);
    latch.stop();
    this.judge.onKillLatched();
    await leaveWord(env, SESSION_FOLDER, { action: "cancel-all", reason, by: "person" }).catch(() => undefined);
  }

  /** A person asks for everything to be sold. */
  async flatten(reason: string): Promise<void> {
    await leaveWord(this.deskEnv("person"), SESSION_FOLDER, { action: "flatten", reason, by: "person" }).catch(() => undefined);
  }

  struck(kind: FaultKind, about: string): void {
    this.strikes.set(kind, (this.strikes.get(kind) ?? 0) + 1);
    this.chronicle.add("fault", `${kind} ${about}`);
    this.reach.mark(kind, about, this.node);
  }

  crashed(error: unknown): void {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    this.judge.violate("crash", text.split("\n").slice(0, 6).join(" | "), "crash");
    this.killTrader("kill", 5_000_000);
  }

  deskEnv(name: string): SimEnv {
    const { clock, disk, scenario } = this;
    return new SimEnv({ clock, process: new SimProcess(`${name}-${clock.eventCount}`), seed: scenario.seed, files: new SimFiles(disk) });
  }

  /** Someone sits at the desk: what halted trading by itself is looked at and allowed again, what a person halted is not. */
  private attend(): void {
    this.clock.after(8_000_000, () => {
      void this.armAgain().catch(() => undefined);
      this.attend();
    });
  }

  private async armAgain(): Promise<void> {
    if (this.isKilledByPerson || this.node?.running === undefined) return;
    const latch = await openKillLatch({ env: this.deskEnv("desk"), folder: LATCH_FOLDER });
    if (latch.state !== "enabled" && !this.isKilledByPerson) {
      this.chronicle.add("person", `arms trading again: it was halted by ${latch.current.by}, ${latch.current.reason}`);
      await latch.arm("enabled", "looked into it", "desk").catch(() => undefined);
    }
    latch.stop();
  }

  private planFault(fault: PlannedFault): void {
    const { clock } = this;
    const moments = new WireMoments(this);
    const rules = WIRE_FAULTS[fault.kind]?.(fault);
    let on: readonly number[] = [];
    clock.at(START_US + fault.atUs, () => {
      if (this.isHealed) return;
      if (rules !== undefined) on = rules.map((rule) => this.venue.local.faults.on(rule));
      else if (FAULT_KINDS[fault.kind].form === "moment") this.struck(fault.kind, `at strength ${fault.intensity.toFixed(2)}`);
      moments.begin(fault);
    });
    if (fault.untilUs > fault.atUs)
      clock.at(START_US + fault.untilUs, () => {
        for (const id of on) this.venue.local.faults.off(id);
        if (!this.isHealed) moments.end(fault);
      });
  }

  private listenToFaults(): void {
    const { faults } = this.venue.local;
    const draw = faults.draw.bind(faults);
    faults.draw = (name, scene) => {
      const strike = draw(name, scene);
      const kind = strike === undefined ? undefined : kindOfStrike(name);
      if (kind !== undefined) this.struck(kind, `${name} ${scene?.clientId ?? scene?.path ?? scene?.stream ?? ""}`);
      return strike;
    };
  }

  private onRefusal(node: RunnerNode): void {
    const { code, text } = node.refusal!;
    if (code === "TP_JOURNAL_CORRUPT" || code === "TP_JOURNAL_GAP") {
      if (!this.isDamaged) this.judge.violate("I24", `an honest journal was refused: ${text}`, code);
      this.endedDown = "the journal is damaged";
      return;
    }
    if (code === "TP_UNCODED" && !/EIO|ENOSPC/.test(text)) this.judge.violate("crash", text.split("\n").slice(0, 6).join(" | "), "boot");
    this.clock.after(10_000_000, () => this.startTrader());
  }

  private heal(): void {
    this.isHealed = true;
    this.chronicle.add("fault", "all faults end");
    this.venue.local.faults.off();
    this.venue.local.addKey(WIRE_KEY);
    this.disk.onOperation = undefined;
    this.disk.capacityBytes = Number.POSITIVE_INFINITY;
    this.wallAheadUs = 0;
    for (const { spec } of this.venue.exchange.markets) {
      this.venue.exchange.setStatus(spec.symbol, "TRADING");
      this.venue.exchange.setFilters(spec.symbol, spec.filters);
    }
    const { node } = this;
    if (node !== undefined) {
      node.env.wallAheadUs = 0;
      if (node.process.isPaused) node.process.resume();
    }
    this.startTrader();
  }

  /** The last minutes are still: nothing moves at the venue, but connections live. */
  private stopMarket(): void {
    for (const { spec } of this.venue.exchange.markets) {
      const { exchange } = this.venue;
      if (exchange.market(spec.symbol).status === "TRADING") exchange.setStatus(spec.symbol, "BREAK");
    }
  }

  private async runUntil(endUs: number): Promise<void> {
    const { clock } = this;
    let records = 0;
    clock.afterEvent = () => {
      const { length } = this.venue.exchange.ledger.records;
      if (length === records) return;
      records = length;
      this.judge.checkLimits();
      for (const orderId of this.node?.engine?.openOrderIds() ?? []) this.judge.onOrderFact(orderId);
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
    clockless(this.clock);
    if (this.diskWitness.suspicious.length > 0) judge.violate("I29", `a secret was written to ${this.diskWitness.suspicious[0]}`);
    for (const alarm of judge.alarms) if (alarm.includes(WIRE_KEY.secret)) judge.violate("I29", "a secret stands in an alarm");
    const records = await this.readRecords();
    if (records === undefined) return;
    judge.checkJournal(records);
    const known = new Set(
      records.flatMap(({ kind, payload }) => (kind === "intent" ? [(payload as { readonly clientId: string }).clientId] : [])),
    );
    for (const id of this.diskWitness.durableIds)
      if (!known.has(id)) judge.violate("I24", `the intent of ${id} was synced and is not in the journal`, id);
    if (this.endedDown !== "") return;
    if (node?.session === undefined || !node.process.isAlive) {
      judge.violate("L5", "the trader is not at work again");
      return;
    }
    const isHalted = this.isKilledByPerson || node.engine!.strategyStop.failure !== undefined;
    checkQuiescence(judge, this.venue, node, records, { mustTrade: !isHalted });
    if (this.scenario.mode === "calm" && judge.alarms.some((alarm) => !alarm.startsWith("trading is")))
      judge.violate("calm", `an alarm on a calm day: ${judge.alarms.find((alarm) => !alarm.startsWith("trading is"))}`);
  }

  private async readRecords(): Promise<ReadRecord[] | undefined> {
    if (this.endedDown === "the journal is damaged") return undefined;
    await this.clock.run(this.clock.nowUs + 5_000_000);
    const records: ReadRecord[] = [];
    try {
      for await (const record of readJournal(new SimFiles(this.disk), `${SESSION_FOLDER}/journal`)) records.push(record);
    } catch (error) {
      if (!this.isDamaged) this.judge.violate("I24", `the journal cannot be read at the end: ${String(error)}`);
      return undefined;
    }
    return records;
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
      strikes: this.strikes,
      reach: this.reach.cells(),
      virtualUs: clock.nowUs - START_US,
      endedDown: this.endedDown,
    };
  }
}

/** The checks after the end are no events of the storm. */
function clockless(clock: SimClock): void {
  clock.afterEvent = undefined;
}
