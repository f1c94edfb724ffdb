import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DepthBook, type DepthUpdate, parseDepthSnapshot, parseDepthUpdate } from "./depth-book.ts";
import { priceKey } from "./depth-side.ts";
import { parseJson, Shape, ShapeError } from "./schema.ts";

const data = new URL("../../../../../shared/data/", import.meta.url);
const name = "binance_spot_btcusdt_20240808";
const replayFile = fileURLToPath(new URL(`fixtures/exchange/book_replay_${name}.json`, data));
const tapeFile = fileURLToPath(new URL(`market/depth/${name}.jsonl.gz`, data));

interface Replay {
  readonly stats: { readonly depth_events: number; readonly discarded: number; readonly applied: number; readonly gaps: number };
  readonly checkpoints_every_500_applied: readonly Readonly<Record<string, string | number>>[];
  readonly final_top10: { readonly bids: unknown; readonly asks: unknown };
}

/** The recorded messages, without their receive times. */
function tape(): readonly Shape[] {
  const lines = gunzipSync(readFileSync(tapeFile)).toString("utf8").trim().split("\n");
  return lines.map((line) => new Shape(parseJson(line.slice(line.indexOf(" ") + 1))));
}

/** Plays the tape into a book, dropping what `keep` refuses, and shows the book after each message that changed it. */
function play(book: DepthBook, messages: readonly Shape[], keep: (update: DepthUpdate) => boolean, after: (outcome: string) => void): void {
  for (const message of messages) {
    if (message.has("lastUpdateId")) {
      book.snapshot(parseDepthSnapshot(message));
      after("snapshot");
    } else if (message.optional("stream")?.text().includes("@depth") === true) {
      const update = parseDepthUpdate(message.field("data"));
      if (keep(update)) after(book.update(update));
    }
  }
}

describe.skipIf(!existsSync(replayFile) || !existsSync(tapeFile))("DepthBook replays a recorded day (needs ../shared)", () => {
  test("to the checkpoints of an independent replay, without a gap", () => {
    const replay = JSON.parse(readFileSync(replayFile, "utf8")) as Replay;
    const book = new DepthBook("BTCUSDT");
    const checkpoints: Record<string, string | number>[] = [];
    play(
      book,
      tape(),
      () => true,
      () => {
        const { applied } = book.counts;
        if (applied === 0 || applied % 500 !== 0 || checkpoints.at(-1)?.["applied"] === applied) return;
        const { bids, asks } = book.top(1);
        checkpoints.push({
          applied,
          update_id: book.lastUpdateId,
          best_bid: bids[0]![0],
          best_bid_qty: bids[0]![1],
          best_ask: asks[0]![0],
          best_ask_qty: asks[0]![1],
          bid_levels: book.bids.count,
          ask_levels: book.asks.count,
        });
      },
    );
    expect(checkpoints).toEqual(replay.checkpoints_every_500_applied);
    expect(book.top(10)).toEqual(replay.final_top10);
    const { applied, discarded, gaps, crossings } = book.counts;
    expect({ applied, discarded, gaps, crossings }).toEqual({
      applied: replay.stats.applied,
      discarded: replay.stats.discarded,
      gaps: 0,
      crossings: 0,
    });
  });

  test("into quarantine when one message is missing, wherever it was", () => {
    const messages = tape();
    for (const lost of [100, 1_000, 3_000]) {
      const book = new DepthBook("BTCUSDT");
      let seen = 0;
      const outcomes: string[] = [];
      play(
        book,
        messages,
        () => seen++ !== lost,
        (outcome) => outcomes.push(outcome),
      );
      expect(outcomes.filter((outcome) => outcome === "gap")).toHaveLength(1);
      expect(book.isLive).toBe(false);
      // From the gap on nothing was applied.
      expect(book.counts.applied).toBe(lost - 2);
    }
  });
});

/** An update that moves one bid and one ask, far from each other. */
function update(firstId: number, lastId: number, bids: [string, string][] = [], asks: [string, string][] = []): DepthUpdate {
  return { symbol: "BTCUSDT", firstId, lastId, eventUs: 0, bids, asks };
}

const SNAPSHOT = { lastUpdateId: 100, bids: [["10.00", "1"]], asks: [["11.00", "2"]] } as const;

