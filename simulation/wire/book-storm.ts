import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { binanceFeed } from "@tradepulse/venues";
import type { BookSubscription } from "../../packages/venues/src/binance/book-subscription.ts";
import { BookJudge } from "../oracle/book-judge.ts";
import { BookTruth } from "../oracle/book-truth.ts";
import { FAULT_KINDS, type FaultKind, type PlannedFault } from "../storm/fault-kinds.ts";
import type { Mutant } from "../storm/mutant.ts";
import type { ReachCell } from "../storm/reach.ts";
import type { Scenario } from "../storm/scenario.ts";
import { START_US } from "../storm/storm.ts";
import type { StormResult } from "../storm/storm-result.ts";
import { Chronicle } from "../world/chronicle.ts";
import { Weather } from "../world/weather.ts";
import { distortedDepth } from "./distorted-depth.ts";
import { SwitchedRules } from "./wire-faults.ts";
import { WireVenue } from "./wire-venue.ts";

const SECOND = 1_000_000;
const TICK_US = SECOND;
/** A market in a hurry: a change of the book about every second. */
const STEPS_PER_BAR = 60;

/** Plays a storm over the adapter's books: their changes and snapshots get lost, old, doubled, spoiled and crossed on the wire. */
export function runBookStorm(scenario: Scenario, mutant?: Mutant): Promise<StormResult> {
  return new BookStorm(scenario, mutant).run();
}

class BookStorm {
  private readonly clock: SimClock;
  private readonly chronicle: Chronicle;
  private readonly weather: Weather;
  private readonly venue: WireVenue;
  private readonly judge: BookJudge;
  private readonly truth: BookTruth;
  private readonly scenario: Scenario;
  private readonly mutant: Mutant | undefined;
  private readonly strikes = new Map<FaultKind, number>();
  private readonly cells = new Map<string, ReachCell>();
  private readonly rules: SwitchedRules;
  private books = new Map<string, BookSubscription>();
  private process: SimProcess | undefined;
  private boots = 0;
  private isHealed = false;

  constructor(scenario: Scenario, mutant: Mutant | undefined) {
    this.scenario = scenario;
    this.mutant = mutant;
    this.clock = new SimClock({ seed: scenario.seed, startUs: START_US });
    this.chronicle = new Chronicle(() => this.clock.nowUs);
    this.weather = new Weather(this.clock, scenario.seed, scenario.faults, (kind, about) => this.struck(kind, about));
    this.venue = new WireVenue(this.clock, scenario, this.chronicle, [], STEPS_PER_BAR);
    this.rules = new SwitchedRules(this.venue.local.faults, (kind, about) => this.struck(kind, about));
    this.truth = new BookTruth(this.venue.exchange);
    this.judge = new BookJudge(this.truth, this.chronicle, () => this.clock.nowUs);
  }

  async run(): Promise<StormResult> {
    const { clock, scenario, venue } = this;
    const endUs = START_US + scenario.chaosUs + scenario.healUs;
    const listener = (error: unknown): void => this.crashed(error);
    process.on("unhandledRejection", listener);
    try {
      venue.local.start();
      for (const fault of scenario.faults) this.plan(fault);
      clock.at(START_US + scenario.chaosUs, () => this.heal());
      // In the last seconds nothing changes, so that who is level is level.
      clock.at(endUs - 10 * SECOND, () => {
        for (const { spec } of venue.exchange.markets) venue.exchange.setStatus(spec.symbol, "BREAK");
      });
      this.startReader();
      this.tick();
      for (;;) {
        try {
          if (!(await clock.step(endUs))) break;
        } catch (error) {
          this.crashed(error);
        }
      }
      for (const symbol of venue.symbols) this.judge.conclude(symbol, this.books.get(symbol)?.book);
      if (scenario.mode === "calm" && this.judge.doubts > 0)
        this.judge.violate("calm", `${this.judge.doubts} doubts of a book on a calm day`, "book");
    } finally {
      process.off("unhandledRejection", listener);
    }
    return this.result();
  }

