import { type RandomStream, seededStream } from "@tradepulse/platform";
import { e8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import { isOpen, viewOf } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import { ACCOUNT } from "../world/account.ts";
import { actByHand } from "../world/person.ts";
import type { PlannedFault } from "./fault-kinds.ts";
import { START_US, type Storm } from "./storm.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

/** Faults that are acts of the world, the same at every edge: on the venue's books, the machine's clock, the disk, the process. */
export class WorldActs {
  private readonly storm: Storm;

  constructor(storm: Storm) {
    this.storm = storm;
  }

  begin(fault: PlannedFault): void {
    const { storm } = this;
    const { disk, edge } = storm;
    const { venue } = edge;
    const { exchange } = venue;
    const random = streamOf(storm, fault);
    const { intensity } = fault;
    const symbol = venue.symbols[random.below(venue.symbols.length)]!;
    const sign = random.next() < 0.5 ? -1 : 1;
    switch (fault.kind) {
      case "F11":
        this.repeatedly(fault, 20 * SECOND, () => {
          const order = venue.openOrders()[0];
          if (order === undefined || random.next() >= intensity) return;
          storm.struck("F11", order.clientId);
          const market = exchange.market(order.symbol);
          exchange.matcher.end(market, market.orders.get(order.orderId)!, "EXPIRED", "EXPIRED");
        });
        return;
      case "F22":
        this.bust(random);
        return;
      case "F36":
        storm.struck("F36", "wall clock");
        this.setClock(Math.round(SECOND + 600 * SECOND * intensity * random.next()));
        return;
      case "F37":
        storm.struck("F37", "wall clock");
        this.setClock(-Math.round(5 * SECOND + 600 * SECOND * intensity * random.next()));
        return;
      case "F38":
        this.setClock(storm.wallAheadUs + sign * Math.round(60 * MINUTE * intensity));
        if (random.next() < 0.5) this.stall(Math.round(SECOND + 119 * SECOND * intensity));
        return;
      case "F46":
        exchange.setFilters(symbol, { stepSize: e8("1"), minQty: e8("1"), tickSize: e8("0.5") });
        return;
      case "F47":
        this.repeatedly(fault, 15 * SECOND, () => this.fillDust(random, intensity));
        return;
      case "F48":
        exchange.setStatus(symbol, "HALT");
        storm.struck("F48", symbol);
        return;
      case "F53":
      case "F63": {
        const die = (): void => storm.killTrader("kill", Math.round(10 * SECOND * random.next()));
        if (random.next() < 0.3) die();
        // Most often right between an intent and its answer.
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
        storm.struck("F56", "no room");
        return;
      case "F57": {
        let isDone = false;
        disk.onOperation = (operation) => {
          if (isDone || operation.kind !== "sync" || !operation.path.includes("journal")) return undefined;
          isDone = true;
          return "EIO";
        };
        return;
      }
      case "F58":
        this.rot(random);
        return;
      case "F62":
        this.stall(Math.round(50_000 + 60 * SECOND * intensity * random.next()));
        return;
      case "F69":
        this.repeatedly(fault, 20 * SECOND, () => {
          if (random.next() >= intensity) return;
          storm.struck("F69", "by hand");
          storm.judge.othersActed();
          actByHand(exchange, venue.symbols, random, storm.chronicle);
        });
        return;
      case "F70": {
        const free = Number(exchange.accounts.balance(ACCOUNT, "USDT").free) / 1e8;
        const amount = sign > 0 ? 1_000 * intensity : -free * 0.5 * intensity;
        exchange.transfer(ACCOUNT, "USDT", e8(amount.toFixed(8)));
        return;
      }
      case "F71":
        storm.struck("F71", "the strategy wishes without measure");
        return;
      case "F74":
        // Half of the times right when an order is on its way to disk and venue.
        if (random.next() < 0.5) this.press("a person said so");
        else storm.atNextIntent(Math.round(storm.scenario.syncUs * 1.5 * random.next()), () => this.press("a person said so"));
        return;
      case "F75":
        exchange.market(symbol).book.requote([], []);
        edge.flatten("a person said so");
        return;
      default:
        return;
    }
  }

  end(fault: PlannedFault): void {
    const { exchange } = this.storm.edge.venue;
    switch (fault.kind) {
      case "F36":
      case "F37":
        this.setClock(0);
        return;
      case "F48":
        for (const { spec } of exchange.markets) exchange.setStatus(spec.symbol, "TRADING");
        return;
      case "F56":
        this.storm.disk.capacityBytes = Number.POSITIVE_INFINITY;
        return;
      default:
        return;
    }
  }

  /** The kill switch; a process that stands still hears of it when it goes on. */
  press(reason: string): void {
    this.storm.edge.press(reason);
  }

  /** Of an order that has ended: what becomes of one that still works, and has now less filled than it told, no venue states. */
  private bust(random: RandomStream): void {
    const { storm } = this;
    const { exchange } = storm.edge.venue;
    const trades = exchange.ledger.tradesOf(ACCOUNT).filter((each) => !isOpen(exchange.market(each.symbol).orders.get(each.orderId)!));
    const trade = trades[random.below(Math.max(1, trades.length))];
    if (trade === undefined || !exchange.bust(trade)) return;
    storm.judge.othersActed();
    const order = viewOf(exchange.market(trade.symbol).orders.get(trade.orderId)!);
    exchange.ledger.append(storm.clock.nowUs, { kind: "order", why: "BUST", order });
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
  private rot(random: RandomStream): void {
    const { storm } = this;
    const { disk } = storm;
    if (storm.node?.process.isAlive !== true || storm.node.session === undefined) return;
    storm.killTrader("kill", 5 * SECOND);
    const folder = storm.edge.journalFolder;
    const names = disk.list(folder).filter((name) => name.endsWith(".journal"));
    const name = names[random.below(Math.max(1, names.length))];
    if (name === undefined) return;
    storm.isDamaged = true;
    const position = disk.flipBit(`${folder}/${name}`, 100_000);
    storm.chronicle.add("fault", `a bit turned at ${position} of ${name}`);
  }

  private fillDust(random: RandomStream, intensity: number): void {
    const { exchange } = this.storm.edge.venue;
    for (const order of this.storm.edge.venue.openOrders()) {
      const { stepSize } = exchange.market(order.symbol).filters;
      const left = order.quantity - order.executed;
      if (left <= 2n * stepSize || order.workingUs === 0 || random.next() >= intensity) continue;
      this.storm.struck("F47", order.clientId);
      exchange.fillNow(exchange.market(order.symbol).orders.get(order.orderId)!, left - stepSize);
    }
  }

  private repeatedly(fault: PlannedFault, everyUs: number, run: () => void): void {
    repeat(this.storm, fault, everyUs, run);
  }
}

/** The stream of a planned fault: taking another one away moves nothing in it. */
export function streamOf(storm: Storm, fault: PlannedFault): RandomStream {
  return seededStream(storm.scenario.seed, `strike.${fault.kind}.${fault.atUs}`);
}

/** Does something again and again while the window of a fault is open. */
export function repeat(storm: Storm, fault: PlannedFault, everyUs: number, run: () => void): void {
  storm.clock.after(everyUs, () => {
    if (storm.isHealed || storm.clock.nowUs >= START_US + fault.untilUs) return;
    run();
    repeat(storm, fault, everyUs, run);
  });
}
