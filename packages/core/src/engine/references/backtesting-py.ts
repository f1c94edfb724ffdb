import { MONEY_LIMIT } from "../../model/currency.ts";
import { powerOfTen } from "../../model/mul-div.ts";
import { US_PER_SECOND } from "../../model/time.ts";
import { marginAccount } from "../../portfolio/account-terms.ts";
import { NO_SPREAD, spreadFraction } from "../../simulator/cost-model.ts";
import { feeSchedule } from "../../simulator/fee-model.ts";
import { type BoundStrategy, defineStrategy } from "../../strategy/define-strategy.ts";
import { buy, cancel, close, type Intent, type OrderOptions, sell } from "../../strategy/intent.ts";
import type { StrategyView } from "../../strategy/strategy-view.ts";
import type { EngineOptions } from "../engine-options.ts";
import { type Decision, ruleOf } from "./backtesting-py-rules.ts";
import { type ReferenceBar, type ReferenceRun, runReference } from "./reference-run.ts";
import { rollingMean } from "./rolling-mean.ts";

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
  /** Money of one quantum. */
  readonly quantum: number;
}

/** The broker's terms as engine options; `quanta` is how many one unit of money has. */
function peerOptions(broker: PeerBroker, quanta: number): Partial<EngineOptions> {
  const [fixed, fraction] = commissionOf(broker);
  // Where the adapter sizes and admits orders itself, the engine must not judge again by its own exact costs.
  const leverage = (sizesDiffer(broker) ? 1.01 : 1) / broker.margin;
  return {
    capital: broker.cash,
    // The peer never calls for margin: a maintenance that is no number asks for nothing. It stops when a close leaves no equity.
    account: { ...marginAccount({ leverage, maintenance: 0 }), maintenanceMargin: Number.NaN },
    sizeAt: "fill",
    equity: "bar",
    venue: {
      marketFill: broker.trade_on_close ? "bar-close" : "next-open",
      // The peer tests the stop before the target, and neither on the bar that fills a limit or stop entry.
      path: "worst-case",
      fillBarChildren: "next-bar",
      shortfall: "reject",
      spread: broker.spread === 0 ? NO_SPREAD : spreadFraction(broker.spread, "entry"),
      fees: [feeSchedule({ taker: fraction, fixed }, quanta, 1)],
    },
  };
}

/** Where the peer is known to fill in a way that the engine does not have; empty where none is known. */
export function peerPeculiarity({ strategy, broker }: PeerCase): string {
  if (strategy === "LimitDip" && broker.spread !== 0)
    return "the peer charges the spread on limit entries, which then fill beyond their limit";
  if (strategy === "StopBreakout" && broker.trade_on_close) {
    return "with trade_on_close the peer fills a gapped stop entry at its stop and not at the open";
  }
  if (strategy === "SmaCrossSLTP") return "the peer tests the stop first even on a bar that opened beyond the target";
  return "";
}

/** Runs a reference case over its data through the engine. */
export function runPeerCase(peer: PeerCase, data: readonly ReferenceBar[]): PeerResult {
  const result = runOver(peer, data, false);
  // Out of money, the peer closes everything at that bar's close and ends.
  const ruinedAt = result.equity.findIndex((value) => value <= 0);
  if (ruinedAt < 0) return result;
  const last = runOver(peer, data.slice(0, ruinedAt + 1), true);
  const equity = new Float64Array(data.length);
  equity.set(last.equity.subarray(0, ruinedAt));
  return { ...last, equity };
}

function runOver(peer: PeerCase, data: readonly ReferenceBar[], isRuined: boolean): PeerResult {
  const { broker } = peer;
  const last = data.length - 1;
  const finalizes = broker.finalize_trades && !isRuined;
  const equity = new Float64Array(data.length);
  // The peer runs the last bar once more to let everything leave: at its open, or with trade_on_close at the close before it.
  const bars = finalizes ? [...data, finalBar(data, broker.trade_on_close)] : data;
  const closes = Float64Array.from(data, (bar) => bar.close);
  const strategy = peerStrategy(peer, { last, bars, closes, equity, isRuined });
  const scale = moneyScale(broker, data);
  const quanta = powerOfTen(scale);
  const options = { ...peerOptions(broker, quanta), endOfData: isRuined ? "close" : "mark" } as const;
  const run = runReference(bars, strategy, options, { id: "PEER@REFERENCE", quote: { code: "USD", scale }, lotScale: 0 });
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
  if (finalizes) {
    // What entered with the final exits is still open, and is worth the last close.
    const { account } = run.engine;
    equity[last] = account.money(account.portfolio.ledger.cash) + account.signedLots(0) * data[last]!.close;
  }
  return { run, trades, equity, quantum: 1 / quanta };
}

