import { type AccountOptions, e8, LOCAL_KEY, type VenueMarket } from "@tradepulse/venues";
import { refuseUsage } from "../usage-error.ts";

const QUOTE_MONEY = "10000";
const BASE_MONEY = "10";
const DECIMAL = /^\d{1,12}(\.\d{1,8})?$/;

/** The one account of a served venue: what `--balances` says, else some of every asset that trades. */
export function servedAccount(markets: readonly VenueMarket[], balances: string | undefined, fee: string | undefined): AccountOptions {
  const rate = fee === undefined ? undefined : e8(decimal("--fee", fee));
  return {
    id: LOCAL_KEY.accountId,
    balances: balances === undefined ? someOfAll(markets) : parseBalances(balances),
    ...(rate === undefined ? {} : { fees: { maker: rate, taker: rate } }),
  };
}

function someOfAll(markets: readonly VenueMarket[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const { spec } of markets) {
    all[spec.base] ??= BASE_MONEY;
    all[spec.quote] = QUOTE_MONEY;
  }
  return all;
}

function parseBalances(text: string): Record<string, string> {
  const balances: Record<string, string> = {};
  for (const part of text.split(",")) {
    const match = /^([A-Za-z0-9]{1,12})=(.+)$/.exec(part.trim());
    if (match === null) {
      return refuseUsage(
        "TP_CLI_OPTION_VALUE",
        `Cannot use --balances "${text}": "${part}" is no asset with an amount`,
        "for example --balances USDT=10000,BTC=2",
      );
    }
    balances[match[1]!.toUpperCase()] = decimal("--balances", match[2]!);
  }
  return balances;
}

function decimal(option: string, text: string): string {
  if (DECIMAL.test(text)) return text;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot use ${option} "${text}": allowed are decimals with at most eight places`,
    `see tradepulse venue-server --help`,
  );
}
