import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

const strategy = fileURLToPath(new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url));

test("runs session shows a session with its bad input and its log, and takes nothing from damaged files", { timeout: 60_000 }, async () => {
  const cwd = emptyFolder();
  const paper = await runCommand(["paper", strategy, "--data", "sp500", "--from", "2019-01-01", "--speed", "max", "--json"], { cwd });
  expect(paper.code, paper.stderr).toBe(0);
  const { folder, badInput } = JSON.parse(paper.stdout) as { folder: string; badInput: unknown[] };
  expect(badInput).toEqual([]);
  const show = async (...more: string[]) => await runCommand(["runs", "session", "last", ...more], { cwd });
  const first = await show();
  expect(first.stdout).toMatch(/mode +paper at recorded bars/);
  expect(first.stdout).toMatch(/bad input +none/);
  expect(first.stdout).toMatch(/info +the session ended: no more bars/);

  const row = { source: "rest", kind: "unreadable", count: 3 };
  writeFileSync(join(folder, "counters.json"), JSON.stringify({ schema: 1, atUs: 1, badInput: [row] }));
  appendFileSync(join(folder, "log", "log-000001.jsonl"), '{"torn\n');
  const json = JSON.parse((await show("--json", "--lines", "1")).stdout) as Record<string, unknown>;
  expect(json).toMatchObject({ ok: true, mode: "paper", badInput: [row], heartbeat: null });
  expect(json["log"]).toHaveLength(1);

  for (const text of ["", "{", "[]", '{"schema":2}', '{"schema":1,"atUs":1,"badInput":[{"source":"__proto__","kind":"x","count":1}]}']) {
    writeFileSync(join(folder, "counters.json"), text);
    expect((await show()).stdout, text).toMatch(/bad input +none/);
  }
  const record = readFileSync(join(folder, "session.json"), "utf8");
  writeFileSync(join(folder, "session.json"), record.slice(0, 200));
  const broken = await runCommand(["runs", "session", folder], { cwd });
  expect([broken.code, broken.stderr.includes("TP_LIVE_SESSION")]).toEqual([2, true]);
  mkdirSync(join(cwd, "not-a-session"));
  expect((await show("--lines", "many")).code).toBe(2);
});
