import { expect, test } from "vitest";
import type { Violation } from "../oracle/violation.ts";
import { scenarioOf } from "./scenario.ts";
import { testOf, timelineOf } from "./timeline.ts";

const violation: Violation = { invariant: "I04", atUs: 5, text: "the order tp-1-2 was sent twice", about: "tp-1-2" };

test("timelineOf() keeps at most twenty lines, those about the order, the last of them the violation", () => {
  const venue = Array.from({ length: 60 }, (_, k) => ({ atUs: k, who: "venue" as const, text: `AAAUSDT tp-1-${k % 3} BUY NEW` }));
  const oracle = { atUs: 60, who: "oracle" as const, text: `I04 is violated: ${violation.text}` };
  const lines = timelineOf([...venue, oracle, ...venue], violation);
  expect(lines).toHaveLength(20);
  expect(lines.at(-1)).toContain("I04 is violated");
  expect(lines.slice(0, -1).every((line) => line.includes("tp-1-2"))).toBe(true);
});

test("testOf() is the text of a test that plays the same scenario at its edge", () => {
  const scenario = scenarioOf(7);
  for (const [edge, run] of [
    ["port", "runStorm"],
    ["wire", "runWireStorm"],
    ["book", "runBookStorm"],
  ] as const) {
    const text = testOf({ scenario, violation }, edge);
    expect(text).toContain(`import { ${run} } from`);
    const from = text.indexOf(`${run}({`) + run.length + 1;
    expect(JSON.parse(text.slice(from, text.lastIndexOf("});\n  expect") + 1))).toEqual(JSON.parse(JSON.stringify(scenario)));
  }
});
