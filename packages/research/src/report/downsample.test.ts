import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pixelExtremes } from "./downsample.ts";

const column = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 400 });
const buckets = fc.integer({ min: 1, max: 20 });

describe("pixelExtremes()", () => {
  test("keeps the first and the last point", () => {
    fc.assert(
      fc.property(column, buckets, (values, count) => {
        const kept = pixelExtremes([values], count);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(values.length - 1);
      }),
    );
  });

  test("keeps the lowest and the highest value of every series", () => {
    fc.assert(
      fc.property(column, fc.double({ noNaN: true, min: -3, max: 3 }), buckets, (values, slope, count) => {
        const other = values.map((value, index) => slope * index - value);
        const kept = [...pixelExtremes([values, other], count)];
        for (const series of [values, other]) {
          const drawn = kept.map((index) => series[index]!);
          expect(Math.min(...drawn)).toBe(Math.min(...series));
          expect(Math.max(...drawn)).toBe(Math.max(...series));
        }
      }),
    );
  });

  test("returns places in increasing order, each once", () => {
    fc.assert(
      fc.property(column, buckets, (values, count) => {
        const kept = [...pixelExtremes([values], count)];
        for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1]!);
      }),
    );
  });

  test("keeps at most four points per bucket of one series, and everything of a short one", () => {
    fc.assert(
      fc.property(column, buckets, (values, count) => {
        const kept = pixelExtremes([values], count);
        expect(kept.length).toBeLessThanOrEqual(4 * count);
        if (values.length <= 4 * count) expect(kept).toHaveLength(values.length);
      }),
    );
  });

  test("never takes NaN for an extreme", () => {
    const values = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? Number.NaN : index === 22 ? -5 : 1));
    expect([...pixelExtremes([values], 2)]).toContain(22);
  });

  test("returns nothing when there is no point", () => {
    expect(pixelExtremes([[]], 10)).toHaveLength(0);
    expect(pixelExtremes([], 10)).toHaveLength(0);
  });
});
