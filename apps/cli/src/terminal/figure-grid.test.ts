import fc from "fast-check";
import { expect, test } from "vitest";
import { figureGrid } from "./figure-grid.ts";
import { textWidth } from "./wrap-text.ts";

const items = [
  ["Final equity", "123,456.78 USD"],
  ["Return", "23.5 %"],
  ["Sharpe", "0.84"],
  ["Max drawdown", "-12.1 %"],
  ["Fees", "321.00"],
] as const;

test("figureGrid() puts three columns side by side when there is room", () => {
  expect(figureGrid(items, 100)).toEqual([
    "  Final equity  123,456.78 USD    Sharpe           0.84    Fees  321.00",
    "  Return                23.5 %    Max drawdown  -12.1 %",
  ]);
});

test("figureGrid() puts one under the other on a narrow terminal", () => {
  expect(figureGrid(items, 40)).toEqual([
    "  Final equity  123,456.78 USD",
    "  Return                23.5 %",
    "  Sharpe                  0.84",
    "  Max drawdown         -12.1 %",
    "  Fees                  321.00",
  ]);
});

test("figureGrid() is never wider than the terminal and loses no figure", () => {
  const item = fc.tuple(fc.stringMatching(/^[A-Z][a-z]{2,12}$/), fc.stringMatching(/^[0-9]{1,9}$/));
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 20 }), fc.integer({ min: 32, max: 200 }), (figures, width) => {
      const lines = figureGrid(figures, width);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      for (const [label, value] of figures) expect(lines.some((line) => line.includes(label) && line.includes(value))).toBe(true);
    }),
  );
});

test("figureGrid() is empty without figures", () => {
  expect(figureGrid([], 80)).toEqual([]);
});
