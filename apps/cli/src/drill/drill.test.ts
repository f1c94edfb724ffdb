import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";
import type { DrillRecord } from "./drill-record.ts";

/** An earlier drill, so many days ago. */
function keep(cwd: string, daysAgo: number, verdict: DrillRecord["verdict"] = "passed"): void {
  const startedAt = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  const record = { schema: 1, startedAt, by: "ada", parts: ["kill switch"], session: "local-test/drill", steps: [], verdict };
  mkdirSync(join(cwd, "state/drills"), { recursive: true });
  writeFileSync(join(cwd, "state/drills", `${startedAt.slice(0, 19).replaceAll(":", "-")}Z.json`), JSON.stringify(record));
}

test("drill without a configuration starts what it needs, finds that everything works, and keeps the evidence", {
  timeout: 150_000,
}, async () => {
  const cwd = emptyFolder();
  const { code, stdout, stderr } = await runCommand(["drill", "--by", "ada", "--json"], { cwd });
  expect(stderr).not.toContain("FOUND");
  expect(code).toBe(0);
  const document = JSON.parse(stdout) as DrillRecord & { readonly evidence: string };
  expect(document).toMatchObject({
    ok: true,
    command: "drill",
    verdict: "passed",
    by: "ada",
    parts: ["kill switch", "sentinel"],
    failure: null,
  });
  expect(document.steps.map(({ name }) => name)).toEqual([
    "the session lives",
    "a sentinel watches",
    "trading is armed",
    "orders are at work",
    "arming needs a person",
    "press to latch",
    "press to all canceled",
    "the session lives on, halted",
    "last byte of new risk",
    "the latch holds",
    "stuck trader to latch",
    "latch to all canceled",
    "a trader that goes on is silent",
    "the latch holds",
    "a trader that starts finds the latch",
  ]);
  const [json, text] = readdirSync(join(cwd, "state/drills"));
  expect(json).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.json$/);
  const { ok: _, command: __, evidence: ___, ...kept } = document as DrillRecord & Record<"ok" | "command" | "evidence", unknown>;
  expect(JSON.parse(readFileSync(join(cwd, "state/drills", json!), "utf8"))).toEqual(kept);
  expect(readFileSync(join(cwd, "state/drills", text!), "utf8")).toMatch(/verdict {2}passed\n$/);
  const listed = await runCommand(["drill", "--list"], { cwd, columns: 40 });
  expect(listed.code).toBe(0);
  expect(listed.stdout).toContain("passed");
});

test("drill that is interrupted ends what it started, and its evidence says so", { timeout: 90_000 }, async () => {
  const cwd = emptyFolder();
  const { code, stdout } = await runCommand(["drill", "--json"], { cwd, interruptWhen: /starting a venue/ });
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, verdict: "interrupted", failure: "interrupted: what was begun is not proved" });
});

test.each([
  [[], "nothing was ever drilled"],
  [[91], "the last drill is 91 days old, allowed are 90"],
  [[200, 91], "the last drill is 91 days old, allowed are 90"],
])("drill --list of drills %j days ago warns, with exit code 1", async (days, warning) => {
  const cwd = emptyFolder();
  for (const each of days) keep(cwd, each);
  const { code, stdout, stderr } = await runCommand(["drill", "--list"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain(warning);
  for (const each of days) expect(stdout).toContain(new Date(Date.now() - each * 86_400_000).toISOString().slice(0, 10));
});

test("drill --list names a file that it cannot read, and a last drill that did not pass", async () => {
  const cwd = emptyFolder();
  keep(cwd, 3);
  keep(cwd, 2, "findings");
  writeFileSync(join(cwd, "state/drills/2020-01-01T00-00-00Z.json"), "{ half");
  const { code, stdout } = await runCommand(["drill", "--list", "--json"], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    drills: [{ verdict: "passed" }, { verdict: "findings" }],
    warnings: ["state/drills/2020-01-01T00-00-00Z.json cannot be read", "the last drill did not pass: findings"],
  });
});

test("drill --list is content with a drill of last week, or of any age that --max-age allows", async () => {
  const cwd = emptyFolder();
  keep(cwd, 120);
  expect((await runCommand(["drill", "--list", "--max-age", "180"], { cwd })).code).toBe(0);
  keep(cwd, 7);
  expect((await runCommand(["drill", "--list"], { cwd })).code).toBe(0);
});

const VENUE = `[[venues]]\nname = "binance"\nadapter = "binance"\n`;
const STRATEGY = `[[strategies]]\nfile = "x.ts"\ninstruments = ["BTC-USDT"]\n`;

test.each([
  [["--stop-trader"], "", "Cannot drill offline with --stop-trader", 2],
  [["--live", "main"], "", "Cannot drill offline with --live", 2],
  [["--list", "--max-age", "x"], "", 'Cannot use --max-age "x"', 2],
  [["--config", "live.toml"], VENUE + STRATEGY, "no session of it has ever run", 2],
  [
    ["--config", "live.toml"],
    `${VENUE}sandbox = false\naccount = "main"\n${STRATEGY}`,
    "its sandbox is off, and no account was named for real money",
    2,
  ],
  [["--config", "gone.toml"], "", "TP_LIVE_CONFIG_UNREADABLE", 2],
])("drill %j is refused", async (args, config, message, exit) => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "live.toml"), config);
  const { code, stderr } = await runCommand(["drill", ...args], { cwd });
  expect(stderr).toContain(message);
  expect(code).toBe(exit);
});
