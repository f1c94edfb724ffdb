import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RESEARCH_CODES } from "./codes.ts";

test("RESEARCH_CODES lists exactly the codes that this package raises", () => {
  const files = globSync("**/*.ts", { cwd: import.meta.dirname }).filter((name) => !/\.test\.ts$|codes\.ts$/.test(name));
  const raised = files.flatMap(
    (name) => readFileSync(`${import.meta.dirname}/${name}`, "utf8").match(/(?<=refuse\(\s*")TP_[A-Z_]+/g) ?? [],
  );
  expect([...new Set(raised)].sort()).toEqual(Object.keys(RESEARCH_CODES).sort());
});
