import { type ReadRecord, readJournal } from "@tradepulse/live";
import { SimFiles } from "@tradepulse/platform";
import type { PlannedFault } from "../storm/fault-kinds.ts";
import type { Mutant } from "../storm/mutant.ts";
import type { Scenario } from "../storm/scenario.ts";
import { START_US, Storm } from "../storm/storm.ts";
import type { StormEdge } from "../storm/storm-edge.ts";
import type { StormResult } from "../storm/storm-result.ts";
import { streamOf } from "../storm/world-acts.ts";
import { Weather } from "../world/weather.ts";
import { Desk } from "./desk.ts";
import { Rival } from "./rival.ts";
import { RunnerNode, SESSION_FOLDER } from "./runner-node.ts";
import { SwitchedRules } from "./wire-faults.ts";
import { WIRE_KEY, WireVenue } from "./wire-venue.ts";

const SECOND = 1_000_000;

/** The same storm with nothing left out: the real runner and the real adapter, every byte of the venue's protocol, no socket. */
export function runWireStorm(scenario: Scenario, mutant?: Mutant): Promise<StormResult> {
  return new Storm(scenario, (storm) => new WireEdge(storm, mutant)).run();
}

class WireEdge implements StormEdge {
  readonly venue: WireVenue;
  readonly journalFolder = `${SESSION_FOLDER}/journal`;
  readonly secrets = [WIRE_KEY.secret];
  /** Between a latch on the disk and the look of a process at it. */
  readonly judgeTerms = { killLagUs: 200_000 };
  readonly honestFailure = /EIO|ENOSPC/;
  private readonly storm: Storm;
  private readonly mutant: Mutant | undefined;
  private readonly weather: Weather;
  private readonly desk: Desk;
  private readonly rival: Rival;
  private readonly rules: SwitchedRules;

  constructor(storm: Storm, mutant: Mutant | undefined) {
    const { clock, scenario, chronicle } = storm;
    this.storm = storm;
    this.mutant = mutant;
    const crashes = scenario.faults.flatMap((fault) =>
      fault.kind === "F33" ? [{ atUs: START_US + fault.atUs, depth: 0.6 * fault.intensity }] : [],
    );
    this.weather = new Weather(clock, scenario.seed, scenario.faults, (kind, about) => storm.struck(kind, about));
    this.venue = new WireVenue(clock, scenario, chronicle, crashes);
    this.rules = new SwitchedRules(this.venue.local.faults, (kind, about) => storm.struck(kind, about));
    this.desk = new Desk(storm);
    this.rival = new Rival(storm, (number) => this.makeNode(number));
  }

  makeNode(number: number): RunnerNode {
    const { venue, weather, mutant, storm } = this;
    const node: RunnerNode = new RunnerNode({ storm, venue, weather, mutant, onExit: () => storm.comeBack(node) }, number);
    return node;
  }

  open(stillUs: number): void {
    const { local } = this.venue;
    local.start();
    // What should strike right at an intent sees it on its way to the disk.
    this.storm.diskWitness.onNewId = () => this.storm.judge.onIntent();
    // The last minutes are still: nothing moves at the venue, but connections live.
    this.storm.clock.at(stillUs, () => {
      for (const { spec, status } of this.venue.exchange.markets)
        if (status === "TRADING") this.venue.exchange.setStatus(spec.symbol, "BREAK");
    });
    this.desk.attend();
  }

  begin(fault: PlannedFault): boolean {
    const { storm } = this;
    const { exchange, local, symbols } = this.venue;
    const random = streamOf(storm, fault);
    const symbol = symbols[random.below(symbols.length)]!;
    this.rules.begin(fault);
    switch (fault.kind) {
      case "F12":
        local.limits.addForeign("127.0.0.1", 6_000);
        storm.clock.after(5 * SECOND, () => this.press("the budget is gone"));
        return true;
      case "F42":
        storm.struck("F42", "outage");
        local.outage(fault.untilUs - fault.atUs);
        return true;
      case "F49":
        exchange.setFilters(symbol, { maxNumOrders: 2 });
        storm.struck("F49", symbol);
        return true;
      case "F61":
        this.rival.start(random);
        return true;
      case "F64":
        local.revokeKey(WIRE_KEY.key);
        storm.struck("F64", "key");
        return true;
      case "F76":
        exchange.setFilters(symbol, { maxNumAlgoOrders: 0 });
        storm.struck("F76", symbol);
        return true;
      default:
        return false;
    }
  }

  end(fault: PlannedFault): void {
    const { exchange, local } = this.venue;
    this.rules.end(fault);
    if (fault.kind === "F64") local.addKey(WIRE_KEY);
    if (fault.kind !== "F49" && fault.kind !== "F76") return;
    for (const { spec } of exchange.markets) {
      const { maxNumOrders, maxNumAlgoOrders } = spec.filters;
      exchange.setFilters(spec.symbol, { maxNumOrders, maxNumAlgoOrders });
    }
  }

  heal(): void {
    const { exchange, local } = this.venue;
    this.weather.heal();
    this.rival.leave();
    local.faults.off();
    local.addKey(WIRE_KEY);
    for (const { spec } of exchange.markets) exchange.setFilters(spec.symbol, spec.filters);
  }

  /** Facts reach the runner's engine where nobody outside sees them: its claims are looked at after each event of the venue. */
  onVenueMoved(): void {
    const { judge, node } = this.storm;
    for (const orderId of node?.engine?.openOrderIds() ?? []) judge.onOrderFact(orderId);
  }

  press(reason: string): void {
    void this.desk.press(reason);
  }

  flatten(reason: string): void {
    void this.desk.flatten(reason);
  }

  get isHalted(): boolean {
    return this.desk.hasPressed || this.storm.node?.engine?.strategyStop.failure !== undefined;
  }

  isNews(alarm: string): boolean {
    return alarm.startsWith("trading is");
  }

  async readJournal(): Promise<ReadRecord[]> {
    const records: ReadRecord[] = [];
    for await (const record of readJournal(new SimFiles(this.storm.disk), this.journalFolder)) records.push(record);
    return records;
  }

  conclude(records: readonly ReadRecord[]): void {
    const known = new Set(
      records.flatMap(({ kind, payload }) => (kind === "intent" ? [(payload as { readonly clientId: string }).clientId] : [])),
    );
    for (const id of this.storm.diskWitness.durableIds)
      if (!known.has(id)) this.storm.judge.violate("I24", `the intent of ${id} was synced and is not in the journal`, id);
  }
}
