import { US_PER_DAY } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { ROUND_TRIPS_SHOWN, reportData, shownRoundTrips } from "./report-data.ts";
import { sp500ReportModel } from "./testing/sp500-report-model.ts";

const model = sp500ReportModel();
const [prices] = model.prices;

describe("reportData()", () => {
  test("counts every fill in exactly one row, in the bar that it happened in", () => {
    const { fills, prices: drawn } = reportData(model);
    expect(fills.count.reduce((sum, count) => sum + count, 0)).toBe(model.markers.length);
    const first = model.markers[0]!;
    expect(drawn[0]!.t[fills.bar[0]!]).toBe(first.timeUs / 1e6);
  });

  test("adds up fills of one side in one bar and averages their price by quantity", () => {
    const fill = { ...model.markers[0]!, reason: "first", orderId: 7 };
    const { fills } = reportData({
      ...model,
      markers: [
        { ...fill, quantity: 1, price: 100 },
        { ...fill, quantity: 3, price: 200, reason: "second" },
      ],
    });
    expect(fills).toMatchObject({ count: [2], quantity: [4], price: [175], orderId: [-1], reason: [-1] });
  });

  test("keeps order, reason and cause of a fill that is alone in its bar", () => {
    const { fills, texts } = reportData({ ...model, markers: [model.markers[1]!] });
    expect(fills.orderId).toEqual([2]);
    expect(texts[fills.reason[0]!]).toBe("fast average crossed below slow");
    expect(texts[fills.cause[0]!]).toBe("order");
  });

  test("leaves out a fill of an instrument that has no prices", () => {
    expect(reportData({ ...model, markers: [{ ...model.markers[0]!, instrumentId: "OTHER@TEST" }] }).fills.bar).toEqual([]);
  });

  test("draws the deepest drawdown of a series that is far too long", () => {
    const length = 200_000;
    const timeUs = Float64Array.from({ length }, (_, index) => index * US_PER_DAY);
    const equity = new Float64Array(length).fill(100);
    const drawdown = new Float64Array(length);
    drawdown[123_457] = -0.5;
    const drawn = reportData({ ...model, equity: { timeUs, equity, drawdown } }).equity;
    expect(drawn.t.length).toBeLessThan(10_000);
    expect(drawn.t[drawn.drawdown.indexOf(-0.5)]).toBe(123_457 * 86_400);
    expect(drawn.benchmark).toBeNull();
  });

  test("shares the room for bars among many instruments", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...prices!, instrumentId: `I${index}@TEST` }));
    const drawn = reportData({ ...model, prices: many }).prices;
    expect(drawn.reduce((sum, { t }) => sum + t.length, 0)).toBeLessThanOrEqual(11_000);
  });
});

describe("shownRoundTrips()", () => {
  test("lists all of few round trips by id", () => {
    expect(shownRoundTrips([...model.roundTrips].reverse())).toEqual(model.roundTrips);
  });

  test("lists those that moved the most money out of too many", () => {
    const rows = Array.from({ length: ROUND_TRIPS_SHOWN + 10 }, (_, index) => ({
      ...model.roundTrips[0]!,
      id: index + 1,
      profit: index % 2 ? -index : index,
    }));
    const shown = shownRoundTrips(rows);
    expect(shown).toHaveLength(ROUND_TRIPS_SHOWN);
    expect(shown[0]!.id).toBe(11);
    expect(shown.at(-1)!.id).toBe(ROUND_TRIPS_SHOWN + 10);
  });
});
