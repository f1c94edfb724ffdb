import { FailureError } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { ExecutionClient, ReadOutcome } from "@tradepulse/venues";
import { refuseConfig } from "../config/refuse-config.ts";
import { type LiveInstrument, liveInstrument } from "../session/live-instrument.ts";
import { checkExactRange } from "./exact-range.ts";
import { less } from "./session-execution.ts";
import { intervalOf, type SessionAbout } from "./session-terms.ts";

const READ_ATTEMPTS = 5;
/** Bars that are looked at for a last price. */
const BARS_BACK = 10;

/** Reads until it is answered, a few times: without it nothing can start. Throws `TP_LIVE_VENUE`. */
export async function insist<T>(env: Env, what: string, read: () => Promise<ReadOutcome<T>>): Promise<T> {
  let why = "";
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    const outcome = await read();
    if (outcome.kind === "read") return outcome.value;
    why = outcome.why;
    if (attempt + 1 < READ_ATTEMPTS) await env.sleep(Math.max(200_000, outcome.retryAfterUs));
  }
  return refuseConfig("TP_LIVE_VENUE", `Cannot read ${what} from the venue: ${why}`, [], nextOf(why));
}

/** What to look at first, as far as the words of the venue or of the network tell. */
function nextOf(why: string): string {
  if (why.includes("-1121")) return "check the names of the instruments: the venue knows no such symbol";
  if (/-(1022|2014|2015)\b/.test(why))
    return "check the keys: that they are of this venue and this environment, and what they may do from this address";
  if (why.includes("-1021")) return "check the clock of this machine";
  if (why.includes("ECONNREFUSED"))
    return "check its address, and that it runs: a venue on this machine is started with tradepulse venue-server";
  return "check its address, the network and the keys";
}

/** What the venue says of each pair, in their order. Throws `TP_LIVE_INPUTS` for one that is not listed, `TP_LIVE_FILTERS` for strange rules. */
export async function readInstruments(
  env: Env,
  client: ExecutionClient,
  venue: string,
  pairs: readonly (readonly [base: string, quote: string])[],
  symbols: readonly string[],
): Promise<readonly LiveInstrument[]> {
  const listed = await insist(env, "instruments", () => client.instruments());
  return symbols.map((symbol, k) => {
    const found = listed.find((each) => each.symbol === symbol);
    const id = `${pairs[k]!.join("-")}@${venue}`;
    if (found === undefined) {
      return refuseConfig(
        "TP_LIVE_INPUTS",
        `Cannot trade "${id}": the venue lists no ${symbol}`,
        [],
        "check the name of the pair, such as BTC-USDT",
      );
    }
    const made = liveInstrument(id, found);
    return made.ok ? made.value : refuseConfig(made.failure.code, made.failure.message, made.failure.details, made.failure.next);
  });
}

/** Capital of a session, and what the account has besides it, by asset. */
export interface OpeningMoney {
  readonly capital: number;
  readonly unmanaged: Readonly<Record<string, string>>;
}

/** The capital of a session out of what the account has, and what of it is none of the session's business. Throws `TP_LIVE_CAPITAL`, `TP_LIVE_RANGE`. */
export async function readOpeningMoney(env: Env, about: SessionAbout): Promise<OpeningMoney> {
  const { connection, strategyConfig, instruments, venue } = about;
  await connection.prepare();
  const balances = await insist(env, "balances", () => connection.execution.balances());
  const quote = instruments[0]!.instrument.quote.code;
  const free = balances.find(({ asset }) => asset === quote)?.free ?? "0";
  const capital = strategyConfig.capital ?? Number(free);
  if (!(capital > 0) || Number(free) < capital) {
    refuseConfig(
      "TP_LIVE_CAPITAL",
      `Cannot trade ${capital} ${quote} at venue "${venue.name}": its free balance is ${free} ${quote}, needed is the capital of the strategy`,
      [],
      "fund the account, or lower capital",
    );
  }
  checkExactRange(capital, instruments, await lastCloses(env, about));
  const managed = new Set([quote, ...instruments.map(({ baseAsset }) => baseAsset)]);
  const unmanaged: Record<string, string> = {};
  for (const { asset, free: amount } of balances) {
    if (!managed.has(asset)) continue;
    const rest = asset === quote ? less(amount, String(capital)) : amount;
    if (Number(rest) !== 0) unmanaged[asset] = rest;
  }
  return { capital, unmanaged };
}

/** Last known price of each instrument; NaN for one without bars. */
async function lastCloses(env: Env, { connection, config, strategyConfig, instruments }: SessionAbout): Promise<readonly number[]> {
  const intervalUs = intervalOf(config, strategyConfig);
  const nowUs = env.wallUs();
  const closes: number[] = [];
  for (const { symbol } of instruments) {
    const bars = await connection.feed.history(symbol, intervalUs, nowUs - BARS_BACK * intervalUs, nowUs).catch(noBars);
    closes.push(Number(bars.at(-1)?.close ?? Number.NaN));
  }
  return closes;
}

/** A venue that says nothing of the past may be traded at all the same; bars that it does not have must be told before a session is begun with them. */
function noBars(error: unknown): readonly never[] {
  if (error instanceof FailureError && error.failure.code === "TP_VENUE_INTERVAL") throw error;
  return [];
}

/** Highest trade id of each instrument now; -1 where there is none. */
export async function readBaseline(env: Env, { connection, instruments }: SessionAbout): Promise<readonly number[]> {
  const upTo: number[] = [];
  const { execution } = connection;
  for (const { symbol } of instruments) {
    if (execution.lastTradeId !== undefined) {
      upTo.push(await insist(env, `the last trade of ${symbol}`, () => execution.lastTradeId!(symbol)));
      continue;
    }
    const fills = await insist(env, `trades of ${symbol}`, () => execution.fillsFrom(symbol, 0));
    upTo.push(fills.reduce((last, { tradeId }) => Math.max(last, tradeId), -1));
  }
  return upTo;
}
