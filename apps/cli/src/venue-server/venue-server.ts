import { unwrap } from "@tradepulse/core";
import { loadDataset } from "@tradepulse/data";
import {
  FAULT_NAMES,
  FAULTS,
  klineIntervalName,
  LOCAL_KEY,
  LOCAL_SENTINEL_KEY,
  parseDelay,
  parseFaults,
  type ServedVenue,
  serveLocalVenue,
} from "@tradepulse/venues";
import { readingOptions } from "../backtest/data-sources.ts";
import { Interruption, interruptible } from "../interruption.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, remark, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";
import { servedAccount } from "./served-account.ts";
import { servedMarkets } from "./served-markets.ts";

const DEFAULT_PORT = 9_080;
/** How often the end of the data is looked for. */
const LOOK_MS = 500;

/** `tradepulse venue-server`: serves until it is interrupted, which is its ordinary end. */
export async function venueServer(options: Readonly<Record<string, unknown>>): Promise<void> {
  if (options["listFaults"] === true) {
    listFaults(options["json"] === true);
    return;
  }
  const reference = options["data"] as string | undefined;
  if (reference === undefined) {
    refuseUsage("TP_CLI_DATA_MISSING", "Cannot serve a venue: no data is named", "for example tradepulse venue-server --data sp500");
  }
  const speed = options["speed"] as string | undefined;
  if (speed !== undefined && options["asFastAsPossible"] === true) {
    refuseUsage("TP_CLI_OPTION_TWICE", "Cannot serve both at a --speed and --as-fast-as-possible", "keep one of them");
  }
  const port = wholeNumber(options, "port", 65_535) ?? DEFAULT_PORT;
  const seed = wholeNumber(options, "seed", Number.MAX_SAFE_INTEGER) ?? 1;
  const history = wholeNumber(options, "history", Number.MAX_SAFE_INTEGER);
  const latencyUs = latencyOf(options["latency"] as string | undefined);
  const faults = unwrap(parseFaults((options["faults"] as string | undefined) ?? ""));
  try {
    await interruptible(async (signal) => {
      const line = new ProgressLine(`reading ${shownPath(reference)}`, "MB");
      const dataset = await loadDataset(reference, {
        ...readingOptions(options),
        signal,
        progress: ({ bytesDone, bytesTotal }) => line.update({ done: bytesDone / 1e6, total: bytesTotal / 1e6 }),
      }).finally(() => line.end());
      const markets = servedMarkets(dataset, speed, history);
      const account = servedAccount(markets, options["balances"] as string | undefined, options["fee"] as string | undefined);
      const latency = { feedUs: latencyUs, entryUs: 0, responseUs: latencyUs, jitterUs: Math.floor(latencyUs / 2) };
      const served = await serveLocalVenue({ port, seed, markets, accounts: [account], latency, faults });
      try {
        tellReady(served, options["json"] === true);
        await untilInterrupted(served, signal);
      } finally {
        await served.close();
      }
    });
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    remark("closed");
  }
}

function tellReady(served: ServedVenue, isJson: boolean): void {
  const { venue, restUrl, streamUrl, wsApiUrl, port } = served;
  const markets = [...venue.core.bars.values()].map((bars) => ({
    symbol: bars.symbol,
    interval: klineIntervalName(bars.intervalUs),
    history: bars.firstLive,
    bars: bars.length,
  }));
  if (isJson) {
    sayJson({
      schema: 1,
      ok: true,
      command: "venue-server",
      venue: "binance",
      port,
      restUrl,
      streamUrl,
      wsApiUrl,
      apiKey: LOCAL_KEY.key,
      apiSecret: LOCAL_KEY.secret,
      sentinelKey: LOCAL_SENTINEL_KEY.key,
      sentinelSecret: LOCAL_SENTINEL_KEY.secret,
      markets,
    });
    remark("ready; Ctrl-C ends it");
    return;
  }
  const label = (text: string): string => paint("dim", text.padEnd(9));
  say(`${label("REST")}${restUrl}`);
  say(`${label("streams")}${streamUrl}`);
  say(`${label("WS API")}${wsApiUrl}`);
  say(`${label("key")}${LOCAL_KEY.key}`);
  say(`${label("secret")}${LOCAL_KEY.secret}`);
  say(`${label("sentinel")}${LOCAL_SENTINEL_KEY.key}`);
  say(`${label("secret")}${LOCAL_SENTINEL_KEY.secret}`);
  for (const { symbol, interval, history, bars } of markets) {
    say(hangingText(label("market"), `${symbol} in bars of ${interval}, ${history} past, ${bars - history} to come`, outputWidth()));
  }
  say(`${paint("green", "ready")}    Ctrl-C ends it`);
}

/** Waits for the signal; says when a market has no bars left. */
async function untilInterrupted({ venue }: ServedVenue, signal: AbortSignal): Promise<void> {
  let isTold = false;
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (!venue.isOver || isTold) return;
      isTold = true;
      remark("all bars are played; the books stand still, orders are still taken");
    }, LOOK_MS);
    const end = (): void => {
      clearInterval(look);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  signal.throwIfAborted();
}

function listFaults(isJson: boolean): void {
  if (isJson) {
    sayJson({ schema: 1, ok: true, command: "venue-server", faults: FAULTS });
    return;
  }
  const width = Math.max(...FAULT_NAMES.map((name) => name.length)) + 2;
  for (const name of FAULT_NAMES) say(hangingText(name.padEnd(width), FAULTS[name], outputWidth()));
}

function latencyOf(text: string | undefined): number {
  if (text === undefined) return 0;
  return (
    parseDelay(text) ??
    refuseUsage(
      "TP_CLI_OPTION_VALUE",
      `Cannot use --latency "${text}": allowed are times such as 250us, 20ms or 1s`,
      "for example --latency 20ms",
    )
  );
}

function wholeNumber(options: Readonly<Record<string, unknown>>, name: string, most: number): number | undefined {
  const text = options[name] as string | undefined;
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot use --${name} "${text}": allowed are whole numbers from 0 to ${most}`,
    "see tradepulse venue-server --help",
  );
}
