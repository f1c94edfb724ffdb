import { optionDefinitions } from "@tradepulse/research";
import { expect, test } from "vitest";
import { runFlagValues } from "./run-flags.ts";

test("runFlagValues() names options by their dotted names", () => {
  expect(runFlagValues({ capital: "5000", sizeAt: "fill", end: "close" })).toEqual({ capital: "5000", sizeAt: "fill", endOfData: "close" });
});

test("--fee is both fees, and --maker and --taker win over it", () => {
  expect(runFlagValues({ fee: "0.001" })).toEqual({ "fee.taker": "0.001", "fee.maker": "none" });
  expect(runFlagValues({ fee: "0.001", maker: "-0.0001" })).toEqual({ "fee.maker": "-0.0001", "fee.taker": "0.001" });
});

test("--spread and --slippage take fractions, ticks and models", () => {
  expect(runFlagValues({ spread: "0.0002", slippage: "1ticks" })).toEqual({
    "spread.width": "0.0002",
    "spread.unit": "fraction",
    "slippage.kind": "ticks",
    "slippage.amount": "1",
  });
  expect(runFlagValues({ slippage: "volume-share:0.1" })).toEqual({ "slippage.kind": "volume-share", "slippage.amount": "0.1" });
  expect(() => runFlagValues({ slippage: "volume:0.1" })).toThrow(/model "volume" is not known/);
});

test("--leverage makes a margin account unless the account is named", () => {
  expect(runFlagValues({ leverage: "3" })).toEqual({ "account.leverage": "3", "account.kind": "margin" });
  expect(runFlagValues({ leverage: "3", account: "cash" })).toEqual({ "account.leverage": "3", "account.kind": "cash" });
});

test("--risk and --option reach everything else", () => {
  expect(runFlagValues({ risk: ["max-open-orders=5"], option: ["fee.fixed=1"] })).toEqual({
    "limits.maxOpenOrders": 5,
    "fee.fixed": "1",
  });
  expect(() => runFlagValues({ risk: ["maxOpenOrders"] })).toThrow(/has no name and value/);
});

test("every flag leads to an option that exists", () => {
  const flags = {
    capital: "1",
    account: "cash",
    leverage: "1",
    fee: "0",
    maker: "0",
    taker: "0",
    spread: "0",
    slippage: "0",
    path: "ohlc",
  };
  const more = {
    fill: "bar-close",
    children: "path",
    participation: "1",
    sizeAt: "fill",
    end: "mark",
    equity: "bar",
    returns: "bar",
    riskFree: "0",
    seed: "1",
  };
  const known = new Set(optionDefinitions.map(({ name }) => name));
  expect(Object.keys(runFlagValues({ ...flags, ...more })).filter((name) => !known.has(name))).toEqual([]);
});
