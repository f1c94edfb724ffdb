import { expect, test } from "vitest";
import { daysFromCivil } from "../model/time.ts";
import { monthlyTable } from "./monthly-table.ts";

test("monthlyTable() compounds the returns of each month and of the year", () => {
  const days = Float64Array.from([
    daysFromCivil(2025, 12, 31),
    daysFromCivil(2026, 1, 1),
    daysFromCivil(2026, 1, 31),
    daysFromCivil(2026, 2, 1),
    daysFromCivil(2026, 2, 2),
  ]);
  const table = monthlyTable(days, Float64Array.from([0.05, 0.1, 0.1, -0.5, Number.NaN]));
  const empty = (count: number): null[] => Array.from({ length: count }, () => null);
  expect(table).toEqual([
    { year: 2025, months: [...empty(11), expect.closeTo(0.05, 14)], total: expect.closeTo(0.05, 14) },
    { year: 2026, months: [expect.closeTo(0.21, 14), -0.5, ...empty(10)], total: expect.closeTo(1.21 * 0.5 - 1, 14) },
  ]);
});

test("monthlyTable() of nothing has no rows", () => {
  expect(monthlyTable(new Float64Array(0), new Float64Array(0))).toEqual([]);
});
