import type { ReadRecord } from "@tradepulse/live";
import { SimEnv, SimFiles, SimProcess } from "@tradepulse/platform";
import { openFileJournal } from "../../packages/live/src/journal/file-journal.ts";
import type { NodeParts } from "../world/node-parts.ts";
import { armLatch } from "../world/port-latch.ts";
import { JOURNAL_FOLDER, TraderNode } from "../world/trader-node.ts";
import { VenueWorld } from "../world/venue-world.ts";
import { Weather } from "../world/weather.ts";
import type { PlannedFault } from "./fault-kinds.ts";
import type { Mutant } from "./mutant.ts";
import type { Scenario } from "./scenario.ts";
import { Storm } from "./storm.ts";
import type { StormEdge } from "./storm-edge.ts";
import type { StormResult } from "./storm-result.ts";
import { streamOf } from "./world-acts.ts";

const SECOND = 1_000_000;

/** Plays one scenario at the ports of the adapter, to its end, and judges it. */
export async function runStorm(scenario: Scenario, mutant?: Mutant): Promise<StormResult> {
  const storm = new Storm(scenario, (frame) => new PortEdge(frame, mutant));
  await armLatch(storm.disk);
  return storm.run();
}

/** The session over the ports `ExecutionClient` and `MarketFeed`, with the local venue's engine and a simulated network behind them. */
class PortEdge implements StormEdge {
  readonly venue: VenueWorld;
  readonly journalFolder = JOURNAL_FOLDER;
  readonly secrets = ["storm-secret-key"];
  readonly judgeTerms = { killLagUs: 0 };
  readonly honestFailure = /another process|EIO|ENOSPC/;
  private readonly storm: Storm;
  private readonly mutant: Mutant | undefined;
  private readonly weather: Weather;

  constructor(storm: Storm, mutant: Mutant | undefined) {
    const { clock, scenario, chronicle } = storm;
    this.storm = storm;
    this.mutant = mutant;
    this.weather = new Weather(clock, scenario.seed, scenario.faults, (kind, about) => storm.struck(kind, about));
    this.venue = new VenueWorld(clock, scenario, this.weather, chronicle);
  }

  makeNode(number: number): TraderNode {
    const { storm } = this;
    const node: TraderNode = new TraderNode(
      this.partsOf(() => storm.comeBack(node)),
      number,
      storm.wallAheadUs,
    );
    return node;
  }

  open(stillUs: number): void {
    this.venue.market.start(stillUs);
  }

  begin(fault: PlannedFault): boolean {
    const { storm, venue } = this;
    const random = streamOf(storm, fault);
    const symbol = venue.symbols[random.below(venue.symbols.length)]!;
    switch (fault.kind) {
      case "F12":
        venue.gate.exhaust();
        storm.clock.after(5 * SECOND, () => this.press("the budget is gone"));
        return true;
      case "F33":
        venue.market.jump(symbol, 1 - 0.6 * fault.intensity);
        storm.clock.after(2 * SECOND, () => venue.market.jump(symbol, 1 / (1 - 0.6 * fault.intensity)));
        return true;
      case "F61":
        this.secondTrader();
        return true;
      default:
        return false;
    }
  }

  end(): void {}

  heal(): void {
    this.weather.heal();
  }

  onVenueMoved(): void {}

  press(reason: string): void {
    const { node } = this;
    if (node?.process.isPaused === true) {
      this.storm.clock.after(SECOND, () => this.press(reason));
      return;
    }
    if (node?.session !== undefined && node.process.isAlive) void node.kill(reason);
  }

  flatten(reason: string): void {
    this.node?.session?.operate("flatten", reason);
  }

  get isHalted(): boolean {
    const { node } = this;
    const risk = node?.engine.options.risk as { readonly tradingState?: number } | undefined;
    return this.storm.judge.isKilled || node?.isKilled === true || (risk?.tradingState ?? 0) > 0;
  }

  isNews(): boolean {
    return false;
  }

  async readJournal(): Promise<ReadRecord[] | undefined> {
    if (this.node?.journal === undefined) return undefined;
    const { clock, disk } = this.storm;
    const env = new SimEnv({ clock, process: new SimProcess("reader"), seed: 0, files: new SimFiles(disk) });
    const records: ReadRecord[] = [];
    const copy = await openFileJournal({ env, folder: JOURNAL_FOLDER });
    for await (const record of copy.records()) records.push(record);
    return records;
  }

  conclude(): void {}

  private get node(): TraderNode | undefined {
    return this.storm.node as TraderNode | undefined;
  }

  private partsOf(onExit: () => void): NodeParts {
    const { venue, weather, mutant } = this;
    const { clock, disk, chronicle, scenario, diskWitness, judge: witness, quietFromUs, runawayUs } = this.storm;
    return { clock, disk, venue, weather, chronicle, scenario, diskWitness, witness, mutant, quietFromUs, runawayUs, onExit };
  }

  /** Another process of the same account starts beside the first: it must find the account taken, or be the next leader. */
  private secondTrader(): void {
    const { storm } = this;
    if (storm.node?.process.isAlive !== true) return;
    const second = new TraderNode(
      this.partsOf(() => undefined),
      1_000 + storm.boots,
      storm.wallAheadUs,
    );
    void second.boot().then(() => {
      if (second.refusal !== undefined) return;
      if (storm.node?.process.isAlive === true) storm.judge.violate("I27", "two processes trade the account");
      second.process.kill();
    });
  }
}
