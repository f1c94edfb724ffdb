import { type Bar, barColumnsOf, type CalendarName, timeUsFromCivil, US_PER_DAY, US_PER_MINUTE } from "@tradepulse/core";
import { expect, test } from "vitest";
import { dayOfWeek } from "../time/calendar.ts";
import { checkBars } from "./check-bars.ts";
import { formatFinding, gatherFindings } from "./finding.ts";
import { inspectBars } from "./inspect-bars.ts";

const START = timeUsFromCivil(2024, 1, 1);

function bar(openUs: number, intervalUs: number, close: number, part: Partial<Bar> = {}): Bar {
  return { openUs, closeUs: openUs + intervalUs, open: close, high: close + 1, low: close - 1, close, volume: 10, ...part };
}

function minutes(count: number, change: (i: number) => Partial<Bar> = () => ({})): Bar[] {
  return Array.from({ length: count }, (_, i) => bar(START + i * US_PER_MINUTE, US_PER_MINUTE, 100 + (i % 3) * 0.1, change(i)));
}

function inspected(bars: readonly Bar[], calendar: CalendarName = "24/7", intervalUs = US_PER_MINUTE): string[] {
  const columns = barColumnsOf(bars);
  const counts = checkBars({ ...columns, volume: columns.volumeKnown ? columns.volume : undefined });
  if ("problem" in counts) throw new Error(counts.problem);
  return inspectBars({ instrument: "X@T", columns, intervalUs, calendar, zone: undefined, counts }).map(formatFinding);
}

test("inspectBars() finds nothing in plain bars", () => {
  expect(inspected(minutes(100))).toEqual([]);
});

test("inspectBars() counts gaps, bars missing in them, and those that are not whole bars long", () => {
  const bars = minutes(20).filter((_, i) => i !== 5 && i !== 6 && i !== 12);
  expect(inspected(bars)).toMatchInlineSnapshot(`
    [
      "warning  gaps             X@T: 2 gaps, 3 bars missing against 24/7 at 1m, the longest from 2024-01-01T00:05Z",
    ]
  `);
  const shifted = bars.map((one, i) => (i < 10 ? one : { ...one, openUs: one.openUs + 1_000_000, closeUs: one.closeUs + 1_000_000 }));
  expect(inspected(shifted).join("\n")).toContain("1 gap not a whole number of 1m bars long");
});

test("inspectBars() expects no bar at the weekend or overnight in a market of weekdays", () => {
  const days = Array.from({ length: 28 }, (_, i) => START + i * US_PER_DAY).filter((at) => ![0, 6].includes(dayOfWeek(at / US_PER_DAY)));
  const daily = days.map((at) => bar(at, US_PER_DAY, 100));
  expect(inspected(daily, "weekdays", US_PER_DAY)).toEqual([]);
  expect(inspected(daily.toSpliced(7, 1), "weekdays", US_PER_DAY).join("\n")).toContain("1 gap, 1 weekday missing");
  const overnight = [0, 1].flatMap((day) => [0, 1, 2].map((i) => bar(START + day * US_PER_DAY + i * US_PER_MINUTE, US_PER_MINUTE, 100)));
  expect(inspected(overnight, "weekdays")).toEqual([]);
});

test("inspectBars() counts bars that open before the one above has closed", () => {
  const bars = minutes(10).map((one) => ({ ...one, closeUs: one.openUs + 2 * US_PER_MINUTE }));
  expect(inspected(bars).join("\n")).toContain("9 bars opening before the one above has closed");
});

test("inspectBars() counts opens and closes outside low to high beyond rounding", () => {
  expect(inspected(minutes(10, (i) => (i === 4 ? { open: 105 } : {})))).toMatchInlineSnapshot(`
    [
      "warning  ohlc-range       X@T: 1 bar with an open or close outside low to high, the first at 2024-01-01T00:04Z",
    ]
  `);
  expect(inspected(minutes(10, (i) => (i === 4 ? { open: 101.100_000_000_05, high: 101.1, close: 101.1 } : {})))).toEqual([]);
});

test("inspectBars() counts bars without volume, and says when volume is unknown", () => {
  expect(inspected(minutes(10, (i) => (i < 3 ? { volume: 0 } : {})))).toEqual(["note     zero-volume      X@T: 3 bars without volume"]);
  expect(inspected(minutes(10, () => ({ volume: Number.NaN })))).toEqual([
    "note     volume-unknown   X@T: no volume column: volume is unknown",
  ]);
});

test("inspectBars() finds a bad close, a bad low and a run without movement", () => {
  expect(inspected(minutes(200, (i) => (i === 50 ? { open: 10, high: 11, low: 9, close: 10 } : {}))).join("\n")).toContain(
    "2 closes far from the one before, the farthest 900",
  );
  expect(inspected(minutes(200, (i) => (i === 50 ? { low: 0.01 } : {}))).join("\n")).toContain(
    "1 bar with a high or low far from both open and close, the first at 2024-01-01T00:50Z",
  );
  const still = { open: 100, high: 100, low: 100, close: 100 };
  expect(inspected(minutes(60, (i) => (i >= 30 && i < 51 ? still : {}))).join("\n")).toContain("1 run of 20 or more bars without movement");
});

test("gatherFindings() tells in one line what more than three instruments share", () => {
  const shared = ["A", "B", "C", "D"].map(
    (instrument) => ({ code: "gaps", severity: "warning", instrument, count: 2, text: "2 gaps" }) as const,
  );
  expect(gatherFindings(shared)).toEqual([{ ...shared[0], count: 8, text: "2 gaps; likewise 3 other instruments" }]);
  expect(gatherFindings(shared.slice(0, 3))).toHaveLength(3);
});

test("inspectBars() takes the missing weekdays of a year for holidays, and a missing fortnight for a gap", () => {
  const gapsOf = (isMissing: (weekday: number) => boolean): string | undefined => {
    const rows: Bar[] = [];
    for (let day = 0, weekday = 0; rows.length < 252; day += 1) {
      // START is a Monday.
      if (day % 7 >= 5) continue;
      weekday += 1;
      if (!isMissing(weekday)) rows.push(bar(START + day * US_PER_DAY, US_PER_DAY, 100 + (weekday % 3) * 0.1));
    }
    return inspected(rows, "weekdays", US_PER_DAY).find((line) => line.includes("missing against weekdays"));
  };
  expect(gapsOf((weekday) => weekday % 28 === 0)).toMatch(/^note/);
  expect(gapsOf((weekday) => weekday > 100 && weekday <= 110)).toMatch(/^warning/);
});
