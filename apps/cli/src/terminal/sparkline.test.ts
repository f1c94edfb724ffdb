import { expect, test } from "vitest";
import { sparkline } from "./sparkline.ts";

test("sparkline() draws the lowest value lowest and the highest highest", () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 20)).toBe("▁▂▃▄▅▆▇█");
});

test("sparkline() thins out long series and keeps both ends", () => {
  const long = Float64Array.from({ length: 1_000 }, (_, i) => i);
  const line = sparkline(long, 10);
  expect(line).toHaveLength(10);
  expect([line[0], line[9]]).toEqual(["▁", "█"]);
});

test("sparkline() is flat for a constant, has gaps for missing values, and is empty for none", () => {
  expect(sparkline([5, 5, 5], 10)).toBe("▄▄▄");
  expect(sparkline([1, Number.NaN, 2], 10)).toBe("▁ █");
  expect(sparkline([], 10)).toBe("");
});
