import { buy, close, defineStrategy, type Intent } from "@tradepulse/core";
import { expect, test } from "vitest";
import { DecisionAge } from "./decision-age.ts";
import { SessionStage } from "./session-stage.ts";

const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;

function watched() {
  const alarms: string[] = [];
  const clock = { nowUs: 0 };
  const age = new DecisionAge({ monoUs: () => clock.nowUs, lifeUs: 60 * SECOND, onAlarm: (text) => alarms.push(text) });
  /** A bar that closed at `closeUs` arrives; true when what is decided on it is late. */
  const decided = (closeUs: number): boolean => {
    const command = {};
    age.arrived(closeUs);
    age.at(closeUs, () => age.note(command));
    return age.isLate(command);
  };
  return { age, alarms, clock, decided };
}

test("DecisionAge measures by the bar that came soonest, whatever the two clocks show, and tells of each late instant once", () => {
  const { alarms, clock, decided } = watched();
  const venueUs = 1_700_000_000 * SECOND;
  expect(decided(venueUs)).toBe(false);
  clock.nowUs = 120 * SECOND;
  expect(decided(venueUs + 60 * SECOND)).toBe(false);
  clock.nowUs = 190 * SECOND;
  expect([decided(venueUs + 120 * SECOND), decided(venueUs + 120 * SECOND), decided(venueUs + 180 * SECOND)]).toEqual([true, true, false]);
  expect(alarms).toEqual(["bars arrived 70 s late: what was decided on them opens no position (allowed are 60 s)"]);
});

test("DecisionAge follows clocks that drift apart for weeks", () => {
  const { clock, decided } = watched();
  let lates = 0;
  for (let minute = 1; minute < 40 * 24 * 60; minute += 1) {
    const closeUs = minute * 60 * SECOND;
    // Fifty millionths fast: a minute in two weeks.
    clock.nowUs = closeUs * 1.00005 + 500_000;
    if (decided(closeUs)) lates += 1;
  }
  expect(lates).toBe(0);
  const closeUs = 40 * 24 * HOUR;
  clock.nowUs = closeUs * 1.00005 + 90 * SECOND;
  expect(decided(closeUs)).toBe(true);
});

test("DecisionAge calls nothing late that was decided on news", () => {
  const { age, clock } = watched();
  age.arrived(0);
  clock.nowUs = HOUR;
  const command = {};
  age.note(command);
  expect(age.isLate(command)).toBe(false);
});

const late = (wishes: (index: number) => Intent | readonly Intent[] | undefined) =>
  new SessionStage({ strategy: defineStrategy({ name: "late", create: () => ({ onBar: ({ index }) => wishes(index) }) })() });

test("what was decided on a bar that arrives a minute late opens no position; what gets out of one may go", async () => {
  const stage = late((index) => (index === 0 ? buy({ quantity: 1, limit: 100 }) : [close(), buy({ quantity: 1, limit: 90 })]));
  await stage.start();
  await stage.bar(100);
  stage.venue.fill(stage.clientId(1), "1");
  await stage.run(180 * SECOND);
  // A person's word came meanwhile: facts have moved on, the bar has not.
  stage.session.operate("reduce-only", "a person");
  stage.session.operate("enable", "a person");
  // The bar of the second minute comes two minutes after its close.
  await stage.bar(101);
  expect(stage.venue.sent.slice(1).map(({ side, type }) => `${side} ${type}`)).toEqual(["sell market"]);
  expect(stage.news(3)).toEqual(["rejected"]);
  expect(stage.alarms).toEqual(["bars arrived 120 s late: what was decided on them opens no position (allowed are 60 s)"]);
});

test("an order decided on a bar in time is sent however far our wall clock is off", async () => {
  const stage = late(() => buy({ quantity: 0.1, limit: 90 }));
  await stage.start();
  stage.env.wallAheadUs = -HOUR;
  await stage.bar(100);
  await stage.bar(100);
  expect(stage.venue.sent).toHaveLength(2);
});
