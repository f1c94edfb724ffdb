import { sma } from "../../indicators/sma.ts";
import { powerOfTen } from "../../model/mul-div.ts";
import { rate } from "../../model/rate.ts";
import { US_PER_SECOND } from "../../model/time.ts";
import { marginAccount } from "../../portfolio/account-terms.ts";
import { NO_SPREAD, spreadFraction } from "../../simulator/cost-model.ts";
import { feeSchedule } from "../../simulator/fee-model.ts";
import { type BoundStrategy, defineStrategy } from "../../strategy/define-strategy.ts";
import { buy, cancel, close, type Intent, type OrderOptions, sell } from "../../strategy/intent.ts";
import type { PositionView, StrategyView } from "../../strategy/strategy-view.ts";
import type { EngineOptions } from "../engine-options.ts";
import { type ReferenceBar, type ReferenceRun, runReference } from "./reference-run.ts";

/** How a reference run of backtesting.py is set up: the `broker` of the fixture. */
export interface PeerBroker {
  readonly cash: number;
  /** Fraction of the traded value on each side, or a fixed amount and a fraction. */
  readonly commission: number | readonly [fixed: number, fraction: number];
  /** Charged on entries only. */
  readonly spread: number;
  /** Initial margin as a fraction: 0.5 is a leverage of two. */
  readonly margin: number;
  readonly trade_on_close: boolean;
  /** Every new order cancels what waits and closes what is open. */
  readonly exclusive_orders: boolean;
  /** What is open at the end leaves at the last bar's open. */
  readonly finalize_trades: boolean;
}

export interface PeerCase {
  readonly strategy: string;
  readonly params: Readonly<Record<string, number>>;
  readonly broker: PeerBroker;
}

/** One trade, in the fixture's terms: signed units, bars from 0. Prices include the spread, `pnl` the commissions of both sides. */
export interface PeerTrade {
  readonly size: number;
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly pnl: number;
  readonly commission: number;
  readonly returnPct: number;
}

export interface PeerResult {
  readonly run: ReferenceRun;
  readonly trades: readonly PeerTrade[];
  /** Equity at each bar's close, before what that close decides. */
  readonly equity: Float64Array;
}

/** The broker's terms as engine options. */
export function peerOptions(broker: PeerBroker): Partial<EngineOptions> {
  const [fixed, fraction] = commissionOf(broker);
  const fees = feeSchedule({ taker: fraction, fixed }, powerOfTen(PEER_QUOTE.scale), 1);
  return {
    capital: broker.cash,
    account: marginAccount({ leverage: 1 / broker.margin, maintenance: 0 }),
    sizeAt: "fill",
    equity: "bar",
    venue: {
      marketFill: broker.trade_on_close ? "bar-close" : "next-open",
      // The peer tests the stop before the target, and neither on the bar that fills a limit or stop entry.
      path: "worst-case",
      fillBarChildren: "next-bar",
      shortfall: "reject",
      spread: broker.spread === 0 ? NO_SPREAD : spreadFraction(broker.spread, "entry"),
      fees: [fees],
    },
  };
}

const PEER_QUOTE = { code: "USD", scale: 8 } as const;

/** Runs a reference case over its data through the engine. */
export function runPeerCase(peer: PeerCase, data: readonly ReferenceBar[]): PeerResult {
  const { broker } = peer;
  const last = data.length - 1;
  const equity = new Float64Array(data.length);
  // The peer runs the last bar once more to let everything leave: at its open, or with trade_on_close at the close before it.
  const extra = finalBar(data, broker.trade_on_close);
  const bars = broker.finalize_trades ? [...data, extra] : data;
  const opens = Float64Array.from(bars, (bar) => bar.open);
  const strategy = peerStrategy(peer, { last, opens, equity });
  const run = runReference(bars, strategy, peerOptions(broker), { id: "PEER@REFERENCE", quote: PEER_QUOTE, lotScale: 0 });
  const quanta = powerOfTen(PEER_QUOTE.scale);
  const barOf = (timeUs: number): number => {
    const row = run.rowAt(timeUs);
    return row <= last ? row : broker.trade_on_close ? last - 1 : last;
  };
  const trades = run.trips
    .filter((trip) => !trip.isOpen)
    .map((trip) => ({
      size: trip.side * trip.entryLots,
      entryBar: barOf(trip.entryUs),
      exitBar: barOf(trip.exitUs),
      entryPrice: trip.entryPrice,
      exitPrice: trip.exitPrice,
      pnl: trip.pnl / quanta,
      commission: trip.fees / quanta,
      returnPct: trip.returnFraction ?? Number.NaN,
    }));
  if (broker.finalize_trades) equity[last] = run.engine.equity;
  return { run, trades, equity };
}

