import { barColumnsOf, type Fill, instrument } from "@tradepulse/core";
import { expect, test } from "vitest";
import { grossNotionalAt } from "./gross-notional.ts";

function fill(timeUs: number, instrumentIndex: number, side: 1 | -1, lots: number): Fill {
  return { timeUs, instrumentIndex, side, lots } as Fill;
}

function closes(...values: readonly number[]) {
  return barColumnsOf(
    values.map((close, row) => ({ openUs: row, closeUs: row + 1, open: close, high: close, low: close, close, volume: 1 })),
  );
}

test("grossNotionalAt() adds the sizes of long and short positions at the closes seen so far", () => {
  const instruments = [
    instrument({ id: "A@T", lotScale: 1 }),
    instrument({ id: "B@T", lotScale: 0, multiplier: { numerator: 50, denominator: 1 } }),
  ];
  const fills = [fill(1, 0, 1, 20), fill(2, 1, -1, 3), fill(3, 0, -1, 20)];
  const gross = grossNotionalAt(Float64Array.of(0, 1, 2, 3, 9), fills, instruments, [closes(10, 11, 12), closes(5, 6)]);
  // 20 lots of a tenth at 10; then at 11, and 3 contracts of 50 at 6; then these alone.
  expect([...gross]).toEqual([0, 20e6, 22e6 + 900e6, 900e6, 900e6]);
});
