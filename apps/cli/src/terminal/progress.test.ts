import { expect, test } from "vitest";
import { progressText } from "./progress.ts";

test("progressText() tells the share, the time left, the count and the speed", () => {
  expect(progressText("backtest", "bars", { done: 2_500_000, total: 10_000_000 }, 0.5)).toBe(
    "backtest  25 %  0:02 left  2,500,000 of 10,000,000 bars  5.0 M bars/s",
  );
});

test("progressText() shows no time left at the start and at the end", () => {
  expect(progressText("reading", "MB", { done: 0, total: 80 }, 0)).toBe("reading  0 %  0 of 80 MB  0 MB/s");
  expect(progressText("reading", "MB", { done: 80, total: 80 }, 2)).toBe("reading  100 %  80 of 80 MB  40 MB/s");
});

test("progressText() writes long times in hours", () => {
  expect(progressText("check", "bars", { done: 1, total: 7_202 }, 1)).toContain("2:00:01 left");
});
