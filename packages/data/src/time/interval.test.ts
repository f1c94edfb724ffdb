import { timeUsFromCivil, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "@tradepulse/core";
import { expect, test } from "vitest";
import { inferInterval, intervalName, readInterval, US_PER_MONTH } from "./interval.ts";

const at = (...times: number[]): Float64Array => Float64Array.from(times);

test("inferInterval() takes the commonest difference when some bars are missing", () => {
  expect(inferInterval(at(0, 1, 2, 3, 9, 10).map((n) => n * US_PER_MINUTE))).toBe(US_PER_MINUTE);
});

test("inferInterval() sees days when weekends are missing", () => {
  expect(inferInterval(at(0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14).map((n) => n * US_PER_DAY))).toBe(US_PER_DAY);
});

test("inferInterval() finds the second when a thin market trades every now and then", () => {
  const seconds = at(0, 31, 33, 34, 64, 94, 97, 127, 128, 158, 160, 190, 193, 194, 224);
  expect(inferInterval(seconds.map((n) => n * US_PER_SECOND))).toBe(US_PER_SECOND);
});

test("inferInterval() sees months when days apart are 28 to 31", () => {
  expect(inferInterval(Float64Array.from({ length: 14 }, (_, month) => timeUsFromCivil(2023, 1 + month, 1)).map((t) => t))).toBe(
    US_PER_MONTH,
  );
});

test("inferInterval() cannot tell from a single row", () => {
  expect(inferInterval(at(5))).toBeUndefined();
});

test("intervalName() and readInterval() undo each other, months included", () => {
  for (const name of ["1s", "5m", "4h", "1d", "1w", "1mo"]) expect(intervalName(readInterval(name)!)).toBe(name);
  expect(readInterval("1y")).toBeUndefined();
  expect(readInterval("4h")).toBe(4 * US_PER_HOUR);
});
