import type { SessionRecord } from "@tradepulse/live";
import { recordedOptions, type SessionOptions } from "@tradepulse/live";
import { engineSettings, type ResolvedOptions, type RunOptions, resolveOptions } from "@tradepulse/research";

/** The engine options of a session: those of the run that it recorded, as a backtest would take them, or those of its own lines. */
export const sessionOptions: SessionOptions = (record, instruments) =>
  record.options === null
    ? recordedOptions(record, instruments)
    : engineSettings(record.options as RunOptions, instruments, record.tradeFromUs ?? Number.NEGATIVE_INFINITY);

/** The options of the backtest that a session is compared with. */
export function backtestOptions(record: SessionRecord): ResolvedOptions {
  if (record.options !== null) return { options: record.options as RunOptions, origins: {} };
  const { fee, slippage } = record.costs;
  const limits = Object.fromEntries(Object.entries(record.risk).map(([name, value]) => [`limits.${name}`, value]));
  return resolveOptions({
    flags: {
      capital: record.capital,
      "fee.taker": fee,
      "slippage.kind": slippage === 0 ? "none" : "fraction",
      "slippage.amount": slippage,
      ...limits,
    },
  });
}
