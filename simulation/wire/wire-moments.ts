import { seededStream } from "@tradepulse/platform";
import { e8 } from "@tradepulse/venues";
import { isOpen, viewOf } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import type { PlannedFault } from "../storm/fault-kinds.ts";
import { START_US } from "../storm/run-storm.ts";
import { ACCOUNT } from "../world/venue-world.ts";
import type { WireStorm } from "./wire-storm.ts";
import { WIRE_KEY } from "./wire-venue.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

/** Faults that are acts of the world and not of the venue's wire. */
export class WireMoments {
  private readonly storm: WireStorm;

  constructor(storm: WireStorm) {
    this.storm = storm;
  }

  begin(fault: PlannedFault): void {
    const { storm } = this;
    const { venue, clock, disk } = storm;
    const { exchange } = venue;
    const random = seededStream(storm.scenario.seed, `strike.${fault.kind}.${fault.atUs}`);
    const { intensity } = fault;
    const symbol = venue.symbols[random.below(venue.symbols.length)]!;
    const sign = random.next() < 0.5 ? -1 : 1;
    switch (fault.kind) {
      case "F12":
        venue.local.limits.addForeign("127.0.0.1", 6_000);
        clock.after(5 * SECOND, () => void storm.press("the budget is gone"));
        return;
      case "F74":
        void storm.press("a person said so");
        return;
      case "F75":
        exchange.market(symbol).book.requote([], []);
        void storm.flatten("a person said so");
        return;
      case "F11":
        this.repeatedly(fault, 20 * SECOND, () => {
          const order = venue.openOrders()[0];
          if (order === undefined || random.next() >= intensity) return;
          storm.struck("F11", order.clientId);
          const market = exchange.market(order.symbol);
          exchange.matcher.end(market, market.orders.get(order.orderId)!, "EXPIRED", "EXPIRED");
        });
        return;
      // Of an order that has ended: what becomes of one that still works, and has now less filled than it told, no venue states.
      case "F22": {
        const trades = exchange.ledger.tradesOf(ACCOUNT).filter((each) => !isOpen(exchange.market(each.symbol).orders.get(each.orderId)!));
        const trade = trades[random.below(Math.max(1, trades.length))];
        if (trade === undefined || !exchange.bust(trade)) return;
        const order = viewOf(exchange.market(trade.symbol).orders.get(trade.orderId)!);
        exchange.ledger.append(clock.nowUs, { kind: "order", why: "BUST", order });
        return;
      }
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
      case "F42":
        storm.struck("F42", "outage");
        venue.local.outage(fault.untilUs - fault.atUs);
        return;
      case "F45":
        this.repeatedly(fault, 7 * SECOND, () => {
          if (random.next() >= intensity) return;
          storm.struck("F45", "stall");
          this.stall(Math.round(SECOND + 8 * SECOND * random.next()));
        });
        return;
      case "F46":
        exchange.setFilters(symbol, { stepSize: e8("1"), minQty: e8("1"), tickSize: e8("0.5") });
        return;
      case "F47":
        this.repeatedly(fault, 15 * SECOND, () => {
          for (const order of venue.openOrders()) {
            const { stepSize } = exchange.market(order.symbol).filters;
            const left = order.quantity - order.executed;
            if (left <= 2n * stepSize || order.workingUs === 0 || random.next() >= intensity) continue;
            storm.struck("F47", order.clientId);
            exchange.fillNow(exchange.market(order.symbol).orders.get(order.orderId)!, left - stepSize);
          }
        });
        return;
      case "F48":
        exchange.setStatus(symbol, "HALT");
        storm.struck("F48", symbol);
        return;
      case "F49":
        exchange.setFilters(symbol, { maxNumOrders: 2 });
        storm.struck("F49", symbol);
        return;
      case "F53":
      case "F63":
        storm.killTrader("kill", Math.round(10 * SECOND * random.next()));
        return;
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
      case "F58": {
        if (storm.node?.process.isAlive !== true || storm.node.session === undefined) return;
        storm.killTrader("kill", 5 * SECOND);
        const folder = "/state/binance-test/storm/journal";
        const names = disk.list(folder);
        const name = names[random.below(Math.max(1, names.length))];
        if (name === undefined) return;
        storm.isDamaged = true;
        disk.flipBit(`${folder}/${name}`, 100_000);
        return;
      }
      case "F62":
        this.stall(Math.round(50_000 + 60 * SECOND * intensity * random.next()));
        return;
      case "F64":
        venue.local.revokeKey(WIRE_KEY.key);
        storm.struck("F64", "key");
        return;
      case "F69":
        this.repeatedly(fault, 30 * SECOND, () => {
          if (random.next() >= intensity) return;
          storm.struck("F69", "by hand");
          this.actByHand(random.next(), symbol, random.below(400));
        });
        return;
      case "F70": {
        const free = Number(exchange.accounts.balance(ACCOUNT, "USDT").free) / 1e8;
        const amount = sign > 0 ? 1_000 * intensity : -free * 0.5 * intensity;
        exchange.transfer(ACCOUNT, "USDT", e8(amount.toFixed(8)));
        return;
      }
      case "F76":
        exchange.setFilters(symbol, { maxNumAlgoOrders: 0 });
        storm.struck("F76", symbol);
        return;
      default:
        return;
    }
  }

  end(fault: PlannedFault): void {
    const { storm } = this;
    const { exchange, local } = storm.venue;
    switch (fault.kind) {
      case "F36":
      case "F37":
        this.setClock(0);
        return;
      case "F48":
        for (const { spec } of exchange.markets) exchange.setStatus(spec.symbol, "TRADING");
        return;
      case "F49":
      case "F76":
        for (const { spec } of exchange.markets)
          exchange.setFilters(spec.symbol, { maxNumOrders: spec.filters.maxNumOrders, maxNumAlgoOrders: spec.filters.maxNumAlgoOrders });
        return;
      case "F56":
        storm.disk.capacityBytes = Number.POSITIVE_INFINITY;
        return;
      case "F64":
        local.addKey(WIRE_KEY);
        return;
      default:
        return;
    }
  }

  private actByHand(draw: number, symbol: string, size: number): void {
    const { exchange } = this.storm.venue;
    const market = exchange.market(symbol);
    try {
      if (draw < 0.3) {
        const order = market.openOrders(ACCOUNT)[0];
        if (order !== undefined) exchange.cancel(ACCOUNT, symbol, { orderId: order.orderId });
        return;
      }
      exchange.place(ACCOUNT, {
        symbol,
        side: draw < 0.65 ? "BUY" : "SELL",
        type: "MARKET",
        timeInForce: "GTC",
        quantity: market.filters.stepSize * BigInt(100 + size),
        quoteQuantity: 0n,
        price: 0n,
        stopPrice: 0n,
        clientId: `hand-${exchange.ledger.records.length}`,
        selfTrade: "NONE",
      });
    } catch {
      // Somebody else's wish can be refused like anyone's.
    }
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

  private repeatedly(fault: PlannedFault, everyUs: number, run: () => void): void {
    const { storm } = this;
    const again = (): void => {
      storm.clock.after(everyUs, () => {
        if (storm.isHealed || storm.clock.nowUs >= START_US + fault.untilUs) return;
        run();
        again();
      });
    };
    again();
  }
}
