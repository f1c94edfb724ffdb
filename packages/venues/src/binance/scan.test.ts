import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DepthBook, parseDepthSnapshot, parseDepthUpdate } from "./depth-book.ts";
import { parseAggTrade, parseBookTicker, parseKlineEvent } from "./parse-market.ts";
import { DepthScan } from "./scan-depth.ts";
import { MarketScan } from "./scan-market.ts";
import { Shape, ShapeError } from "./schema.ts";

/** A message and what can become of one on its way: whatever it is, a scanner reads it as `JSON.parse` and its checks do, or not at all. */

const decimals = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat({ max: 99_999 }), fc.nat({ max: 99_999_999 })).map(([a, b]) => `${a}.${String(b).padStart(8, "0")}`),
  },
  { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.nat({ max: 999 })).map(([a, b]) => `${a}.${b}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "0",
      "0.00000000",
      "1",
      "00.5",
      "01.5",
      "1.",
      ".5",
      "-1.5",
      "1e5",
      "1E5",
      "+1",
      " 1",
      "1 ",
      "",
      "NaN",
      "90071992.54740991",
      "90071992.54740992",
      "9007199254740991",
      "9007199254740992",
      "123456789012.00",
      "1.123456789012345678",
      "1.1234567890123456789",
      "99999999999999999999",
      "0.000000001",
      "0.1000000000",
      "61000.100000000",
      "١",
      "1\\u0030",
      "0x10",
      "Infinity",
      "1,5",
    ),
  },
);
const wholes = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 2_000_000_000_000 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "0",
      "-0",
      "-1",
      "00",
      "01",
      "1.0",
      "1.5",
      "1e3",
      "1E+3",
      "null",
      "true",
      '"1"',
      "[]",
      "9007199254740991",
      "9007199254740992",
      "9007199254740993",
      "18446744073709551615",
      "4102444800000",
      "4102444800000000",
      "4102444800000001",
      "1767225600123456",
      "1e400",
    ),
  },
);
const flags = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("true", "false") },
  { weight: 1, arbitrary: fc.constantFrom("1", "null", '"true"') },
);

/** What a field of a message can hold, as it is written. */
const wire = { decimals, wholes, flags, texts: decimals.map((text) => `"${text}"`) };

const JUNK = [...'"{}[],:.0123456789eE-+ tnu/'.split(""), "\\", "é", "\u0000", "\ud800", "  ", '"x":1,'];

/** A text with something done to it, which mostly is nothing. */
function damaged(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const spot = fc.tuple(fc.nat({ max: 10_000 }), fc.nat({ max: 40 }), fc.constantFrom(...JUNK));
  const damage = fc.oneof(
    { weight: 4, arbitrary: fc.constant((text: string) => text) },
    {
      weight: 1,
      arbitrary: spot.map(([place, length, more]) => (text: string) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + more + text.slice(at + (length % 3));
      }),
    },
    {
      weight: 1,
      arbitrary: spot.map(
        ([place]) =>
          (text: string) =>
            text.slice(0, place % (text.length + 1)),
      ),
    },
    {
      weight: 1,
      arbitrary: spot.map(
        ([place, length]) =>
          (text: string) =>
            doubled(text, place % (text.length + 1), length),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(spaced, reversed, escaped, widened) },
  );
  return fc.tuple(texts, damage).map(([text, change]) => change(text));
}

function doubled(text: string, at: number, length: number): string {
  return text.slice(0, at + length) + text.slice(at);
}

/** The same with white space. */
function spaced(text: string): string {
  return text.replaceAll(",", ", ").replaceAll(":", " :");
}

/** The same with the fields of every object the other way round; as it is when it is no JSON. */
function reversed(text: string): string {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, inner]) => [name, turn(inner)]),
    );
  };
  try {
    return JSON.stringify(turn(JSON.parse(text)));
  } catch {
    return text;
  }
}

/** The same with a letter of every text escaped. */
function escaped(text: string): string {
  return text.replaceAll(/"([a-zA-Z])/g, (_, letter: string) => `"\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same with a field more in every object. */
function widened(text: string): string {
  return text.replaceAll("}", ',"z":{"a":[1,2]}}').replaceAll("{,", "{");
}

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "币安人生USDT"] as const;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

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
const { texts } = wire;

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
    fc.property(damaged(fc.oneof(klines, quotes, trades)), (text) => {
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

const tapeFile = fileURLToPath(new URL("../../../../../shared/data/market/depth/binance_spot_btcusdt_20240808.jsonl.gz", import.meta.url));
const STREAM = "btcusdt@depth@100ms";

const everything = (book: DepthBook): unknown => ({
  ...book.top(Number.POSITIVE_INFINITY),
  counts: [book.bids.count, book.asks.count, book.counts, book.lastUpdateId, book.isLive],
  best: [book.bids.bestKey, book.asks.bestKey],
  tops: [book.bids.level(0), book.bids.level(1), book.asks.level(0), book.asks.level(book.asks.count), book.asks.level(-1)],
});

/** The long way; undefined where it refuses the message. */
function takeLong(book: DepthBook, text: string): string | undefined {
  try {
    const shape = new Shape(JSON.parse(text));
    if (shape.field("stream").text(64) !== STREAM) return undefined;
    return book.update(parseDepthUpdate(shape.field("data")));
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** As it is used: scanned, and read the long way where that was declined. */
function take(scan: DepthScan, book: DepthBook, text: string): string | undefined {
  const outcome = scan.read(bytesOf(text)) ? book.updateScanned(scan) : undefined;
  return outcome ?? takeLong(book, text);
}

const SNAPSHOT = {
  lastUpdateId: 100,
  bids: [
    ["10.50000000", "1.00000000"],
    ["10.40", "2"],
    ["00.5", "01.0"],
  ],
  asks: [
    ["10.60000000", "1.00000000"],
    ["10.7", "0.50"],
  ],
};
const levelPrices = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1_000, max: 1_090 }).map((ticks) => `"${(ticks / 100).toFixed(8)}"`) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 1_090 }).map((ticks) => `"${(ticks / 100).toFixed(2)}"`) },
  { weight: 1, arbitrary: wire.texts },
);
const sizes = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('"0.00000000"', '"1.50000000"', '"0"', '"2.25"') },
  { weight: 1, arbitrary: wire.texts },
);
const levels = fc.array(
  fc.tuple(levelPrices, sizes).map(([price, size]) => `[${price},${size}]`),
  { maxLength: 8 },
);
const ids = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.nat({ max: 3 })) },
  { weight: 1, arbitrary: fc.constant([9, 1] as [number, number]) },
);

