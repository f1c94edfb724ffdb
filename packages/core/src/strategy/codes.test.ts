import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { strategyCodes } from "./codes.ts";

test("strategyCodes lists every TP_STRATEGY_ code that the sources use, and no other", () => {
  const used = new Set<string>();
  for (const folder of ["../strategy/", "../engine/"]) {
    const url = new URL(folder, import.meta.url);
    for (const name of readdirSync(url)) {
      if (!name.endsWith(".ts") || name.endsWith(".test.ts") || name === "codes.ts") continue;
      for (const [code] of readFileSync(new URL(name, url), "utf8").matchAll(/TP_STRATEGY_[A-Z_]*[A-Z]/g)) used.add(code);
    }
  }
  expect([...used].sort()).toEqual(Object.keys(strategyCodes).sort());
});
