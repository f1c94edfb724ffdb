import { expect, test } from "vitest";
import { barColumnsOf } from "../model/bar.ts";
import { excursionOf } from "./excursion.ts";

const bar = (i: number, low: number, high: number) => ({
  openUs: i * 10,
  closeUs: (i + 1) * 10,
  open: low,
  high,
  low,
  close: high,
  volume: 1,
});
const bars = barColumnsOf([bar(0, 50, 300), bar(1, 95, 120), bar(2, 80, 110), bar(3, 1, 900)]);

test("excursionOf() reads the bars between entry and exit, and no others", () => {
  const trip = { side: 1, entryUs: 10, exitUs: 30, entryPrice: 100, exitPrice: 105 } as const;
  expect(excursionOf(trip, bars)).toEqual({ favourable: expect.closeTo(0.2, 14), adverse: expect.closeTo(-0.2, 14) });
});

test("excursionOf() mirrors for a short and counts the exit price", () => {
  const short = { side: -1, entryUs: 10, exitUs: 20, entryPrice: 100, exitPrice: 90 } as const;
  expect(excursionOf(short, bars)).toEqual({ favourable: expect.closeTo(0.1, 14), adverse: expect.closeTo(-0.2, 14) });
  expect(excursionOf({ ...short, entryUs: 10, exitUs: 10 }, bars)).toEqual({ favourable: expect.closeTo(0.1, 14), adverse: 0 });
});
