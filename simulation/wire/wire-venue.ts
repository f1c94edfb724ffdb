import { type BarColumns, barColumnsOf } from "@tradepulse/core";
import { type SimClock, seededStream } from "@tradepulse/platform";
import { type ApiKey, type E8, e8, formatE8, LocalVenue, symbolSpec } from "@tradepulse/venues";
import type { Exchange } from "../../packages/venues/src/local-venue/exchange/exchange.ts";
import type { OrderView } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import type { JudgedVenue } from "../oracle/judged.ts";
import type { Scenario } from "../storm/scenario.ts";
import { ACCOUNT, OPENING_BALANCES } from "../world/account.ts";
import type { Chronicle } from "../world/chronicle.ts";

export const WIRE_KEY: ApiKey = { key: "k".repeat(64), accountId: ACCOUNT, kind: "hmac", secret: `stormSecret${"s".repeat(53)}` };
export const WIRE_BAR_US = 60_000_000;
const HISTORY_BARS = 5;

/** The local venue with its whole wire protocol, its market made by the seed. */
export class WireVenue implements JudgedVenue {
  readonly local: LocalVenue;
  readonly symbols: readonly string[];

  constructor(
    clock: SimClock,
    scenario: Scenario,
    chronicle: Chronicle,
    crashesUs: readonly { readonly atUs: number; readonly depth: number }[],
    stepsPerBar = 6,
  ) {
    this.symbols = scenario.symbols;
    const random = seededStream(scenario.seed, "topology.symbols");
    const bars = Math.ceil((scenario.chaosUs + scenario.healUs) / WIRE_BAR_US) + 2;
    this.local = new LocalVenue({
      clock: { monoUs: () => clock.nowUs, wallUs: () => clock.nowUs, timer: (delayUs, run) => clock.after(delayUs, run) },
      seed: scenario.seed,
      markets: scenario.symbols.map((symbol) => ({
        spec: symbolSpec(symbol, symbol.slice(0, 3), "USDT", {
          tickSize: e8(["0.01", "0.1", "0.001"][random.below(3)]!),
          stepSize: e8(["0.001", "0.01", "0.1"][random.below(3)]!),
          minNotional: e8("5"),
          maxNumAlgoOrders: 200,
        }),
        columns: marketOf(scenario.seed, symbol, clock.nowUs, bars, crashesUs),
        playedIntervalUs: WIRE_BAR_US,
        historyBars: HISTORY_BARS,
      })),
      accounts: [{ id: ACCOUNT, balances: OPENING_BALANCES }],
      keys: [WIRE_KEY],
      latency: { feedUs: scenario.latencyUs, entryUs: scenario.latencyUs, responseUs: scenario.latencyUs, jitterUs: scenario.latencyUs },
      crowd: { stepsPerBar, levels: 3 },
    });
    const { ledger } = this.local;
    const append = ledger.append.bind(ledger);
    // What enters the ledger is told as it happens.
    ledger.append = (atUs, entry) => {
      append(atUs, entry);
      if (entry.kind === "order") {
        const { order } = entry;
        chronicle.add("venue", `${order.symbol} ${order.clientId} ${order.side} ${entry.why} ${order.status} ${formatE8(order.executed)}`);
      } else if (entry.kind === "request" && entry.outcome !== "accepted") {
        chronicle.add("venue", `${entry.request} ${entry.symbol} ${entry.clientId} ${entry.outcome} ${entry.code}`);
      }
    };
  }

  get exchange(): Exchange {
    return this.local.exchange;
  }

  /** A ban may follow refusals that were lost on their way: whether we called in a known time of silence is judged at the wire. */
  get bansGiven(): number {
    return 0;
  }

  held(asset: string): E8 {
    const { free, locked } = this.exchange.accounts.balance(ACCOUNT, asset);
    return free + locked;
  }

  openOrders(): readonly OrderView[] {
    return this.exchange.markets.flatMap((market) => market.openOrders(ACCOUNT));
  }
}

/** A seeded walk; a crash is a bar whose low is far below. */
function marketOf(
  seed: number,
  symbol: string,
  startUs: number,
  count: number,
  crashes: readonly { readonly atUs: number; readonly depth: number }[],
): BarColumns {
  const random = seededStream(seed, `market.${symbol}`);
  let price = 20 + 180 * random.next();
  const bars = Array.from({ length: HISTORY_BARS + count }, (_, k) => {
    const openUs = startUs + (k - HISTORY_BARS) * WIRE_BAR_US;
    const open = price;
    const close = open * (1 + 0.008 * (random.next() + random.next() - 1));
    const reach = 0.004 * random.next() * open;
    const crash = crashes.find(({ atUs }) => atUs >= openUs && atUs < openUs + WIRE_BAR_US);
    const low = (Math.min(open, close) - reach) * (crash === undefined ? 1 : 1 - crash.depth);
    price = close;
    return { openUs, closeUs: openUs + WIRE_BAR_US, open, high: Math.max(open, close) + reach, low, close, volume: 5_000 };
  });
  return barColumnsOf(bars);
}
