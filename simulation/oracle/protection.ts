import { type E8, e8, maxE8, timesE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { Scenario } from "../storm/scenario.ts";
import { ACCOUNT } from "../world/account.ts";
import type { Judge } from "./judge.ts";
import type { JudgedVenue } from "./judged.ts";

/** How long a position may be without a stop while somebody is at work who could place one: news may be a minute late, and the next reading another. */
const PROTECT_WITHIN_US = 150_000_000;
/** The same while nothing goes wrong: an attempt every half minute, and its answer. */
const PROTECT_IN_CALM_US = 45_000_000;
const KNOWN_AFTER_US = 5_000_000;
/** Price of a stop against the last one, at least: three per cent below an entry, and what the price has risen since. */
const STOP_PRICE_PERCENT = 90n;
/** What tells a person that a position has no stop: its order was refused, its outcome is not known, it is neither canceled nor at work for certain. */
const PAGE = /stop|protect|refused by the venue|unknown outcome|not proved canceled/i;

/**
 * I13: of a trader whose every entry carries a stop, what is held is for sale at the venue within two and a half minutes, on a calm day within three quarters
 * of one, or a person was told. The time counts only while the process is at work. Of each entry may be left over what the venue takes no order for: less than a step, or less than the least notional.
 */
export class ProtectionWatch {
  private readonly judge: Judge;
  private readonly venue: JudgedVenue;
  private readonly isOn: boolean;
  private readonly isCalmDay: boolean;
  private readonly bare = new Map<string, { readonly sinceUs: number; atWorkUs: number }>();
  /** Entries that have filled since nothing was held. */
  private readonly entries = new Map<string, Set<string>>();
  /** What a person was told of that has no stop, by symbol, until nothing is held. It is told again when it grows. */
  private readonly told = new Map<string, E8>();
  private recordsSeen = 0;
  private pagedUs = Number.NEGATIVE_INFINITY;

  constructor(judge: Judge, venue: JudgedVenue, scenario: Scenario) {
    this.judge = judge;
    this.venue = venue;
    this.isOn = scenario.trader === "guarded";
    this.isCalmDay = scenario.mode === "calm";
  }

  /** Whether an alarm says that something is held without a stop, and that is so: the venue takes no stop for crumbs, nor behind the price. */
  isFounded(alarm: string): boolean {
    const [, amount, asset] = /^([0-9.]+) ([A-Z0-9]+) of [A-Z0-9]+ have no stop/.exec(alarm) ?? [];
    if (amount === undefined) return false;
    const market = this.venue.exchange.markets.find(({ spec }) => spec.base === asset);
    return market !== undefined && this.latelyHeld(asset!) - this.guarded(market.spec.symbol) >= e8(amount);
  }

  /** What stops will sell. Any other order that sells the coins locks them and guards nothing. */
  private guarded(symbol: string): E8 {
    const stops = this.venue.openOrders().filter((order) => order.side === "SELL" && order.stopPrice > 0n && order.symbol === symbol);
    return stops.reduce((sum, order) => sum + order.quantity - order.executed, 0n);
  }

  /** A person who reads of a stop looks at every position that has none. */
  onAlarm(text: string): void {
    if (PAGE.test(text)) this.pagedUs = this.judge.nowUs;
    const [, amount, symbol] = /^([0-9.]+) [A-Z0-9]+ of ([A-Z0-9]+) have no stop/.exec(text) ?? [];
    if (amount !== undefined) this.told.set(symbol!, e8(amount));
  }

  look(elapsedUs: number, isAtWork: boolean): void {
    // A person who halts trading takes the stops away, and one who trades beside us what they were for.
    if (!this.isOn || this.judge.isShared || this.judge.isKilled) return;
    this.follow();
    for (const market of this.venue.exchange.markets) {
      const { symbol, base } = market.spec;
      const { free, locked } = this.venue.exchange.accounts.balance(ACCOUNT, base);
      const { stepSize, minNotional } = market.filters;
      const entries = this.entries.get(symbol);
      if (free + locked < stepSize) {
        entries?.clear();
        this.told.delete(symbol);
      }
      const leftOvers = BigInt(Math.max(1, entries?.size ?? 0));
      const part = this.isCalmDay ? free + locked - this.guarded(symbol) : free;
      const unguarded = part - (part % stepSize);
      // At the price of a stop, which lies below the last one, it must be worth enough as well.
      const worth = (timesE8(market.lastPrice, unguarded) * STOP_PRICE_PERCENT) / 100n;
      const isDust = unguarded < stepSize * leftOvers || worth < minNotional * leftOvers;
      if (isDust) {
        this.bare.delete(symbol);
        continue;
      }
      const bare = this.bare.get(symbol) ?? { sinceUs: this.judge.nowUs - elapsedUs, atWorkUs: 0 };
      this.bare.set(symbol, bare);
      // Nothing can be placed while the market is closed; who was told of it then knows of it afterwards.
      if (isAtWork && market.status === "TRADING") bare.atWorkUs += elapsedUs;
      const withinUs = bare.sinceUs > this.judge.calmFromUs ? PROTECT_IN_CALM_US : PROTECT_WITHIN_US;
      // On a day without any fault nothing speaks against a stop, so that telling somebody is no excuse.
      const wasTold = this.pagedUs >= bare.sinceUs || (this.told.get(symbol) ?? 0n) >= unguarded;
      if (bare.atWorkUs > withinUs && (this.isCalmDay || !wasTold))
        this.judge.violate("I13", `${symbol}: what is held has had no stop for ${bare.atWorkUs / 1e6} s, and nobody was told`, symbol);
    }
  }

  /** The most that was held within the last seconds: what was sold since may not be known yet. */
  private latelyHeld(asset: string): E8 {
    const { records } = this.venue.exchange.ledger;
    let most = this.venue.held(asset);
    for (let at = records.length - 1; at >= 0 && records[at]!.atUs > this.judge.nowUs - KNOWN_AFTER_US; at -= 1) {
      const record = records[at]!;
      if (record.kind === "balance" && record.accountId === ACCOUNT && record.asset === asset)
        most = maxE8(most, record.free + record.locked);
    }
    return most;
  }

  private follow(): void {
    const { records } = this.venue.exchange.ledger;
    for (; this.recordsSeen < records.length; this.recordsSeen += 1) {
      const record = records[this.recordsSeen]!;
      if (record.kind !== "trade" || record.trade.accountId !== ACCOUNT || record.trade.side !== "BUY") continue;
      const { symbol, clientId } = record.trade;
      const entries = this.entries.get(symbol) ?? new Set();
      this.entries.set(symbol, entries.add(clientId));
    }
  }
}
