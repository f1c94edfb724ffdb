import type { RoundTrip } from "../../analytics/round-trips.ts";
import { US_PER_HOUR } from "../../model/time.ts";
import { marginAccount } from "../../portfolio/account-terms.ts";
import { type BoundStrategy, defineStrategy } from "../../strategy/define-strategy.ts";
import { amend, buy, cancel, close, type Intent, type OrderOptions, type StopPrice, sell } from "../../strategy/intent.ts";
import type { StrategyView } from "../../strategy/strategy-view.ts";
import type { EngineOptions } from "../engine-options.ts";
import { type ReferenceBar, runReference } from "./reference-run.ts";

/** A case of freqtrade's detailed backtest tests: hourly candles with signals, and the exits of its strategy. */
export interface FreqtradeCase {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
  /** Negative ratio of profit; with leverage, so is every ratio here. */
  readonly stop_loss: number;
  /** Least profit that ends a trade, by minutes since its entry. */
  readonly roi: Readonly<Record<string, number>>;
  readonly trailing_stop: boolean;
  /** True when the stop stands still until the offset is reached. */
  readonly trailing_only_offset_is_reached: boolean;
  readonly trailing_stop_positive: number | null;
  readonly trailing_stop_positive_offset: number;
  readonly use_exit_signal: boolean;
  /** The peer's default then follows the price at the stop loss. */
  readonly use_custom_stoploss: boolean;
  readonly custom_entry_price: number | null;
  readonly custom_exit_price: number | null;
  readonly leverage: number;
  /** Minutes that an entry may wait; null for the peer's ten. */
  readonly timeout: number | null;
  /** Price that a waiting entry moves to with the next candle; null takes it back. */
  readonly adjust_entry_price: number | null;
}

export interface FreqtradeTrade {
  readonly exit_reason: "exit_signal" | "stop_loss" | "roi" | "trailing_stop_loss" | "force_exit";
  /** Candle of the first entry order, and of the exit. */
  readonly open_tick: number;
  readonly close_tick: number;
  readonly enter_tag: string | null;
  readonly is_short: boolean;
  /** Profit ratio, leverage included. */
  readonly profit: number;
}

const CANDLE_MINUTES = 60;
const PEER_TIMEOUT_MINUTES = 10;

/** Candles by name of column. */
interface Candle extends ReferenceBar {
  readonly enter: (side: 1 | -1) => boolean;
  readonly exit: (side: 1 | -1) => boolean;
  readonly tag: string;
}

/** Exits touch their price only when the price goes beyond it: the peer asks for more profit than the target, not for as much. */
const OPTIONS: Partial<EngineOptions> = {
  capital: 1_000_000,
  venue: { path: "worst-case", fillBarChildren: "stop-only", fillThroughTicks: 1 },
};

/** Trades that the engine makes of a case. */
export function runFreqtradeCase(test: FreqtradeCase): readonly FreqtradeTrade[] {
  const candles = candlesOf(test);
  const openTicks: number[] = [];
  const account = { ...marginAccount({ leverage: test.leverage, maintenance: 0 }), maintenanceMargin: Number.NaN };
  const run = runReference(
    candles,
    strategyOf(test, candles, openTicks),
    { ...OPTIONS, account },
    { id: "PEER@REFERENCE", lotScale: 0, tickKnown: true, tickUnits: 1 },
  );
  const last = candles.length - 1;
  return run.trips.map((trip, k) => {
    // What is open at the end leaves at the open of the last candle.
    const exitPrice = trip.isOpen ? candles[last]!.open : trip.exitPrice;
    return {
      exit_reason: trip.isOpen ? "force_exit" : exitReason(trip, test),
      open_tick: openTicks[k]!,
      close_tick: trip.isOpen ? last : run.rowAt(trip.exitUs),
      enter_tag: trip.entryReason === "" ? null : trip.entryReason,
      is_short: trip.side < 0,
      profit: trip.side * (exitPrice / trip.entryPrice - 1) * test.leverage,
    };
  });
}