function finalBar(data: readonly ReferenceBar[], tradesOnClose: boolean): ReferenceBar {
  const last = data.at(-1)!;
  const before = data.at(-2)!;
  const openUs = last.openUs + Math.max(US_PER_SECOND, last.openUs - before.openUs);
  if (!tradesOnClose) return { ...last, openUs };
  return { openUs, open: before.close, high: before.close, low: before.close, close: before.close };
}

/** What the harness lends the strategy. */
interface Harness {
  /** Row of the last bar of the data; one more row lets positions leave. */
  readonly last: number;
  /** Open of each bar: the price that the next bar's market orders fill at. See {@link peerUnits}. */
  readonly opens: Float64Array;
  readonly equity: Float64Array;
}

/** What a rule decides on a bar: whether the position closes, and which order follows. */
interface Decision {
  readonly closes: boolean;
  readonly cancels: boolean;
  readonly side: 1 | -1 | 0;
  /** A share of the free margin, or units when it is 1 or more. */
  readonly size: number;
  readonly order: OrderOptions;
}

const NOTHING: Decision = { closes: false, cancels: false, side: 0, size: 1, order: {} };

/** A rule in words as a function of the bar. */
type Rule = (at: {
  readonly row: number;
  readonly close: number;
  readonly crossed: 1 | -1 | 0;
  readonly highest20: () => number;
  readonly position: PositionView;
  readonly barsHeld: number;
}) => Decision;

/** The rules of the fixture by strategy name. */
function ruleOf(peer: PeerCase): Rule {
  const { strategy, params } = peer;
  switch (strategy) {
    case "SmaCross":
    case "SmaCrossLongOnly":
    case "SmaCrossSLTP":
    case "FixedSize":
    case "HalfEquity": {
      const size = strategy === "FixedSize" ? (params["size"] ?? 10) : strategy === "HalfEquity" ? (params["fraction"] ?? 0.5) : 1;
      return ({ crossed, close: price }) => {
        if (crossed === 0) return NOTHING;
        if (strategy === "SmaCrossLongOnly" && crossed < 0) return { ...NOTHING, closes: true };
        const protects = strategy === "SmaCrossSLTP";
        const order = protects
          ? { stopLoss: price * (1 - crossed * params["sl"]!), takeProfit: price * (1 + crossed * params["tp"]!) }
          : {};
        return { closes: true, cancels: false, side: crossed, size, order };
      };
    }
    case "BuyHold":
      return ({ row }) => (row === 1 ? { ...NOTHING, side: 1 } : NOTHING);
    case "LimitDip":
      return ({ row, close: price, position }) => {
        if ((row + 1) % 20 !== 0) return NOTHING;
        if (!position.isFlat) return { ...NOTHING, cancels: true };
        const limit = price * 0.97;
        return { closes: false, cancels: true, side: 1, size: 1, order: { limit, takeProfit: limit * 1.05, stopLoss: limit * 0.95 } };
      };
    case "StopBreakout":
      return ({ row, highest20, position, barsHeld }) => {
        if ((row + 1) % 20 !== 0) return !position.isFlat && barsHeld >= 10 ? { ...NOTHING, closes: true } : NOTHING;
        if (!position.isFlat) return { ...NOTHING, cancels: true };
        return { closes: false, cancels: true, side: 1, size: 1, order: { stop: highest20() } };
      };
    default:
      throw new RangeError(`reference strategy "${strategy}" has no rule here`);
  }
}

