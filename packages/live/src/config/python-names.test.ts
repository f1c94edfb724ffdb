import { expect, test } from "vitest";
import * as live from "../index.ts";
import { adapterOfClass, classNames, pythonNames } from "./python-names.ts";

test.each([
  ["execution.adapters.BinanceRESTConnector", "binance"],
  ["BinanceRESTConnector", "binance"],
  ["binance", "binance"],
  ["execution.adapters.KrakenRESTConnector", "kraken"],
  ["execution.adapters.CoinbaseRESTConnector", "coinbase"],
])("adapterOfClass() reads %s as %s", (name, adapter) => {
  expect(adapterOfClass(name)).toBe(adapter);
});

test("adapterOfClass() knows no class that the table does not list, and no name of the guide that is no venue", () => {
  expect(adapterOfClass("execution.adapters.Bitmex")).toBeUndefined();
  expect(adapterOfClass("interfaces.live_runner")).toBeUndefined();
  expect(classNames()).toHaveLength(3);
});

test("every other name of the guide is exported by this package under the name that the table gives", () => {
  const exported = Object.values(pythonNames).filter(({ kind }) => kind === "export");
  expect(exported.length).toBeGreaterThan(1);
  for (const { means } of exported) expect(live).toHaveProperty(means);
});
