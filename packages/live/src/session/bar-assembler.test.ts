import { US_PER_MINUTE } from "@tradepulse/core";
import type { FeedBar } from "@tradepulse/venues";
import { expect, test } from "vitest";
import { BarAssembler, type SeriesPlan } from "./bar-assembler.ts";

const own = (symbol: string): SeriesPlan => ({ symbol, intervalUs: US_PER_MINUTE, isBuilt: false });

function feedBar(symbol: string, minute: number, close: number, more: Partial<FeedBar> = {}): FeedBar {
  const openUs = minute * US_PER_MINUTE;
  const price = String(close);
  return { symbol, openUs, closeUs: openUs + US_PER_MINUTE, open: price, high: price, low: price, close: price, volume: "1", ...more };
}

/** What came out, one line an instant: `00:01 A=10 B=20`. */
function assembled(plans: readonly SeriesPlan[]) {
  const lines: string[] = [];
  const assembler = new BarAssembler(plans, (bars, closeUs) => {
    lines.push(
      `${closeUs / US_PER_MINUTE}: ${bars.map((bar) => `${bar.seriesIndex}@${bar.openUs / US_PER_MINUTE}=${bar.close}`).join(" ")}`,
    );
  });
  return { assembler, lines };
}

test("BarAssembler waits for all instruments of an instant, whatever the order of arrival", () => {
  const { assembler, lines } = assembled([own("A"), own("B")]);
  assembler.take(feedBar("B", 0, 20));
  expect(lines).toEqual([]);
  assembler.take(feedBar("A", 0, 10));
  assembler.take(feedBar("A", 1, 11));
  assembler.take(feedBar("B", 1, 21));
  expect(lines).toEqual(["1: 0@0=10 1@0=20", "2: 0@1=11 1@1=21"]);
});

test("BarAssembler releases an instant without the partner that did not come, and drops it when it comes late", () => {
  const { assembler, lines } = assembled([own("A"), own("B")]);
  assembler.take(feedBar("A", 0, 10));
  assembler.releaseBefore(US_PER_MINUTE);
  assembler.take(feedBar("B", 0, 20));
  expect(lines).toEqual(["1: 0@0=10"]);
  expect(assembler.counts.late).toBe(1);
});

test("BarAssembler releases instants that are complete with the one before them that is not", () => {
  const { assembler, lines } = assembled([own("A"), own("B")]);
  assembler.take(feedBar("B", 0, 20));
  for (const minute of [1, 2]) for (const symbol of ["A", "B"]) assembler.take(feedBar(symbol, minute, 10));
  expect([lines, assembler.isWaiting]).toEqual([[], true]);
  assembler.releaseBefore(US_PER_MINUTE);
  expect([lines, assembler.isWaiting]).toEqual([["1: 1@0=20", "2: 0@1=10 1@1=10", "3: 0@2=10 1@2=10"], false]);
});

test("BarAssembler takes each bar once and refuses figures that are no prices", () => {
  const { assembler, lines } = assembled([own("A")]);
  assembler.take(feedBar("A", 0, 10));
  assembler.take(feedBar("A", 0, 10));
  assembler.take(feedBar("A", 1, Number.NaN));
  assembler.take(feedBar("A", 1, -5));
  assembler.take(feedBar("A", 1, 10, { high: "9" }));
  expect(lines).toEqual(["1: 0@0=10"]);
  expect(assembler.counts).toEqual({ duplicates: 1, late: 0, unreadable: 3 });
});

test("BarAssembler builds longer bars by the clock, the longer before the shorter", () => {
  const { assembler, lines } = assembled([own("A"), { symbol: "A", intervalUs: 3 * US_PER_MINUTE, isBuilt: true }]);
  [10, 12, 11, 13].forEach((close, minute) => {
    assembler.take(feedBar("A", minute, close));
  });
  expect(lines).toEqual(["1: 0@0=10", "2: 0@1=12", "3: 1@0=11 0@2=11", "4: 0@3=13"]);
});

test("BarAssembler ends a longer bar whose last part never came at its own end, before the next one begins", () => {
  const { assembler, lines } = assembled([own("A"), { symbol: "A", intervalUs: 3 * US_PER_MINUTE, isBuilt: true }]);
  assembler.take(feedBar("A", 0, 10));
  assembler.take(feedBar("A", 4, 14));
  expect(lines).toEqual(["1: 0@0=10", "3: 1@0=10", "5: 0@4=14"]);
});

test("BarAssembler goes on with the longer bar that a recovered session had begun", () => {
  const plans: readonly SeriesPlan[] = [own("A"), { symbol: "A", intervalUs: 3 * US_PER_MINUTE, isBuilt: true }];
  const { assembler, lines } = assembled(plans);
  [30, 12, 11].forEach((close, minute) => {
    const openUs = minute * US_PER_MINUTE;
    const bar = { kind: "bar", seriesIndex: 0, openUs, closeUs: openUs + US_PER_MINUTE } as const;
    if (minute < 2) assembler.remember({ ...bar, open: close, high: close, low: close, close, volume: 1 });
    else assembler.take(feedBar("A", minute, close));
  });
  expect(lines).toEqual(["3: 1@0=11 0@2=11"]);
});

test("BarAssembler takes no bar of which any figure stands outside its range, however plausible the others are", () => {
  const { assembler, lines } = assembled([own("A")]);
  assembler.take(feedBar("A", 0, 10, { open: "0" }));
  assembler.take(feedBar("A", 0, 10, { close: "-1", low: "1" }));
  assembler.take(feedBar("A", 0, 10, { high: "1e308", open: "NaN" }));
  assembler.take(feedBar("A", 0, 10, { high: "1e308" }));
  assembler.take(feedBar("A", 0, 10));
  expect(lines).toEqual(["1: 0@0=10"]);
  expect(assembler.counts.unreadable).toBe(4);
});
