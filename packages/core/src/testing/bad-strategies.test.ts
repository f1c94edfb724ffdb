import { describe, expect, test } from "vitest";
import { runHash } from "../engine/digest.ts";
import { causeName, EventKind } from "../model/event.ts";
import { FailureError } from "../model/failure.ts";
import { strategyCodes } from "../strategy/codes.ts";
import { BAD_STRATEGIES, type BadOutcome, type BadStrategy } from "./bad-strategies.ts";
import { bars } from "./bars.ts";
import { firstDifference, shuffled } from "./future.ts";
import { runTest } from "./play.ts";

const market = bars("100 101 99 102 98 103 97 104 96 105 95 106");
const options = { capital: 100_000 };
const withOutcome = <K extends BadOutcome["kind"]>(kind: K) =>
  BAD_STRATEGIES.filter(
    (each): each is BadStrategy & { readonly outcome: Extract<BadOutcome, { readonly kind: K }> } => each.outcome.kind === kind,
  );
const DRIVERS = ["bars", "steps", "facts"] as const;

describe("a coded failure that names strategy, reaction and instant", () => {
  test.each(withOutcome("failure"))("$name $about", ({ name, make, outcome }) => {
    for (const driver of DRIVERS) {
      let caught: unknown;
      try {
        runTest(make(market.columns.close), market, { ...options, driver });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(FailureError);
      const { failure } = caught as FailureError;
      expect(failure.code).toBe(outcome.code);
      expect(strategyCodes[failure.code]).toBeDefined();
      const place = failure.details.find(([label]) => label === "strategy")?.[1];
      // The bad bar closes at 00:04; a fill of its order is told with the next.
      expect(place).toBe(`${name}, ${outcome.reaction}, 1970-01-01T00:0${outcome.reaction === "onFill" ? 5 : 4}Z`);
    }
  });
});

describe("a refusal that is an event, and the run goes on", () => {
  test.each(withOutcome("refusal"))("$name $about", ({ make, outcome }) => {
    for (const driver of DRIVERS) {
      const engine = runTest(make(market.columns.close), market, { ...options, driver });
      const refused = engine.events.records().filter(({ kind }) => kind === EventKind.refused);
      expect(refused.map(({ fields }) => causeName(fields[0]!))).toEqual([outcome.cause]);
      expect(refused[0]!.timeUs).toBe(240_000_000);
      expect(engine.equity).toBe(100_000);
    }
  });
});

describe("a finding of the check", () => {
  const check = (name: string): BadStrategy => BAD_STRATEGIES.find((each) => each.name === name)!;

  test("keeps-module-state gives another run the second time", () => {
    const hash = (): string => runHash(runTest(check("keeps-module-state").make(market.columns.close), market, options).events);
    expect(hash()).not.toBe(hash());
  });

  test("reads-ahead decides otherwise when the future is cut off or shuffled", () => {
    const { make } = check("reads-ahead");
    const cuts = [3, 4, 5, 6, 7, 8, 9];
    const caught = (other: (cut: number) => typeof market): number =>
      cuts.filter((cut) => firstDifference(({ columns }) => make(columns.close), other(cut), cut, options) !== undefined).length;
    expect(caught(() => market)).toBeGreaterThan(0);
    expect(caught((cut) => shuffled(market, cut, 1))).toBeGreaterThan(0);
  });

  test("everything found that way is named here", () => {
    expect(withOutcome("found-by-check").map(({ name }) => name)).toEqual(["keeps-module-state", "reads-ahead"]);
  });
});

test("a promise that fails later does not end the process", async () => {
  const { make } = BAD_STRATEGIES.find(({ name }) => name === "returns-a-failing-promise")!;
  expect(() => runTest(make(market.columns.close), market, options)).toThrow(FailureError);
  // An unhandled rejection would be raised between here and the next macrotask, and fail this test run.
  await new Promise((resolve) => setTimeout(resolve, 5));
});

test("no strategy of the corpus can reach the columns behind a bar", () => {
  const engine = runTest(BAD_STRATEGIES[0]!.make(market.columns.close), bars("100 101"), options);
  const bar = engine.host.bars[0]!;
  expect(Object.values(bar as unknown as Record<string, unknown>).filter((value) => typeof value === "object")).toEqual([]);
});
