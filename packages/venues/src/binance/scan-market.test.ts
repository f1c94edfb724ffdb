import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, damaged, wireTexts } from "./damaged-messages.ts";
import { parseAggTrade, parseBookTicker, parseKlineEvent } from "./parse-market.ts";
import { MarketScan } from "./scan-market.ts";
import { Shape } from "./schema.ts";

const { decimals, wholes, flags, texts } = wireTexts(fc);
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "币安人生USDT"] as const;

/** What the long way makes of a message; throws where it refuses it. */
function readLong(text: string): unknown {
  const shape = new Shape(JSON.parse(text));
  const data = shape.field("data");
  const stream = shape.field("stream").text(64);
  if (stream.includes("@kline_")) {
    const { isClosed, interval, ...bar } = parseKlineEvent(data);
    if (interval !== "1m") throw new RangeError("another interval");
    return { kind: "bar", isClosed, bar };
  }
  if (stream.endsWith("@bookTicker")) {
    const { updateId: _, ...quote } = parseBookTicker(data);
    return { kind: "quote", ...quote };
  }
  if (stream.endsWith("@aggTrade")) return { kind: "trade", ...parseAggTrade(data) };
  throw new RangeError("no stream of ours");
}

function readShort(scan: MarketScan, text: string): unknown {
  const { symbol } = scan;
  const kind = scan.read(bytesOf(text));
  if (kind === undefined) expect(scan.symbol).toBe(symbol);
  if (kind === "bar") return { kind, isClosed: scan.isClosed, bar: scan.bar() };
  if (kind === "quote") return { kind, symbol: scan.symbol, bid: scan.bid, bidSize: scan.bidSize, ask: scan.ask, askSize: scan.askSize };
  if (kind === undefined) return undefined;
  const { tradeId, price, quantity, buyerIsMaker } = scan;
  return { kind, symbol: scan.symbol, tradeId, price, quantity, buyerIsMaker, timeUs: scan.tradeUs };
}

const symbols = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...SYMBOLS) },
  { weight: 1, arbitrary: fc.constantFrom("btcusdt", "XRPUSDT", "", "BTC USDT") },
);

/** Prices of a bar, mostly such that high and low hold the others. */
const prices = fc.oneof(
  { weight: 1, arbitrary: fc.tuple(texts, texts, texts, texts) },
  {
    weight: 3,
    arbitrary: fc.array(decimals, { minLength: 4, maxLength: 4 }).map((four) => {
      const [low, open, close, high] = four.toSorted((a, b) => Number(a) - Number(b)).map((text) => `"${text}"`);
      return [open, close, high, low] as [string, string, string, string];
    }),
  },
);

const klines = fc
  .tuple(symbols, symbols, wholes, wholes, wholes, prices, texts, flags, texts)
  .map(
    ([symbol, inner, at, open, end, [o, c, h, l], volume, isFinal, more]) =>
      `{"stream":"${symbol.toLowerCase()}@kline_1m","data":{"e":"kline","E":${at},"s":"${symbol}","k":{"t":${open},"T":${end},"s":"${
        inner === "ETHUSDT" ? inner : symbol
      }","i":"1m","f":-1,"L":${at},"o":${o},"c":${c},"h":${h},"l":${l},"v":${volume},"n":0,"x":${isFinal},"q":${more},"V":"1.5","Q":"0","B":"0"}}}`,
  );
const quotes = fc
  .tuple(symbols, wholes, texts, texts, texts, texts)
  .map(
    ([symbol, id, b, B, a, A]) =>
      `{"stream":"${symbol.toLowerCase()}@bookTicker","data":{"u":${id},"s":"${symbol}","b":${b},"B":${B},"a":${a},"A":${A}}}`,
  );
const trades = fc
  .tuple(symbols, wholes, wholes, texts, texts, wholes, wholes, flags)
  .map(
    ([symbol, at, id, p, q, first, time, isMaker]) =>
      `{"stream":"${symbol.toLowerCase()}@aggTrade","data":{"e":"aggTrade","E":${at},"s":"${symbol}","a":${id},"p":${p},"q":${q},"f":${first},"l":105,"T":${time},"m":${isMaker},"M":true}}`,
  );

test("MarketScan reads a message as JSON.parse and its checks do, or not at all", () => {
  const scan = new MarketScan(SYMBOLS, "1m");
  fc.assert(
    fc.property(damaged(fc, fc.oneof(klines, quotes, trades)), (text) => {
      const found = readShort(scan, text);
      if (found !== undefined) expect(found).toEqual(readLong(text));
    }),
    { numRuns: 5_000 },
  );
});

test("MarketScan reads every sound message of the venue's own form", () => {
  const scan = new MarketScan(SYMBOLS, "1m");
  const usual = fc.tuple(
    fc.integer({ min: 1, max: 99_999 }),
    fc.nat({ max: 99_999_999 }),
    fc.nat({ max: 5_000 }),
    fc.boolean(),
    fc.constantFrom(...SYMBOLS),
  );
  fc.assert(
    fc.property(usual, ([whole, fraction, minute, isFlag, symbol]) => {
      const low = symbol.toLowerCase();
      const price = `"${whole}.${String(fraction).padStart(8, "0")}"`;
      const open = 1_767_225_600_000 + 60_000 * minute;
      const bar = `{"t":${open},"T":${open + 59_999},"s":"${symbol}","i":"1m","f":100,"L":200,"o":${price},"c":${price},"h":${price},"l":${price},"v":${price},"n":100,"x":${isFlag},"q":"753000.12000000","V":"6.10000000","Q":"372000.00000000","B":"0"}`;
      const all = [
        `{"stream":"${low}@kline_1m","data":{"e":"kline","E":${open},"s":"${symbol}","k":${bar}}}`,
        `{"stream":"${low}@bookTicker","data":{"u":50093239212,"s":"${symbol}","b":${price},"B":${price},"a":${price},"A":${price}}}`,
        `{"stream":"${low}@aggTrade","data":{"e":"aggTrade","E":${open},"s":"${symbol}","a":12345,"p":${price},"q":${price},"f":100,"l":105,"T":${open},"m":${isFlag},"M":true}}`,
      ];
      for (const text of all) expect(readShort(scan, text)).toEqual(readLong(text));
    }),
  );
});

test("MarketScan leaves to the long way what is too long, of another stream or of another interval", () => {
  const scan = new MarketScan(["BTCUSDT"], "1m");
  const quote = `{"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"1.5","B":"1","a":"2","A":"1"}}`;
  expect(scan.read(bytesOf(quote))).toBe("quote");
  expect(scan.read(bytesOf(quote + " ".repeat(300_000)))).toBeUndefined();
  expect(scan.read(bytesOf(quote.replace("btcusdt", "ethusdt")))).toBeUndefined();
  expect(scan.read(bytesOf(quote.replace("BTCUSDT", "ETHUSDT")))).toBeUndefined();
  expect(new MarketScan(["BTCUSDT"], "5m").read(bytesOf(`{"stream":"btcusdt@kline_1m","data":{}}`))).toBeUndefined();
  expect(scan.read(new Uint8Array(0))).toBeUndefined();
});
