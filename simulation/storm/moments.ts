import { e8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import { isOpen, viewOf } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import { ACCOUNT } from "../world/venue-world.ts";
import { FAULT_KINDS, type PlannedFault } from "./fault-kinds.ts";
import type { Storm } from "./run-storm.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

/** Brings the faults of a plan that come at an instant, and those windows that begin and end with an act. */
export class Moments {
  private readonly storm: Storm;

  constructor(storm: Storm) {
    this.storm = storm;
  }

  plan(): void {
    const { storm } = this;
    for (const fault of storm.scenario.faults) {
      const atUs = storm.startUs + fault.atUs;
      storm.clock.at(atUs, () => {
        if (storm.isHealed) return;
        if (FAULT_KINDS[fault.kind].form === "moment") storm.weather.struck(fault.kind, `at strength ${fault.intensity.toFixed(2)}`);
        this.begin(fault);
      });
      if (fault.untilUs > fault.atUs) storm.clock.at(storm.startUs + fault.untilUs, () => !storm.isHealed && this.end(fault));
    }
  }

  private begin(fault: PlannedFault): void {
    const { storm } = this;
    const { venue, weather, clock, disk } = storm;
    const random = weather.streamOf(fault);
    const { intensity } = fault;
    const symbol = venue.symbols[random.below(venue.symbols.length)]!;
    const sign = random.next() < 0.5 ? -1 : 1;
    switch (fault.kind) {
      case "F12":
        venue.gate.exhaust();
        clock.after(5 * SECOND, () => this.press("the budget is gone"));
        return;
      case "F74":
        // Half of the times right when an order is on its way to disk and venue.
        if (random.next() < 0.5) this.press("a person said so");
        else storm.atNextIntent(Math.round(storm.scenario.syncUs * 1.5 * random.next()), () => this.press("a person said so"));
        return;
      case "F75":
        venue.exchange.market(symbol).book.requote([], []);
        storm.node?.session?.operate("flatten", "a person said so");
        return;
      case "F11":
        this.repeatedly(fault, 20 * SECOND, () => this.expireOne(fault));
        return;
      // Of an order that has ended: what becomes of one that still works, and has now less filled than it told, no venue states.
      case "F22": {
        const trades = venue.exchange.ledger
          .tradesOf(ACCOUNT)
          .filter((each) => !isOpen(venue.exchange.market(each.symbol).orders.get(each.orderId)!));
        const trade = trades[random.below(Math.max(1, trades.length))];
        if (trade === undefined || !venue.exchange.bust(trade)) return;
        storm.judge.othersActed();
        const order = viewOf(venue.exchange.market(trade.symbol).orders.get(trade.orderId)!);
        venue.exchange.ledger.append(clock.nowUs, { kind: "order", why: "BUST", order });
        return;
      }
      case "F33":
        venue.market.jump(symbol, 1 - 0.6 * intensity);
        clock.after(2 * SECOND, () => venue.market.jump(symbol, 1 / (1 - 0.6 * intensity)));
        return;
      case "F36":
        this.setClock(Math.round(SECOND + 600 * SECOND * intensity * random.next()));
        return;
      case "F37":
        this.setClock(-Math.round(5 * SECOND + 600 * SECOND * intensity * random.next()));
        return;
      case "F38":
        this.setClock(storm.wallAheadUs + sign * Math.round(60 * MINUTE * intensity));
        if (random.next() < 0.5) this.stall(Math.round(SECOND + 119 * SECOND * intensity));
        return;
      case "F46":
        venue.exchange.setFilters(symbol, { stepSize: e8("1"), minQty: e8("1"), tickSize: e8("0.5") });
        return;
      case "F47":
        this.repeatedly(fault, 15 * SECOND, () => this.fillDust(fault));
        return;
      case "F48":
        venue.exchange.setStatus(symbol, "HALT");
        weather.struck("F48", symbol);
        return;
      case "F53":
      case "F63": {
        const die = (): void => storm.killTrader("kill", Math.round(10 * SECOND * random.next()));
        if (random.next() < 0.3) die();
        else storm.atNextIntent(Math.round((storm.scenario.syncUs + 4 * storm.scenario.latencyUs) * random.next()), die);
        return;
      }
      case "F54":
        storm.killTrader("kill", Math.round(20 * MINUTE * intensity));
        return;
      case "F55":
        storm.killTrader("power-cut", Math.round(SECOND + 30 * SECOND * random.next()));
        return;
      case "F56":
        disk.capacityBytes = 0;
        weather.struck("F56", "no room");
        return;
      case "F57": {
        let isDone = false;
        disk.onOperation = (operation) => {
          if (isDone || operation.kind !== "sync") return undefined;
          isDone = true;
          return "EIO";
        };
        return;
      }
      case "F58":
        this.rot(fault);
        return;
      case "F61":
        storm.secondTrader();
        return;
      case "F62":
        this.stall(Math.round(50_000 + 60 * SECOND * intensity * random.next()));
        return;
      case "F69":
        this.repeatedly(fault, 20 * SECOND, () => {
          if (!weather.hits("F69", "by hand")) return;
          venue.actByHand();
        });
        return;
      case "F70": {
        const free = Number(venue.exchange.accounts.balance(ACCOUNT, "USDT").free) / 1e8;
        const amount = sign > 0 ? 1_000 * intensity : -free * 0.5 * intensity;
        venue.exchange.transfer(ACCOUNT, "USDT", e8(amount.toFixed(8)));
        return;
      }
      default:
        return;
    }
  }

  private end(fault: PlannedFault): void {
    const { storm } = this;
    switch (fault.kind) {
      case "F36":
      case "F37":
        this.setClock(0);
        return;
      case "F48":
        for (const { spec } of storm.venue.exchange.markets) storm.venue.exchange.setStatus(spec.symbol, "TRADING");
        return;
      case "F56":
        storm.disk.capacityBytes = Number.POSITIVE_INFINITY;
        return;
      default:
        return;
    }
  }

  private press(reason: string): void {
    const { node, clock } = this.storm;
    if (node?.process.isPaused === true) {
      clock.after(SECOND, () => this.press(reason));
      return;
    }
    if (node?.session !== undefined && node.process.isAlive) void node.kill(reason);
  }

  private setClock(aheadUs: number): void {
    const { storm } = this;
    storm.wallAheadUs = aheadUs;
    if (storm.node !== undefined) storm.node.env.wallAheadUs = aheadUs;
    storm.chronicle.add("fault", `the wall clock is ${Math.round(aheadUs / 1e6)} s ahead`);
  }

  private stall(us: number): void {
    const { storm } = this;
    const process = storm.node?.process;
    if (process?.isAlive !== true || process.isPaused) return;
    process.pause();
    storm.clock.after(us, () => process.resume());
  }

  /** A bit turns while the process is away: it is killed, the file is changed, and it starts again. */
  private rot(fault: PlannedFault): void {
    const { storm } = this;
    const { disk } = storm;
    const random = storm.weather.streamOf(fault);
    if (storm.node?.process.isAlive !== true || storm.node.session === undefined) return;
    storm.killTrader("kill", 5 * SECOND);
    const names = disk.list("/state/journal");
    const name = names[random.below(Math.max(1, names.length))];
    if (name === undefined) return;
    storm.isDamaged = true;
    const position = disk.flipBit(`/state/journal/${name}`);
    storm.chronicle.add("fault", `a bit turned at ${position} of ${name}`);
  }

  private expireOne(fault: PlannedFault): void {
    const { venue, weather } = this.storm;
    const open = venue.openOrders();
    const order = open[0];
    if (order === undefined || !weather.hits("F11", order.clientId)) return;
    const market = venue.exchange.market(order.symbol);
    const live = market.orders.get(order.orderId)!;
    venue.exchange.matcher.end(market, live, "EXPIRED", "EXPIRED");
    void fault;
  }

  private fillDust(fault: PlannedFault): void {
    const { venue, weather } = this.storm;
    for (const order of venue.openOrders()) {
      const { stepSize } = venue.exchange.market(order.symbol).filters;
      const left = order.quantity - order.executed;
      if (left <= 2n * stepSize || order.workingUs === 0 || !weather.hits("F47", order.clientId)) continue;
      venue.exchange.fillNow(venue.exchange.market(order.symbol).orders.get(order.orderId)!, left - stepSize);
    }
    void fault;
  }

  private repeatedly(fault: PlannedFault, everyUs: number, run: () => void): void {
    const { storm } = this;
    const again = (): void => {
      storm.clock.after(everyUs, () => {
        if (storm.isHealed || storm.clock.nowUs >= storm.startUs + fault.untilUs) return;
        run();
        again();
      });
    };
    again();
  }
}
