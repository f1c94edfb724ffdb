import { expect, test } from "vitest";
import { BAD_INPUT, InputCounters } from "./input-counters.ts";

test("InputCounters counts by source and kind, and shows what was counted", () => {
  const counters = new InputCounters();
  counters.count("rest", "unreadable");
  counters.count("rest", "unreadable", 2);
  counters.count("bars", "prices");
  expect(counters.rows()).toEqual([
    { source: "rest", kind: "unreadable", count: 3 },
    { source: "bars", kind: "prices", count: 1 },
  ]);
  expect([counters.total, counters.of("rest", "unreadable"), counters.of("rest", "strange")]).toEqual([4, 3, 0]);
});

test("snapshot() has every series from the beginning, and no other ever", () => {
  const counters = new InputCounters();
  const cells = Object.values(BAD_INPUT).reduce((sum, kinds) => sum + kinds.length, 0);
  expect(counters.snapshot().samples).toHaveLength(cells);
  counters.count("operator", "unreadable");
  const { name, type, samples } = counters.snapshot();
  expect([name, type, samples.length]).toEqual(["tradepulse_bad_input_total", "counter", cells]);
  expect(samples.filter(({ value }) => value > 0)).toEqual([{ labels: { source: "operator", kind: "unreadable" }, value: 1 }]);
  for (const { labels } of samples) expect(Object.values(labels).join("")).toMatch(/^[a-z-]+$/);
});
