import { expect, test } from "vitest";
import { BarSeries } from "../market/bar-series.ts";
import { instrument } from "../model/instrument.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { type BoundStrategy, defineStrategy, type Reactions } from "../strategy/define-strategy.ts";
import { Engine } from "./engine.ts";
import { engineOptions } from "./engine-options.ts";
import { FactDriver } from "./fact-driver.ts";

function driverOf(strategy: BoundStrategy): FactDriver {
  return new FactDriver(
    new Engine({
      instruments: [instrument({ id: "T@LIVE" })],
      series: [BarSeries.growing("main", 0, US_PER_MINUTE, 8)],
      strategy,
      options: engineOptions(),
      live: true,
    }),
  );
}

const remembering = (reactions: Reactions): BoundStrategy => defineStrategy({ name: "remembering", create: () => reactions })();

test("a strategy that saves without restoring, or restores without saving, is refused at its start", () => {
  expect(() => driverOf(remembering({ save: () => 1 }))).toThrow(
    'TP_STRATEGY_MEMORY: Cannot start "remembering": create gives save without restore',
  );
  expect(() => driverOf(remembering({ restore: () => undefined }))).toThrow("create gives restore without save");
});

test("carry() refuses what is no plain data by its path, and resume() gives back a copy", () => {
  const odd = driverOf(remembering({ save: () => ({ seen: new Set() }) as never, restore: () => undefined }));
  expect(() => odd.carry()).toThrow('Cannot keep what save of "remembering" gave: value.seen is a Set');
  const given: unknown[] = [];
  const memory = { levels: [1, Number.NaN] };
  const saving = (): BoundStrategy => remembering({ save: () => memory, restore: (saved) => void given.push(saved) });
  const carried = driverOf(saving()).carry();
  memory.levels[0] = 7;
  driverOf(saving()).resume(carried);
  expect(given).toEqual([{ levels: [1, Number.NaN] }]);
  (given[0] as { levels: number[] }).levels[0] = 9;
  expect(carried.memory).toEqual({ levels: [1, Number.NaN] });
});

test("what save or restore throws is named", () => {
  const failing = (what: "save" | "restore"): BoundStrategy => {
    const fail = (): never => {
      throw new RangeError("no level");
    };
    return remembering({ save: () => 1, restore: () => undefined, [what]: fail });
  };
  expect(() => driverOf(failing("save")).carry()).toThrow('Cannot save the memory of "remembering": its save threw "RangeError: no level"');
  const carried = driverOf(remembering({ save: () => 1, restore: () => undefined })).carry();
  expect(() => driverOf(failing("restore")).resume(carried)).toThrow('its restore threw "RangeError: no level"');
});

test("isRestartable is what the strategy declares: it saves, or has nothing to save", () => {
  const hostOf = (strategy: BoundStrategy) =>
    new Engine({
      instruments: [instrument({ id: "T@LIVE" })],
      series: [BarSeries.growing("main", 0, US_PER_MINUTE, 8)],
      strategy,
      options: engineOptions(),
    }).host;
  expect(hostOf(remembering({})).isRestartable).toBe(false);
  expect(hostOf(remembering({ save: () => null, restore: () => undefined })).isRestartable).toBe(true);
  expect(hostOf(defineStrategy({ name: "plain", remembers: "indicators", create: () => ({}) })()).isRestartable).toBe(true);
});