function peerStrategy(peer: PeerCase, harness: Harness): BoundStrategy {
  const { broker, params } = peer;
  const rule = ruleOf(peer);
  const crosses = params["fast"] !== undefined && params["slow"] !== undefined;
  const spec = defineStrategy({
    name: "backtesting-py",
    create: (_params, { main, indicator }) => {
      const fast = crosses ? indicator(sma(params["fast"]!), { of: main.close }) : undefined;
      const slow = crosses ? indicator(sma(params["slow"]!), { of: main.close }) : undefined;
      const firstRow = crosses ? Math.max(params["fast"]!, params["slow"]!) : 1;
      let entryRow = -1;
      let deferred: readonly Intent[] = [];
      const crossed = (): 1 | -1 | 0 => {
        if (fast === undefined || slow === undefined) return 0;
        const before = fast.ago(1) - slow.ago(1);
        const now = fast.value - slow.value;
        return before < 0 && now > 0 ? 1 : before > 0 && now < 0 ? -1 : 0;
      };
      const highest20 = (): number => {
        let highest = 0;
        for (let n = 0; n < 20; n += 1) highest = Math.max(highest, main.high.ago(n));
        return highest;
      };
      return {
        onFill(fill, view) {
          if (fill.isEntry) entryRow = broker.trade_on_close && fill.tag === "market" ? main.count - 2 : main.count - 1;
          if (view.position.isFlat) entryRow = -1;
        },
        onBar(bar, view) {
          const row = bar.index;
          if (row > harness.last) return [...deferred, ...closing(view)];
          harness.equity[row] = view.equity;
          if (row < firstRow) return undefined;
          const decision = rule({
            row,
            close: bar.close,
            crossed: crossed(),
            highest20,
            position: view.position,
            barsHeld: entryRow < 0 ? -1 : row - entryRow,
          });
          const intents = intentsOf(decision, peer, harness, view, bar.close, row);
          if (row < harness.last || !broker.finalize_trades) return intents;
          // The last bar's orders and the final exits act together.
          if (!broker.trade_on_close) return [...intents, ...closing(view)];
          deferred = intents;
          return undefined;
        },
      };
    },
  });
  return spec();
}

function closing(view: StrategyView): readonly Intent[] {
  return view.position.isFlat ? [] : [close({ tag: "market" })];
}

function intentsOf(decision: Decision, peer: PeerCase, harness: Harness, view: StrategyView, price: number, row: number): readonly Intent[] {
  const { broker } = peer;
  const replaces = broker.exclusive_orders && decision.side !== 0;
  const intents: Intent[] = [];
  if ((decision.cancels || replaces) && view.isWorking("entry")) intents.push(cancel({ tag: "entry" }));
  const closes = (decision.closes || replaces) && !view.position.isFlat;
  if (closes) intents.push(close({ tag: "market" }));
  if (decision.side === 0) return intents;
  const { side, size, order } = decision;
  const isMarket = order.limit === undefined && order.stop === undefined;
  const fillPrice = order.limit ?? order.stop ?? (broker.trade_on_close ? price : harness.opens[row + 1]);
  const units =
    fillPrice !== undefined && countsCostsItsOwnWay(broker, size)
      ? peerUnits(broker, side, size, fillPrice, closes || view.position.isFlat ? freeAfterClosing(broker, view, fillPrice) : 0)
      : size;
  if (units === 0) return intents;
  const sized = units >= 1 && (size >= 1 || units !== size) && !(size === 1 && units === 1 && !countsCostsItsOwnWay(broker, size));
  const options: OrderOptions = { ...order, tag: isMarket ? "market" : "entry", ...(sized ? { quantity: units } : { fraction: size }) };
  intents.push(side > 0 ? buy(options) : sell(options));
  return intents;
}
