import { expect, test } from "vitest";
import { adapterOfClass, classNames } from "./python-names.ts";

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
