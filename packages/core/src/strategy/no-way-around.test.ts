import { expect, test } from "vitest";
import { sma } from "../indicators/sma.ts";
import { bars } from "../testing/bars.ts";
import { runTest } from "../testing/play.ts";
import { defineStrategy } from "./define-strategy.ts";

test("a strategy finds no column behind a line, a bar or an input, on them or on their constructors", () => {
  const found: string[] = [];
  const look = (name: string, thing: object): void => {
    for (const holder of [thing, thing.constructor, Object.getPrototypeOf(thing) as object]) {
      for (const key of Reflect.ownKeys(holder)) {
        const { value } = Object.getOwnPropertyDescriptor(holder, key)!;
        if (ArrayBuffer.isView(value)) found.push(`${name}.${String(key)}`);
        if (holder === thing.constructor && typeof value === "function") found.push(`${name}.constructor.${String(key)}`);
      }
    }
  };
  const strategy = defineStrategy({
    name: "curious",
    create(_params, { main, indicator }) {
      const average = indicator(sma(2));
      return {
        onBar(bar) {
          look("bar", bar);
          look("main", main);
          look("close", main.close);
          look("average", average);
        },
      };
    },
  });
  runTest(strategy(), bars("10 11"));
  expect(found).toEqual([]);
});