describe("DepthBook", () => {
  test("joins a snapshot to what waited: drops the old, takes the one that straddles it, goes on", () => {
    const book = new DepthBook("BTCUSDT");
    expect(book.update(update(90, 95, [["9.00", "7"]]))).toBe("waiting");
    expect(book.update(update(96, 103, [["9.50", "3"]]))).toBe("waiting");
    expect(book.update(update(104, 104, [["10.00", "0.00"]]))).toBe("waiting");
    expect(book.snapshot(SNAPSHOT)).toBe(true);
    expect(book.top(5)).toEqual({ bids: [["9.50", "3"]], asks: [["11.00", "2"]] });
    expect(book.update(update(100, 104, [["1.00", "1"]]))).toBe("old");
    expect(book.update(update(105, 106, [], [["10.50", "4"]]))).toBe("applied");
    expect(book.top(1).asks).toEqual([["10.50", "4"]]);
  });

  test("refuses a snapshot that is older than what waited, and takes the next one", () => {
    const book = new DepthBook("BTCUSDT");
    book.update(update(150, 151));
    book.update(update(152, 153));
    expect(book.snapshot(SNAPSHOT)).toBe(false);
    expect(book.isLive).toBe(false);
    expect(book.snapshot({ ...SNAPSHOT, lastUpdateId: 151 })).toBe(true);
    expect(book.lastUpdateId).toBe(153);
  });

  test("answers a gap with quarantine and keeps what came since for the next snapshot", () => {
    const book = new DepthBook("BTCUSDT");
    book.snapshot(SNAPSHOT);
    expect(book.update(update(103, 104))).toBe("gap");
    expect(book.isLive).toBe(false);
    expect(book.update(update(105, 106, [["9.00", "5"]]))).toBe("waiting");
    expect(book.snapshot({ ...SNAPSHOT, lastUpdateId: 103 })).toBe(true);
    expect(book.top(9).bids).toEqual([
      ["10.00", "1"],
      ["9.00", "5"],
    ]);
  });

  test("takes a crossed book for damage, from an update and from a snapshot", () => {
    const book = new DepthBook("BTCUSDT");
    book.snapshot(SNAPSHOT);
    expect(book.update(update(101, 101, [["11.00", "1"]]))).toBe("crossed");
    expect(book.isLive).toBe(false);
    expect(book.snapshot({ lastUpdateId: 200, bids: [["12.00", "1"]], asks: [["11.00", "1"]] })).toBe(false);
    expect(book.counts.crossings).toBe(2);
  });

  test("forgets what waited when the stream was cut", () => {
    const book = new DepthBook("BTCUSDT");
    book.update(update(101, 110));
    book.reset();
    expect(book.snapshot(SNAPSHOT)).toBe(true);
    expect(book.lastUpdateId).toBe(100);
  });

  test("takes no update of another symbol", () => {
    const book = new DepthBook("BTCUSDT");
    book.snapshot(SNAPSHOT);
    expect(() => book.update({ ...update(101, 101), symbol: "ETHUSDT" })).toThrow(ShapeError);
    expect(book.lastUpdateId).toBe(100);
  });

  test("equals a map of levels after any contiguous updates (law)", () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 3 }));
    const change = fc.record({
      bids: fc.array(level, { maxLength: 6 }),
      asks: fc.array(level, { maxLength: 6 }),
      ids: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const book = new DepthBook("BTCUSDT");
        book.snapshot({ lastUpdateId: 0, bids: [], asks: [] });
        const model = { bids: new Map<string, string>(), asks: new Map<string, string>() };
        let last = 0;
        for (const { bids, asks, ids } of changes) {
          const low = bids.map(([p, q]): [string, string] => [(p / 4).toFixed(2), String(q)]);
          const high = asks.map(([p, q]): [string, string] => [(100 + p / 4).toFixed(2), String(q)]);
          expect(book.update(update(last + 1, last + ids, low, high))).toBe("applied");
          last += ids;
          for (const [levels, changed] of [[model.bids, low] as const, [model.asks, high] as const]) {
            for (const [price, size] of changed) {
              if (size === "0") levels.delete(price);
              else levels.set(price, size);
            }
          }
        }
        const sorted = (levels: Map<string, string>, sign: number): [string, string][] =>
          [...levels].sort((a, b) => sign * (Number(a[0]) - Number(b[0])));
        expect(book.top(999)).toEqual({ bids: sorted(model.bids, -1), asks: sorted(model.asks, 1) });
      }),
      { numRuns: 200 },
    );
  });
});

describe("priceKey()", () => {
  test("counts 10^-8 exactly and refuses what it cannot count", () => {
    expect(["61837.63000000", "0.00000001", "1", "90000000", "1.000000000"].map(priceKey)).toEqual([6_183_763_000_000, 1, 1e8, 9e15, 1e8]);
    for (const text of ["", "0", "0.0", "-1", "1e3", "1.2.3", ".5", " 1", "1,5", "NaN", "1.000000001", "99999999999", "٣"])
      expect(priceKey(text)).toBe(-1);
  });
});

describe("parseDepthUpdate()", () => {
  test("refuses what is no update, with the place", () => {
    const good = { e: "depthUpdate", E: 1, s: "BTCUSDT", U: 5, u: 6, b: [["1.0", "2"]], a: [] };
    expect(parseDepthUpdate(new Shape(good)).lastId).toBe(6);
    const wrong: [object, string][] = [
      [{ ...good, u: 4 }, "$.u"],
      [{ ...good, U: "5" }, "$.U"],
      [{ ...good, b: [["1.0"]] }, "$.b[0]"],
      [{ ...good, b: [[1, 2]] }, "$.b[0]"],
      [
        {
          ...good,
          a: [
            ["1.0", "2"],
            ["-1", "2"],
          ],
        },
        "$.a[1]",
      ],
      [{ ...good, a: [["1.0", "x"]] }, "$.a[0]"],
      [{ ...good, a: {} }, "$.a"],
    ];
    for (const [value, path] of wrong) expect(() => parseDepthUpdate(new Shape(value))).toThrow(`${path} is`);
  });
});