/** Where the peer is known to fill in a way that the engine does not have; empty where none is known. */
export function freqtradePeculiarities(test: FreqtradeCase): string {
  const targets = Object.values(test.roi);
  const known: string[] = [];
  if (test.custom_entry_price !== null)
    known.push("a limit entry fills at its own price, or the candle's extreme, though the open is better");
  if (test.custom_exit_price !== null)
    known.push("a limit exit beyond the candle fills at the candle's extreme, though the open is better");
  if (targets.some((roi) => roi < 0)) known.push("a target of any loss fills at the candle's worst price");
  if (targets.length > 1) known.push("a target that changed within a candle fills at its price, though the open is beyond it");
  if (test.trailing_stop && targets.length > 0) known.push("a target goes before a trailing stop that the open has passed");
  return known.join("; ");
}

function candlesOf(test: FreqtradeCase): readonly Candle[] {
  const at = new Map(test.columns.map((name, k) => [name, k]));
  return test.rows.map((row, k) => {
    const value = (name: string): number | string | null => row[at.get(name) ?? -1] ?? null;
    const isSet = (name: string): boolean => value(name) === 1;
    const entersLong = isSet("enter_long");
    const entersShort = isSet("enter_short");
    const exitsLong = isSet("exit_long");
    const exitsShort = isSet("exit_short");
    return {
      openUs: k * US_PER_HOUR,
      open: Number(value("open")),
      high: Number(value("high")),
      low: Number(value("low")),
      close: Number(value("close")),
      // Signals that contradict each other are none.
      enter: (side) => (side > 0 ? entersLong && !exitsLong && !entersShort : entersShort && !exitsShort && !entersLong),
      exit: (side) => (side > 0 ? exitsLong && !entersLong : exitsShort && !entersShort),
      tag: String(value("enter_tag") ?? ""),
    };
  });
}

/** The stop of a case as a leg of its entry; undefined when it stands at a loss of everything. */
function stopLegOf(test: FreqtradeCase): StopPrice | undefined {
  const { leverage } = test;
  const ratio = Math.abs(test.stop_loss) / leverage;
  if (ratio === 0 || ratio >= 1) return undefined;
  const trails = test.trailing_stop || test.use_custom_stoploss;
  if (!trails) return { ratio };
  if (!test.trailing_stop) return { trail: { ratio } };
  const holds = test.trailing_only_offset_is_reached && !test.use_custom_stoploss;
  const after = test.trailing_stop_positive === null ? undefined : test.trailing_stop_positive / leverage;
  if (after === undefined && !holds) return { trail: { ratio } };
  // The custom stop keeps following at the stop loss, so that a distance no nearer changes nothing.
  if (after !== undefined && after >= ratio && test.use_custom_stoploss) return { trail: { ratio } };
  // Without an offset the first profit starts the nearer distance: as good as at once.
  if (after !== undefined && after < ratio && !holds && test.trailing_stop_positive_offset === 0) return { trail: { ratio: after } };
  // The peer asks for more profit than the offset: by the smallest ratio that the engine counts.
  const activation = test.trailing_stop_positive_offset / leverage + 1e-9;
  return { trail: { ratio, activation, holds, ...(after === undefined ? {} : { after }) } };
}

/** Profit ratio at which a trade ends after so many minutes; undefined where the table has no row yet. */
function roiAfter(test: FreqtradeCase, minutes: number): number | undefined {
  const keys = Object.keys(test.roi)
    .map(Number)
    .filter((key) => key <= minutes);
  return keys.length === 0 ? undefined : test.roi[String(Math.max(...keys))];
}

