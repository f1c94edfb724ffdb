import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, damaged, wireTexts } from "./damaged-messages.ts";
import { DepthBook, parseDepthSnapshot, parseDepthUpdate } from "./depth-book.ts";
import { DepthScan } from "./scan-depth.ts";
import { Shape, ShapeError } from "./schema.ts";

const tapeFile = fileURLToPath(new URL("../../../../../shared/data/market/depth/binance_spot_btcusdt_20240808.jsonl.gz", import.meta.url));
const STREAM = "btcusdt@depth@100ms";
const wire = wireTexts(fc);

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
    fc.property(damaged(fc, message), (text) => {
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
