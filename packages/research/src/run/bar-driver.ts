import type { BarDriver } from "@tradepulse/core";

const drivers = new Map<string, Promise<BarDriver>>();

/**
 * A copy of the bar loop for one strategy definition. V8 specialises a loop by what it has seen: one loop for all strategies would
 * call each of them the slow way. Only our own few lines are loaded again, never the user's file.
 */
export function barDriverFor(definition: string): Promise<BarDriver> {
  let driver = drivers.get(definition);
  if (driver === undefined) {
    const copy = `${import.meta.resolve("@tradepulse/core/drive-bars")}?copy=${encodeURIComponent(definition)}`;
    driver = import(copy).then((module: { readonly driveBars: BarDriver }) => module.driveBars);
    drivers.set(definition, driver);
  }
  return driver;
}