  private startReader(): void {
    const { clock, venue, weather, truth, scenario } = this;
    this.boots += 1;
    const reader = new SimProcess(`reader-${this.boots}`);
    this.process = reader;
    const env = new SimEnv({
      clock,
      process: reader,
      seed: scenario.seed + this.boots,
      files: new SimFiles(new SimDisk(seededStream(scenario.seed, "disk"))),
      ...distortedDepth(venue.local.network(), { clock, weather, truth }),
    });
    const feed = binanceFeed(env, { restUrl: "http://127.0.0.1:1", streamUrl: "ws://127.0.0.1:1" });
    this.books = new Map();
    for (const symbol of venue.symbols) {
      const say = (text: string): void => {
        if (reader.isAlive) this.chronicle.add("trader", `${symbol} ${text}`);
      };
      const subscription: BookSubscription = feed.subscribeBook(symbol, {
        onBook: (book) => reader.isAlive && this.judge.look(symbol, book),
        onReady: () => {
          say(`is whole at ${subscription.book.lastUpdateId}`);
          this.judge.look(symbol, subscription.book);
        },
        onDoubt: (why) => {
          say(`is in doubt: ${why}`);
          if (reader.isAlive) this.judge.doubts += 1;
        },
        onUnreadable: (why) => {
          say(`has an unreadable change: ${why}`);
          if (reader.isAlive) this.judge.onUnreadable(symbol, subscription.book);
        },
      });
      this.mutant?.book?.(subscription);
      this.books.set(symbol, subscription);
    }
  }

  private plan(fault: PlannedFault): void {
    const { clock, venue } = this;
    clock.at(START_US + fault.atUs, () => {
      if (this.isHealed) return;
      this.rules.begin(fault);
      if (FAULT_KINDS[fault.kind].form === "moment") this.struck(fault.kind, `at strength ${fault.intensity.toFixed(2)}`);
      if (fault.kind === "F42") {
        this.struck("F42", "outage");
        venue.local.outage(fault.untilUs - fault.atUs);
      }
      const reader = this.process;
      if (fault.kind === "F53") {
        reader?.kill();
        this.startReader();
      }
      if (fault.kind === "F62" && reader?.isPaused === false) {
        reader.pause();
        clock.after(Math.round(60 * SECOND * fault.intensity), () => reader.resume());
      }
    });
    if (fault.untilUs > fault.atUs) clock.at(START_US + fault.untilUs, () => this.rules.end(fault));
  }

  private tick(): void {
    this.clock.after(TICK_US, () => {
      const isListening = this.process?.isAlive === true && !this.process.isPaused;
      for (const [symbol, { book, silentUs }] of this.books)
        if (isListening) this.judge.onTick(symbol, book, silentUs < 2 * SECOND, TICK_US);
      this.tick();
    });
  }

  private heal(): void {
    this.isHealed = true;
    this.chronicle.add("fault", "all faults end");
    this.weather.heal();
    this.venue.local.faults.off();
    if (this.process?.isPaused === true) this.process.resume();
  }

  private struck(kind: FaultKind, about: string): void {
    this.strikes.set(kind, (this.strikes.get(kind) ?? 0) + 1);
    this.chronicle.add("fault", `${kind} ${about}`);
    for (const { book } of this.books.values()) {
      const state = book.isLive ? "live" : "quarantined";
      const key = `${kind}/${state}`;
      this.cells.set(key, { kind, state, count: (this.cells.get(key)?.count ?? 0) + 1 });
    }
  }

  private crashed(error: unknown): void {
    const text = error instanceof Error ? `${error.message} | ${error.stack}` : String(error);
    this.judge.violate("crash", text.split("\n").slice(0, 6).join(" | "), "crash");
  }

  private result(): StormResult {
    const { judge, chronicle, clock, scenario } = this;
    return {
      seed: scenario.seed,
      scenario,
      violations: judge.violations,
      alarms: judge.doubts,
      digest: chronicle.digest,
      checkpoints: chronicle.checkpoints,
      lines: chronicle.lines,
      events: clock.eventCount,
      orders: 0,
      fills: 0,
      books: judge.reads,
      boots: this.boots,
      strikes: this.strikes,
      reach: [...this.cells.values()],
      marks: [],
      virtualUs: clock.nowUs - START_US,
      endedDown: "",
    };
  }
}
