import { expect, test } from "vitest";
import { BarSeries } from "../market/bar-series.ts";
import type { OrderCommand } from "../model/command.ts";
import type { Fact } from "../model/fact.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { defineStrategy } from "../strategy/define-strategy.ts";
import { buy } from "../strategy/intent.ts";
import { Dice } from "../testing/dice.ts";
import { indicatedTrader } from "../testing/indicated-trader.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { FactDriver } from "./fact-driver.ts";

/** Bars that a series keeps. */
const CAPACITY = 24;

test("carry() refuses an engine that fills its own orders, and one whose commands nobody took", () => {
  const setup = { seed: 1, instruments: 1, hasLong: false, limits: 1, isMargin: false };
  const instruments = [instrument({ id: "T@PAPER" })];
  const paper = new Engine({
    instruments,
    series: [BarSeries.growing("in0", 0, US_PER_MINUTE, CAPACITY)],
    strategy: indicatedTrader(setup),
    options: engineOptions(),
  });
  expect(() => new FactDriver(paper).carry()).toThrow("only a live engine is carried");
  const eager = defineStrategy({ name: "eager", create: () => ({ onBar: () => buy({ quantity: 1 }) }) });
  const live = new Engine({
    instruments,
    series: [BarSeries.growing("main", 0, US_PER_MINUTE, CAPACITY)],
    strategy: eager(),
    options: engineOptions(),
    live: true,
  });
  const driver = new FactDriver(live);
  for (const fact of minuteOf(1)) driver.process(fact);
  expect(() => driver.carry()).toThrow("commands that nobody has taken");
  driver.takeCommands();
  const carried = driver.carry();
  expect(() => driver.resume(carried)).toThrow("an engine that has taken facts goes on from no other");
});

test("a strategy that remembers in its closure and neither saves nor restores decides otherwise after a restart: the law is not empty", () => {
  const forgetful = defineStrategy({
    name: "forgetful",
    create: () => {
      const dice = new Dice(3);
      return { onBar: () => (dice.chance(0.5) ? buy({ quantity: 1, limit: 1 }) : undefined) };
    },
  });
  const make = (): FactDriver =>
    new FactDriver(
      new Engine({
        instruments: [instrument({ id: "T@LIVE", lotScale: 0 })],
        series: [BarSeries.growing("main", 0, US_PER_MINUTE, CAPACITY)],
        strategy: forgetful(),
        options: engineOptions(),
        live: true,
      }),
    );
  const whole = make();
  const feed = (driver: FactDriver, minute: number): readonly OrderCommand[] => {
    for (const fact of minuteOf(minute)) driver.process(fact);
    return driver.takeCommands();
  };
  for (let minute = 1; minute <= 20; minute += 1) feed(whole, minute);
  const resumed = make();
  resumed.resume(structuredClone(whole.carry()));
  const later = (driver: FactDriver): readonly (readonly OrderCommand[])[] => Array.from({ length: 20 }, (_, k) => feed(driver, 21 + k));
  expect(later(resumed)).not.toEqual(later(whole));
});

/** A flat bar and its instant. */
function minuteOf(minute: number): readonly Fact[] {
  const closeUs = minute * US_PER_MINUTE;
  const head = { timeUs: closeUs, receiveUs: closeUs };
  const price = { open: 9, high: 9, low: 9, close: 9, volume: 0 };
  return [
    { kind: "bar", seq: 2 * minute, ...head, seriesIndex: 0, openUs: closeUs - US_PER_MINUTE, closeUs, ...price },
    { kind: "step", seq: 2 * minute + 1, ...head },
  ];
}
