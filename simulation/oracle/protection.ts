import { timesE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { Scenario } from "../storm/scenario.ts";
import { ACCOUNT } from "../world/account.ts";
import type { Judge } from "./judge.ts";
import type { JudgedVenue } from "./judged.ts";

/** How long a position may be without a stop while somebody is at work who could place one. */
const PROTECT_WITHIN_US = 60_000_000;
/** What tells a person that a position has no stop: its order was refused, its outcome is not known, it ended. */
const PAGE = /stop|protect|refused by the venue|unknown outcome/i;

/**
 * I13: of a trader whose every entry carries a stop, what is held is for sale at the venue within a minute, or a person was told. The time counts
 * only while the process is at work; what is worth less than the venue's smallest order can have no stop.
 */
export class ProtectionWatch {
  private readonly judge: Judge;
  private readonly venue: JudgedVenue;
  private readonly isOn: boolean;
  private readonly bare = new Map<string, { readonly sinceUs: number; atWorkUs: number }>();
  private pagedUs = Number.NEGATIVE_INFINITY;

  constructor(judge: Judge, venue: JudgedVenue, scenario: Scenario) {
    this.judge = judge;
    this.venue = venue;
    this.isOn = scenario.trader === "guarded";
  }

  /** A person who reads of a stop looks at every position that has none. */
  onAlarm(text: string): void {
    if (PAGE.test(text)) this.pagedUs = this.judge.nowUs;
  }

  look(elapsedUs: number, isAtWork: boolean): void {
    // A person who halts trading takes the stops away, and one who trades beside us what they were for.
    if (!this.isOn || this.judge.isShared || this.judge.isKilled) return;
    for (const market of this.venue.exchange.markets) {
      const { symbol, base } = market.spec;
      const { free } = this.venue.exchange.accounts.balance(ACCOUNT, base);
      if (timesE8(market.lastPrice, free) < market.filters.minNotional || market.status !== "TRADING") {
        this.bare.delete(symbol);
        continue;
      }
      const bare = this.bare.get(symbol) ?? { sinceUs: this.judge.nowUs - elapsedUs, atWorkUs: 0 };
      this.bare.set(symbol, bare);
      if (isAtWork) bare.atWorkUs += elapsedUs;
      if (bare.atWorkUs > PROTECT_WITHIN_US && this.pagedUs < bare.sinceUs)
        this.judge.violate("I13", `${symbol}: what is held has had no stop for ${bare.atWorkUs / 1e6} s, and nobody was told`, symbol);
    }
  }
}
