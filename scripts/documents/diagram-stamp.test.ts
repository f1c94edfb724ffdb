import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { diagramProblem, diagramSources, stampOf } from "./diagram-stamp.ts";

let folder: string;
let source: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tradepulse-diagrams-"));
  source = join(folder, "flow.mmd");
  writeFileSync(source, "flowchart LR\n  a --> b\n");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("diagramProblem() is satisfied with an image that carries the stamp of its source", () => {
  writeFileSync(join(folder, "flow.svg"), `<svg xmlns="http://www.w3.org/2000/svg"/>\n${stampOf(source)}\n`);
  expect(diagramSources(folder).map(diagramProblem)).toEqual([undefined]);
});

test("diagramProblem() finds a missing image, one without a stamp and one of an older source", () => {
  expect(diagramProblem(source)).toBe("it has no image beside it");
  writeFileSync(join(folder, "flow.svg"), "<svg/>");
  expect(diagramProblem(source)).toBe("its image does not say what it was rendered from");
  writeFileSync(join(folder, "flow.svg"), `<svg/>${stampOf(source)}`);
  writeFileSync(source, "flowchart LR\n  a --> c\n");
  expect(diagramProblem(source)).toBe("its image shows an older source");
});

test("diagramProblem() finds an image that loads something from elsewhere", () => {
  writeFileSync(join(folder, "flow.svg"), `<svg><image href="https://example.org/x.png"/></svg>${stampOf(source)}`);
  expect(diagramProblem(source)).toBe("its image loads something from elsewhere");
});