function strategyOf(test: FreqtradeCase, candles: readonly Candle[], openTicks: number[]): BoundStrategy {
  const last = candles.length - 1;
  const stopLoss = stopLegOf(test);
  const strategy = defineStrategy({
    name: "freqtrade",
    create: () => {
      /** Candle that began with the entry order of the trade at hand. */
      let openTick = -1;
      return {
        onFill(fill) {
          if (fill.isEntry) openTicks.push(openTick);
        },
        onBar(bar, view) {
          const row = bar.index;
          const candle = candles[row]!;
          if (!view.position.isFlat)
            return exits(test, candle, view, (row + 1 - openTick) * CANDLE_MINUTES, candle.openUs + 2 * US_PER_HOUR);
          if (view.isWorking("entry")) return waitingEntry(test, (row + 1 - openTick) * CANDLE_MINUTES);
          const side = candle.enter(1) ? 1 : candle.enter(-1) ? -1 : 0;
          // Nothing is opened on the last candle.
          if (side === 0 || row + 1 >= last) return undefined;
          openTick = row + 1;
          return entry(test, side, stopLoss, candle.tag);
        },
      };
    },
  });
  return strategy();
}

function entry(test: FreqtradeCase, side: 1 | -1, stopLoss: StopPrice | undefined, reason: string): Intent {
  const roi = roiAfter(test, 0);
  const options: OrderOptions = {
    quantity: 1,
    tag: "entry",
    reason,
    ...(test.custom_entry_price === null ? {} : { limit: test.custom_entry_price }),
    ...(stopLoss === undefined ? {} : { stopLoss }),
    ...(roi === undefined || roi <= 0 ? {} : { takeProfit: { ratio: roi / test.leverage } }),
  };
  return side > 0 ? buy(options) : sell(options);
}

/** An entry that the candle did not fill: taken back by its timeout, or moved as the peer's strategy says. */
function waitingEntry(test: FreqtradeCase, waitedMinutes: number): Intent {
  const isLate = waitedMinutes > (test.timeout ?? PEER_TIMEOUT_MINUTES);
  if (isLate || test.adjust_entry_price === null) return cancel({ tag: "entry" });
  return amend({ tag: "entry" }, { limit: test.adjust_entry_price });
}

/** Exits for the candle to come: the signal at its open, or the target that the table asks for by then. */
function exits(
  test: FreqtradeCase,
  candle: Candle,
  view: Pick<StrategyView, "position" | "orders">,
  minutes: number,
  expiresUs: number,
): Intent | undefined {
  const { position } = view;
  const side = position.isLong ? 1 : -1;
  if (test.use_exit_signal && candle.exit(side)) {
    if (test.custom_exit_price === null) return close({ tag: "exit" });
    // An exit at a price of its own waits for one candle.
    const exit = {
      limit: test.custom_exit_price,
      reduceOnly: true,
      quantity: Math.abs(position.quantity),
      tag: "exit",
      expiresUs,
    } as const;
    return side > 0 ? sell(exit) : buy(exit);
  }
  const roi = roiAfter(test, minutes);
  if (roi === undefined) return undefined;
  const limit = position.averagePrice * (1 + (side * roi) / test.leverage);
  if (!(limit > 0)) return roi > 0 ? undefined : close({ tag: "roi" });
  const working = view.orders.find((order) => order.isReduceOnly && !Number.isNaN(order.limit) && order.tag !== "exit");
  if (working !== undefined) return working.limit === limit ? undefined : amend({ orderId: working.id }, { limit });
  return close({ limit, tag: "roi" });
}

function exitReason(trip: RoundTrip, test: FreqtradeCase): FreqtradeTrade["exit_reason"] {
  switch (trip.exitCause) {
    case "target":
      return "roi";
    case "stop":
      return "stop_loss";
    case "trailing-stop": {
      // A stop that has not moved is still the stop loss.
      const initial = trip.entryPrice * (1 - (trip.side * Math.abs(test.stop_loss)) / test.leverage);
      return trip.side * (trip.exitPrice - initial) > 1e-9 * initial ? "trailing_stop_loss" : "stop_loss";
    }
    default:
      return trip.exitTag === "exit" ? "exit_signal" : "roi";
  }
}