test("DepthScan keeps the same book as JSON.parse and its checks, whatever comes", () => {
  const step = fc.tuple(ids, levels, levels, wire.wholes, fc.boolean());
  const changes = fc.array(step, { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(changes, fc.boolean(), (steps, isJoined) => {
      const scan = new DepthScan(STREAM, "BTCUSDT");
      const [long, short] = [new DepthBook("BTCUSDT"), new DepthBook("BTCUSDT")];
      if (isJoined) for (const book of [long, short]) book.snapshot(parseDepthSnapshot(new Shape(SNAPSHOT)));
      for (const [[ahead, more], bids, asks, time, isOwn] of steps) {
        const first = Math.max(100, long.lastUpdateId) + ahead;
        const symbol = isOwn || ahead > 0 ? "BTCUSDT" : "ETHUSDT";
        const text = `{"stream":"${STREAM}","data":{"e":"depthUpdate","E":${time},"s":"${symbol}","U":${first},"u":${first + more},"b":[${bids.join(",")}],"a":[${asks.join(",")}]}}`;
        expect(take(scan, short, text)).toBe(takeLong(long, text));
        expect(everything(short)).toEqual(everything(long));
      }
    }),
    { numRuns: 400 },
  );
});

test("DepthScan declines a message that was damaged, or reads it as JSON.parse does", () => {
  const scan = new DepthScan(STREAM, "BTCUSDT");
  const message = fc
    .tuple(wire.wholes, wire.wholes, wire.wholes, levels, levels)
    .map(
      ([time, first, last, bids, asks]) =>
        `{"stream":"${STREAM}","data":{"e":"depthUpdate","E":${time},"s":"BTCUSDT","U":${first},"u":${last},"b":[${bids.join(",")}],"a":[${asks.join(",")}]}}`,
    );
  fc.assert(
    fc.property(damaged(message), (text) => {
      if (!scan.read(bytesOf(text))) return;
      const update = parseDepthUpdate(new Shape(JSON.parse(text)).field("data"));
      expect([scan.firstId, scan.lastId, scan.eventUs]).toEqual([update.firstId, update.lastId, update.eventUs]);
      const [long, short] = [new DepthBook("BTCUSDT"), new DepthBook("BTCUSDT")];
      for (const book of [long, short]) book.snapshot({ lastUpdateId: update.firstId, bids: [], asks: [] });
      expect(short.updateScanned(scan)).toBe(long.update(update));
      expect(everything(short)).toEqual(everything(long));
    }),
    { numRuns: 5_000 },
  );
});

test("DepthScan takes more levels than it has room for at first, and leaves more than a list may have to the long way", () => {
  const of = (count: number): string => {
    const bids = Array.from({ length: count }, (_, at) => `["${(50_000 - at / 100).toFixed(8)}","1.00000000"]`);
    return `{"stream":"${STREAM}","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":101,"u":102,"b":[${bids.join(",")}],"a":[]}}`;
  };
  const book = new DepthBook("BTCUSDT");
  book.snapshot({ lastUpdateId: 100, bids: [], asks: [] });
  const scan = new DepthScan(STREAM, "BTCUSDT");
  expect(scan.read(bytesOf(of(5_000)))).toBe(true);
  expect(book.updateScanned(scan)).toBe("applied");
  expect(book.bids.count).toBe(5_000);
  expect(book.bids.level(4_999)).toEqual(["49950.01000000", "1.00000000"]);
  expect(scan.read(bytesOf(of(20_001)))).toBe(false);
});

test("DepthScan is read into a live book only, and never over a hole", () => {
  const scan = new DepthScan(STREAM, "BTCUSDT");
  const text = `{"stream":"${STREAM}","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":105,"u":106,"b":[],"a":[["5","1"]]}}`;
  expect(scan.read(bytesOf(text))).toBe(true);
  const book = new DepthBook("BTCUSDT");
  expect(book.updateScanned(scan)).toBeUndefined();
  book.snapshot({ lastUpdateId: 100, bids: [], asks: [] });
  expect(book.updateScanned(scan)).toBeUndefined();
  expect(book.asks.count).toBe(0);
});

describe.skipIf(!existsSync(tapeFile))("DepthScan reads a recorded day (needs ../shared)", () => {
  test("every message of it, to the book that the long way keeps", () => {
    const lines = gunzipSync(readFileSync(tapeFile)).toString("utf8").trim().split("\n");
    const scan = new DepthScan(STREAM, "BTCUSDT");
    const [long, short] = [new DepthBook("BTCUSDT"), new DepthBook("BTCUSDT")];
    let [updates, declined] = [0, 0];
    for (const line of lines) {
      const text = line.slice(line.indexOf(" ") + 1);
      if (text.startsWith('{"lastUpdateId"')) {
        const snapshot = parseDepthSnapshot(new Shape(JSON.parse(text)));
        for (const book of [long, short]) if (!book.isLive) book.snapshot(snapshot);
      } else if (text.includes('"e":"depthUpdate"')) {
        updates += 1;
        if (!scan.read(bytesOf(text))) declined += 1;
        expect(take(scan, short, text)).toBe(takeLong(long, text));
        if (updates % 100 === 0) expect(everything(short)).toEqual(everything(long));
      }
    }
    expect([updates, declined]).toEqual([3_451, 0]);
    expect(everything(short)).toEqual(everything(long));
  });
});
