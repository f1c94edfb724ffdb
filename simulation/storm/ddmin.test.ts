import fc from "fast-check";
import { expect, test } from "vitest";
import { ddmin } from "./ddmin.ts";

test("ddmin() finds exactly the elements that something needs, wherever they stand", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.uniqueArray(fc.nat(39), { maxLength: 4 }), async (length, wanted) => {
      const items = Array.from({ length }, (_, k) => k);
      const needed = wanted.filter((each) => each < length).sort((a, b) => a - b);
      const found = await ddmin(items, (part) => Promise.resolve(needed.every((each) => part.includes(each))), { left: 10_000 });
      expect(found).toEqual(needed);
    }),
  );
});

test("ddmin() stops when its budget is used up and gives what it has", async () => {
  const budget = { left: 3 };
  const found = await ddmin([1, 2, 3, 4, 5, 6, 7, 8], (part) => Promise.resolve(part.includes(8)), budget);
  expect(budget.left).toBe(0);
  expect(found).toContain(8);
});
