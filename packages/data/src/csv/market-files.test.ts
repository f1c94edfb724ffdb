import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { FailureError, formatDate } from "@tradepulse/core";
import { expect, test } from "vitest";
import { intervalName } from "../time/interval.ts";
import { type CsvImportOptions, importCsv } from "./import-csv.ts";

/** Real market data laid beside the repository; not part of it. */
const market = fileURLToPath(new URL("../../../../../shared/data/market", import.meta.url));

async function outcome(path: string): Promise<string> {
  const options: CsvImportOptions = path.includes("backtesting-py/BTCUSD") ? { stamp: "month-end", side: "bid" } : { side: "bid" };
  try {
    const { kind, intervalUs, series } = await importCsv(path, options);
    const { columns, calendar } = series[0]!;
    const count = series.length === 1 ? "" : ` x ${series.length}`;
    return `${kind}${count}: ${columns.length} of ${intervalName(intervalUs)}, ${calendar}, ${formatDate(columns.openUs[0]!)} to ${formatDate(columns.closeUs.at(-1)!)}`;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return `${error.failure.code}:${/it (?:holds|is) ([^,]*)/.exec(error.failure.message)?.[1] ?? error.failure.message}`;
  }
}

test("importCsv() loads every file of bars and refuses the others by their kind when given real market data", async (context) => {
  context.skip(!existsSync(market), "the folder shared/data/market beside the repository is absent");
  const paths = readdirSync(market, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const said: string[] = [];
  for (const path of paths) said.push(`${relative(market, path).padEnd(56)}${await outcome(path)}`);
  expect(said.join("\n")).toMatchInlineSnapshot(`
    "backtesting-py/BTCUSD.csv                               bars: 156 of 1mo, 24/7, 2012-01-01 to 2025-01-01
    backtesting-py/EURUSD.csv                               bars: 5000 of 1h, weekdays, 2017-04-19 to 2018-02-07
    backtesting-py/GOOG.csv                                 bars: 2148 of 1d, weekdays, 2004-08-19 to 2013-03-02
    crypto_daily/coinbase_BTCUSD.csv                        bars: 1318 of 1d, 24/7, 2014-12-01 to 2018-08-14
    crypto_hour/binance_BTCUSDT.csv                         bars: 120 of 1h, 24/7, 2018-05-01 to 2018-05-06
    crypto_hour/bitfinex_BTCUSD.csv                         bars: 733 of 1h, 24/7, 2013-10-01 to 2013-10-31
    crypto_minute/BTC-PERP_1m_202201.csv                    bars: 45031 of 1m, 24/7, 2021-12-31 to 2022-02-01
    crypto_minute/UNITTEST_BTC_1m.csv                       bars: 13681 of 1m, 24/7, 2017-11-04 to 2017-11-14
    crypto_minute/binance_BTCBUSD_20221213_trade.csv        bars: 1440 of 1m, 24/7, 2022-12-13 to 2022-12-14
    crypto_minute/binance_perp_BTCUSD_20221213_trade.csv    bars: 1439 of 1m, 24/7, 2022-12-13 to 2022-12-14
    crypto_minute/coinbase_BTCUSD_20161008_trade.csv        bars: 1400 of 1m, 24/7, 2016-10-08 to 2016-10-09
    crypto_minute/coinbase_BTCUSD_20171217_trade.csv        bars: 1440 of 1m, 24/7, 2017-12-17 to 2017-12-18
    crypto_minute/coinbase_BTCUSD_20180404_quote.csv        bid-ask bars: 1437 of 1m, 24/7, 2018-04-04 to 2018-04-04
    crypto_minute/coinbase_BTCUSD_20180404_trade.csv        bars: 1007 of 1m, 24/7, 2018-04-04 to 2018-04-04
    crypto_minute/coinbase_ETHUSD_20180404_trade.csv        bars: 1009 of 1m, 24/7, 2018-04-04 to 2018-04-04
    crypto_second/coinbase_BTCUSD_20161008_trade.csv        bars: 3453 of 1s, 24/7, 2016-10-08 to 2016-10-08
    depth/binance_btcusdt_depth_snap.csv                    TP_DATA_KIND:depth
    depth/binance_btcusdt_depth_update.csv                  TP_DATA_KIND:depth
    depth/binance_spot_btcusdt_20240808.jsonl.gz            TP_DATA_FILE_KIND:gzip-compressed
    depth/binance_usdm_btcusdt_20240808.jsonl.gz            TP_DATA_FILE_KIND:gzip-compressed
    equity_daily/AAPL.csv                                   bars: 5849 of 1d, weekdays, 1998-01-02 to 2021-04-01
    equity_daily/AAPL_factor_files.csv                      TP_DATA_KIND:a factor file
    equity_daily/AAPL_map_files.csv                         TP_DATA_KIND:a map file
    equity_daily/AIG.csv                                    bars: 5849 of 1d, weekdays, 1998-01-02 to 2021-04-01
    equity_daily/BAC.csv                                    bars: 5849 of 1d, weekdays, 1998-01-02 to 2021-04-01
    equity_daily/GOOG.csv                                   bars: 4183 of 1d, weekdays, 2004-08-19 to 2021-04-01
    equity_daily/IWM.csv                                    bars: 5244 of 1d, weekdays, 2000-05-26 to 2021-04-01
    equity_daily/QQQ.csv                                    bars: 3964 of 1d, weekdays, 1999-03-10 to 2021-04-01
    equity_daily/SPY.csv                                    bars: 5849 of 1d, weekdays, 1998-01-02 to 2021-04-01
    equity_daily/SPY_factor_files.csv                       TP_DATA_KIND:a factor file
    equity_daily/SPY_map_files.csv                          TP_DATA_KIND:a map file
    equity_hour/SPY_2010_2015.csv                           bars: 10531 of 1h, weekdays, 2010-01-04 to 2015-12-31
    equity_minute/BAC_20131004_20131010.csv                 bars: 2872 of 1m, weekdays, 2013-10-04 to 2013-10-10
    equity_minute/SPY_20131007_20131011.csv                 bars: 4128 of 1m, weekdays, 2013-10-07 to 2013-10-11
    equity_minute/SPY_20131007_20131011_quote.csv           bid-ask bars: 4557 of 1m, weekdays, 2013-10-07 to 2013-10-11
    etf_daily_close_23.csv                                  wide closes x 23: 2141 of 1d, weekdays, 2008-01-02 to 2016-07-02
    forex_daily/fxcm_GBPUSD.csv                             bid-ask bars: 3278 of 1d, weekdays, 2007-03-30 to 2018-07-18
    forex_daily/oanda_EURUSD.csv                            bid-ask bars: 3738 of 1d, weekdays, 2007-01-01 to 2019-01-01
    forex_minute/fxcm_GBPUSD_m1_ask_201202.csv              bars: 30117 of 1m, weekdays, 2012-02-01 to 2012-03-01
    forex_minute/fxcm_GBPUSD_m1_bid_201202.csv              bars: 30117 of 1m, weekdays, 2012-02-01 to 2012-03-01
    forex_tick/histdata_ticks_20200101.csv                  TP_DATA_KIND:quotes
    symbol_properties_crypto.csv                            TP_DATA_KIND:symbol properties
    trades/XRP_ETH_trades.csv                               TP_DATA_KIND:trades
    trades/kraken_BCHEUR_trades.csv                         TP_DATA_KIND:trades
    trades/orderflow_public_trades.csv                      TP_DATA_KIND:trades"
  `);
});
