import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

const examples = fileURLToPath(new URL("../../../../examples/strategies/", import.meta.url));

function json(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

test.each([
  ["ema-cross.ts", ["--data", "sp500", "--fee", "0.0005", "--spread", "0.0002"]],
  ["rsi-mean-reversion.ts", ["--data", "sp500", "--from", "2005-01-01", "--to", "2012-06-01"]],
  ["donchian-breakout.ts", ["--data", "sp500", "--risk", "maxOpenOrders=2"]],
  ["bollinger-squeeze.ts", ["--data", "sp500", "--path", "ohlc", "--fill", "bar-close"]],
  ["multi-timeframe-trend.ts", ["--data", "sp500"]],
  ["pairs-trade.ts", ["--data", "a=aapl", "--data", "b=sp500", "--from", "2013-09-01", "--to", "2018-05-12", "--leverage", "2"]],
])("paper on %s comes to the backtest's run hash, replays bit for bit, and has nothing to explain", async (name, args) => {
  const cwd = emptyFolder();
  const strategy = join(examples, name);
  const paper = await runCommand(["paper", strategy, ...args, "--speed", "max", "--json"], { cwd });
  expect(paper.stderr).toContain("no money at stake");
  expect(paper.code).toBe(0);
  const backtest = json((await runCommand(["backtest", strategy, ...args, "--no-save", "--json"], { cwd })).stdout);
  expect(json(paper.stdout)["runHash"]).toBe(backtest["runHash"]);
  const replay = await runCommand(["replay", "last", "--json"], { cwd });
  expect(json(replay.stdout)).toMatchObject({ ok: true, runHash: backtest["runHash"], recordedHash: backtest["runHash"], divergences: [] });
  const parity = await runCommand(["parity", "last", "--gate", "0", "--json"], { cwd });
  expect(parity.code).toBe(0);
  expect(json(parity.stdout)).toMatchObject({ bitIdentical: true, replayIdentical: true, difference: "0" });
});

test("parity names another version of the strategy, to the last digit, and the gate fails", async () => {
  const cwd = emptyFolder();
  cpSync(join(examples, "ema-cross.ts"), join(cwd, "ema-cross.ts"));
  await runCommand(["paper", "ema-cross.ts", "--data", "sp500", "--speed", "max"], { cwd });
  const changed = readFileSync(join(cwd, "ema-cross.ts"), "utf8").replace(
    "quick.value > steady.value",
    "quick.value > steady.value * 1.001",
  );
  writeFileSync(join(cwd, "ema-cross.ts"), changed);
  const replay = await runCommand(["replay", "last"], { cwd });
  expect(replay.code).toBe(5);
  expect(replay.stdout).toContain("the strategy has changed since");
  const parity = await runCommand(["parity", "last", "--gate", "0.001", "--json"], { cwd });
  expect(parity.code).toBe(1);
  const document = json(parity.stdout) as {
    rows: { cause: string; amount: string }[];
    difference: string;
    relative: number;
    bitIdentical: boolean;
  };
  // A gate is passed by what is above it, not by what is at it.
  for (const [gate, code] of [
    [Math.abs(document.relative), 0],
    [Math.abs(document.relative) * 0.999, 1],
    [1, 0],
  ] as const) {
    const again = await runCommand(["parity", "last", "--gate", String(gate)], { cwd });
    expect([gate, again.code]).toEqual([gate, code]);
    expect(again.stdout).toContain(code === 0 ? "within" : "above");
  }
  expect(document.bitIdentical).toBe(false);
  const amounts = document.rows.map(({ amount }) => Math.round(Number(amount) * 1e6));
  expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(Math.round(Number(document.difference) * 1e6));
});

test("the parity page holds all it needs and forbids every request", async () => {
  const cwd = emptyFolder();
  await runCommand(["paper", join(examples, "ema-cross.ts"), "--data", "sp500", "--to", "2003-01-01", "--speed", "max"], { cwd });
  await runCommand(["parity", "last"], { cwd });
  const session = readdirSync(join(cwd, "sessions"))[0]!;
  const page = readFileSync(join(cwd, "sessions", session, "parity.html"), "utf8");
  expect(page).toContain("default-src &#39;none&#39;");
  expect(page).toContain("equal bit for bit to the backtest");
  expect(page).not.toMatch(/(?:src|href)="(?!#)/);
});

test.each([
  "SIGINT",
  // A terminal that is closed.
  "SIGHUP",
] as const)("%s ends a paper session in order: what was seen is kept and replays", async (signal) => {
  const cwd = emptyFolder();
  const paper = await runCommand(["paper", join(examples, "ema-cross.ts"), "--data", "sp500", "--speed", "200"], {
    cwd,
    interruptWhen: /no money at stake/,
    signal,
  });
  expect(paper.code).toBe(130);
  const session = readdirSync(join(cwd, "sessions"))[0]!;
  expect(existsSync(join(cwd, "sessions", session, "session.json"))).toBe(true);
  expect((await runCommand(["replay", "last"], { cwd })).code).toBe(0);
});

test("a strategy that throws ends its session with the strategy's failure", async () => {
  const cwd = emptyFolder();
  const source = readFileSync(join(examples, "ema-cross.ts"), "utf8").replace(
    "onBar(_bar, { position }) {",
    'onBar(bar, { position }) {\n        if (bar.index === 50) throw new Error("fell over");',
  );
  writeFileSync(join(cwd, "falls.ts"), source);
  const paper = await runCommand(["paper", "falls.ts", "--data", "sp500", "--speed", "max"], { cwd });
  expect(paper.stderr).toContain("fell over");
  expect(paper.code).toBe(4);
});

test("kill halts a session for good, and arming needs a name and a reason", async () => {
  const cwd = emptyFolder();
  await runCommand(["paper", join(examples, "ema-cross.ts"), "--data", "sp500", "--to", "2001-01-01", "--speed", "max"], { cwd });
  const halted = await runCommand(["kill", "last", "--reason", "drill", "--by", "ada", "--json"], { cwd });
  expect(json(halted.stdout)).toMatchObject({ state: "halted", reason: "drill", by: "ada" });
  expect(json((await runCommand(["kill", "last", "--status", "--json"], { cwd })).stdout)).toMatchObject({ state: "halted" });
  const refused = await runCommand(["kill", "last", "--arm", "--by", "ada"], { cwd });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("--reason is missing");
  const armed = await runCommand(["kill", "last", "--arm", "--by", "ada", "--reason", "drill over", "--json"], { cwd });
  expect(json(armed.stdout)).toMatchObject({ state: "enabled", reason: "drill over" });
});

test.each([
  [["replay", "last"], "there is no session"],
  [["paper", "x.ts", "--data", "sp500", "--speed", "0"], "allowed are bars a second above 0, or max"],
  [["parity", "last", "--gate", "-1"], "allowed are fractions of the opening money from 0"],
  [["kill", "last", "--arm", "--flatten", "--by", "a", "--reason", "b"], "--arm allows trading, and another option restricts it"],
  [["live"], "--config is missing"],
])("%s is refused in words", async (args, words) => {
  const { code, stderr } = await runCommand(args, { cwd: emptyFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});

test.each([
  [["--config", "live.toml", "mine.ts"], 'both by --config and the strategy "mine.ts"'],
  [["--config", "live.toml", "--fee", "0.001"], "both by --config and with --fee"],
  [["--config", "live.toml", "--speed", "max"], "both by --config and with --speed"],
  [[], "Cannot run on paper: no strategy is named"],
])("paper %j is refused by name: nothing that was said is passed over", async (args, text) => {
  const { code, stderr } = await runCommand(["paper", ...args], { cwd: emptyFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain(text);
});

test("paper says so where it cannot keep a session, and parity shows its figures where it cannot write its page", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "file"), "");
  const args = ["paper", join(examples, "ema-cross.ts"), "--data", "synth:bars=200", "--speed", "max"];
  const paper = await runCommand([...args, "--sessions", "file/below"], { cwd });
  expect(paper.code).toBe(2);
  expect(paper.stderr).toContain('TP_CLI_FOLDER\nCannot keep a session below "file/below": it cannot be written (ENOTDIR)');
  await runCommand(args, { cwd });
  const session = readdirSync(join(cwd, "sessions"))[0]!;
  mkdirSync(join(cwd, "sessions", session, "parity.html"));
  const parity = await runCommand(["parity", "last", "--json"], { cwd });
  expect(parity.code).toBe(0);
  expect(parity.stderr).toContain("could not be written: EISDIR");
  expect(json(parity.stdout)).toMatchObject({ ok: true, report: null });
});
