import type { RunFile } from "@tradepulse/research";
import { expect, test } from "vitest";
import { dataSources, readingOptions } from "./data-sources.ts";

const runFile: RunFile = {
  path: "/somewhere/run.toml",
  params: {},
  inputs: {},
  data: { reference: "/somewhere/prices.csv", options: { timezone: "Europe/Berlin" } },
  options: {},
};

test("one --data serves all inputs, with the options of reading", () => {
  expect(dataSources(["sp500"], { from: "2010-01-01" }, undefined)).toEqual({ reference: "sp500", options: { from: "2010-01-01" } });
});

test("--data name=file serves one input each", () => {
  expect(dataSources(["a=one.csv", "b=two.csv"], {}, undefined)).toEqual({
    a: { reference: "one.csv", options: {} },
    b: { reference: "two.csv", options: {} },
  });
});

test("synthetic data is not taken for a named input", () => {
  expect(dataSources(["synth:seed=1,bars=500"], {}, undefined)).toEqual({ reference: "synth:seed=1,bars=500", options: {} });
});

test("file#INSTRUMENT selects one of several instruments", () => {
  expect(dataSources(["closes.csv#MSFT"], {}, undefined)).toEqual({ reference: "closes.csv", select: "MSFT", options: {} });
});

test("several datasets without names, and two for one input, are refused", () => {
  expect(() => dataSources(["one.csv", "two.csv"], {}, undefined)).toThrow(/do not say for which input/);
  expect(() => dataSources(["a=one.csv", "two.csv"], {}, undefined)).toThrow(/does not say for which input/);
  expect(() => dataSources(["a=one.csv", "a=two.csv"], {}, undefined)).toThrow(/input "a" has data already/);
});

test("flags win over the run file, option by option", () => {
  expect(dataSources(undefined, { from: "2020-01-01" }, runFile)).toEqual({
    reference: "/somewhere/prices.csv",
    options: { timezone: "Europe/Berlin", from: "2020-01-01" },
  });
  expect(dataSources(undefined, {}, undefined)).toBeUndefined();
});

test("readingOptions() takes what belongs to reading and nothing else", () => {
  expect(readingOptions({ timezone: "UTC", ignoreColumns: "a, b", capital: "5", json: true })).toEqual({
    timezone: "UTC",
    ignoreColumns: ["a", "b"],
  });
});
