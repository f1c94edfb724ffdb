import { MONEY_LIMIT } from "@tradepulse/core";
import { refuseConfig } from "../config/refuse-config.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";

/** What a session begins with must fit twice: what it earns is counted too. */
const HEADROOM = 2;

/**
 * Refuses an account whose money, or the coins that it buys, cannot be counted to the last unit: at the start, since in the middle nobody could mend it.
 * `closes` are the last prices, in the order of the instruments; NaN for one that is not known. Throws `TP_LIVE_RANGE`.
 */
export function checkExactRange(capital: number, instruments: readonly LiveInstrument[], closes: readonly number[]): void {
  const { quote } = instruments[0]!.instrument;
  const most = MONEY_LIMIT / 10 ** quote.scale / HEADROOM;
  if (capital > most) {
    refuseConfig(
      "TP_LIVE_RANGE",
      `Cannot trade ${capital} ${quote.code}: money is counted in units of 10^-${quote.scale} as the venue does, exact is up to ${Math.floor(most)} ${quote.code}`,
      [],
      "set capital to a part of the account",
    );
  }
  for (const [index, { instrument, baseAsset }] of instruments.entries()) {
    const coins = capital / closes[index]!;
    const mostCoins = (MONEY_LIMIT * instrument.lotUnits) / 10 ** instrument.lotScale / HEADROOM;
    if (!(coins > mostCoins)) continue;
    refuseConfig(
      "TP_LIVE_RANGE",
      `Cannot trade ${instrument.id} with ${capital} ${quote.code}: at ${closes[index]} that is ${Math.ceil(coins)} ${baseAsset}, exact is up to ${Math.floor(mostCoins)} ${baseAsset} in units of 10^-${instrument.lotScale}`,
      [],
      `set capital below ${Math.floor(mostCoins * closes[index]!)} ${quote.code}, or choose a pair of a higher price`,
    );
  }
}