/** Decimals of the quantum: six as for every dollar, or fewer where what the data could earn would pass the money the engine counts exactly. */
function moneyScale(broker: PeerBroker, data: readonly ReferenceBar[]): number {
  const prices = data.map((bar) => bar.close);
  const most = (broker.cash / broker.margin) * (Math.max(...prices) / Math.min(...prices)) * 10;
  let scale = 6;
  while (scale > 2 && most * powerOfTen(scale) > MONEY_LIMIT) scale -= 1;
  return scale;
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
  /** All bars, for the price of fills to come. See {@link peerUnits}. */
  readonly bars: readonly ReferenceBar[];
  /** Closes, for averages in the peer's arithmetic: computed ahead, read up to the bar at hand. */
  readonly closes: Float64Array;
  readonly equity: Float64Array;
  /** True for the run up to the close that left no equity: the last bar decides nothing. */
  readonly isRuined: boolean;
}

function peerStrategy(peer: PeerCase, harness: Harness): BoundStrategy {
  const { broker, params } = peer;
  const rule = ruleOf(peer.strategy, peer.params);
  const { fast, slow } = params;
  const averages =
    fast === undefined || slow === undefined
      ? undefined
      : ([rollingMean(harness.closes, fast), rollingMean(harness.closes, slow)] as const);
  const spec = defineStrategy({
    name: "backtesting-py",
    create: (_params, { main }) => {
      const firstRow = Math.max(1, fast ?? 1, slow ?? 1);
      let entryRow = -1;
      let deferred: readonly Intent[] = [];
      const crossed = (row: number): 1 | -1 | 0 => {
        if (averages === undefined) return 0;
        const [fast, slow] = averages;
        const before = fast[row - 1]! - slow[row - 1]!;
        const now = fast[row]! - slow[row]!;
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
          if (row < firstRow || (harness.isRuined && row === harness.last)) return undefined;
          const decision = rule({
            row,
            close: bar.close,
            crossed: crossed(row),
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

type View = Pick<StrategyView, "cash" | "position" | "isWorking">;

function closing(view: View): readonly Intent[] {
  return view.position.isFlat ? [] : [close({ tag: "market" })];
}

function intentsOf(decision: Decision, peer: PeerCase, harness: Harness, view: View, price: number, row: number): readonly Intent[] {
  const { broker } = peer;
  const { side, size, order } = decision;
  const replaces = broker.exclusive_orders && side !== 0;
  const intents: Intent[] = [];
  if ((decision.cancels || replaces) && view.isWorking("entry")) intents.push(cancel({ tag: "entry" }));
  const closes = (decision.closes || replaces) && !view.position.isFlat;
  if (closes) intents.push(close({ tag: "market" }));
  if (side === 0) return intents;
  const isMarket = order.limit === undefined && order.stop === undefined;
  const resolved = sizesDiffer(broker)
    ? { units: peerUnits(broker, decision, fillPriceOf(decision, peer, harness, price, row), view) }
    : size;
  if ("units" in resolved && resolved.units === 0) return intents;
  const amount = "units" in resolved ? { quantity: resolved.units } : { fraction: resolved.share };
  const options: OrderOptions = { ...order, ...amount, tag: isMarket ? "market" : "entry" };
  intents.push(side > 0 ? buy(options) : sell(options));
  return intents;
}

function commissionOf(broker: PeerBroker): readonly [fixed: number, fraction: number] {
  return typeof broker.commission === "number" ? [0, broker.commission] : broker.commission;
}

/**
 * True where the peer counts commission in a way of its own when it sizes or admits an order: a fixed part as if every unit paid it, and a
 * fraction at the price before spread.
 */
function sizesDiffer(broker: PeerBroker): boolean {
  const [fixed, fraction] = commissionOf(broker);
  return fixed !== 0 || (fraction !== 0 && broker.spread !== 0);
}

/**
 * Units the peer would fill at `price`; 0 when it would drop the order. The price is that of the fill to come, which no strategy can know:
 * the harness lends it, because the peculiarity is the peer's and the engine has no option for it.
 */
function peerUnits(broker: PeerBroker, { side, size }: Decision, price: number, view: View): number {
  if (Number.isNaN(price)) return 0;
  const [fixed, fraction] = commissionOf(broker);
  const held = view.position.quantity;
  const cash = view.cash + held * price - (held === 0 ? 0 : fixed + Math.abs(held) * price * fraction);
  const free = Math.max(0, cash) / broker.margin;
  const ordered = "units" in size ? size.units : size.share;
  const perUnit = price * (1 + side * broker.spread) + fixed / ordered + price * fraction;
  if ("units" in size) return size.units * perUnit > free ? 0 : size.units;
  return Math.floor((free * size.share * (1 - 2.2e-16)) / perUnit);
}

/** Price, before spread, at which the order of a decision will fill; NaN for never. */
function fillPriceOf({ order }: Decision, peer: PeerCase, harness: Harness, close: number, row: number): number {
  const { limit, stop } = order;
  if (limit === undefined && stop === undefined) {
    return peer.broker.trade_on_close && row < harness.last ? close : (harness.bars[row + 1]?.open ?? Number.NaN);
  }
  for (const bar of harness.bars.slice(row + 1)) {
    if (limit !== undefined && bar.low <= limit) return Math.min(bar.open, limit);
    if (stop !== undefined && bar.high >= stop) return Math.max(bar.open, stop);
  }
  return Number.NaN;
}
