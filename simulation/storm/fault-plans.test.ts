import { expect, test } from "vitest";
import { kindsAt } from "./fault-kinds.ts";
import { scenarioOf } from "./scenario.ts";

test("scenarioOf() gives one seed one plan, and every edge only what can strike there", () => {
  for (const edge of ["port", "wire", "book"] as const) {
    const among = kindsAt(edge);
    for (let seed = 1; seed <= 60; seed += 1) {
      const { faults, mode } = scenarioOf(seed, { among });
      expect(scenarioOf(seed, { among }).faults).toEqual(faults);
      expect(faults.every(({ kind }) => among.includes(kind))).toBe(true);
      if (mode === "calm") expect(faults).toEqual([]);
    }
  }
});

test("scenarioOf() brings the faults of a combination at the same times", () => {
  const directed = Array.from({ length: 200 }, (_, k) => scenarioOf(k + 1)).filter(({ mode }) => mode === "directed");
  const pairs = directed.filter(({ faults }) => new Set(faults.map(({ kind }) => kind)).size === 2);
  expect(pairs.length).toBeGreaterThan(5);
  for (const { faults } of pairs) {
    const [first] = faults;
    const of = (isFirst: boolean): number[] => faults.filter(({ kind }) => (kind === first!.kind) === isFirst).map(({ atUs }) => atUs);
    if (of(true).length === of(false).length && !faults.some(({ kind }) => kind === "F74")) expect(of(true)).toEqual(of(false));
  }
});
