import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

/** A folder with a session as whoever halts it finds it: its record is damaged, and its latch lies where that of such a session does. */
function sessionFolder(cwd: string, path: string, mode: "live" | "paper"): string {
  const folder = join(cwd, path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "session.json"), `{"schema":1,"mode":"${mode}","name":`);
  const latch = join(mode === "live" ? dirname(folder) : folder, "latch");
  mkdirSync(latch, { recursive: true });
  writeFileSync(join(latch, "armed.json"), '{"atUs":1,"by":"ada","clears":[],"reason":"go","state":"enabled"}');
  return folder;
}

test("kill last is the live session, not the exercise on paper that was made after it", async () => {
  const cwd = emptyFolder();
  const live = sessionFolder(cwd, "state/local-test/mine", "live");
  sessionFolder(cwd, "sessions/2099-01-01T00-00-00Z-paper-mine", "paper");
  const { code, stdout } = await runCommand(["kill", "last", "--reason", "enough", "--json"], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, mode: "live", folder: live, state: "halted", reason: "enough" });
  expect(readdirSync(join(cwd, "state/local-test/latch")).filter((name) => name.startsWith("trip-"))).toHaveLength(1);
});

test("kill finds a live session by a part of its name", async () => {
  const cwd = emptyFolder();
  sessionFolder(cwd, "state/local-test/mine", "live");
  const { stdout } = await runCommand(["kill", "mine", "--status"], { cwd });
  expect(stdout).toContain("trading is enabled  live session state/local-test/mine");
  expect((await runCommand(["kill", "other"], { cwd })).stderr).toContain("no session with that name below sessions and state");
});

test("kill --reduce-only says that what is halted stays halted", async () => {
  const cwd = emptyFolder();
  sessionFolder(cwd, "state/local-test/mine", "live");
  await runCommand(["kill", "mine"], { cwd });
  const { stdout } = await runCommand(["kill", "mine", "--reduce-only"], { cwd });
  expect(stdout).toContain("trading is halted");
  expect(stdout).toContain("it stays halted: only --arm lets anything more pass");
});

test("kill --flatten leaves its words, and says when nobody is there to carry them out", async () => {
  const cwd = emptyFolder();
  const folder = sessionFolder(cwd, "state/local-test/mine", "live");
  writeFileSync(
    join(folder, "heartbeat.json"),
    '{"atUs":1795559262514000,"check":3585222798,"count":8,"epoch":1,"intervalUs":5000000,"isReady":true,"life":"b7d7ccb2489243ad1ab52ce987d1cdbc","openOrders":0,"phase":"running","state":"enabled","why":""}',
  );
  const { stdout } = await runCommand(["kill", "mine", "--flatten"], { cwd, columns: 400 });
  expect(stdout).toMatch(
    /no process of this session has given a sign of life for \d+ s: orders are canceled and positions closed when one starts/,
  );
  const words = readdirSync(join(folder, "operator")).map(
    (name) => JSON.parse(readFileSync(join(folder, "operator", name), "utf8")) as unknown,
  );
  expect(words).toEqual([expect.objectContaining({ action: "cancel-all" }), expect.objectContaining({ action: "flatten" })]);
  const shown = await runCommand(["kill", "mine", "--status"], { cwd, columns: 400 });
  expect(shown.stdout).toContain("cancel-all, flatten still waits for a process of this session");
});

test("kill says when a session on paper has long been silent", async () => {
  const cwd = emptyFolder();
  const folder = sessionFolder(cwd, "sessions/2020-01-01T00-00-00Z-paper-mine", "paper");
  mkdirSync(join(folder, "journal"));
  const then = new Date(Date.now() - 30 * 60_000);
  utimesSync(join(folder, "journal"), then, then);
  const { stdout } = await runCommand(["kill", "last", "--status"], { cwd, columns: 200 });
  expect(stdout).toContain("this session on paper has written nothing for 30 min: it may have ended");
});

test("a session whose record is damaged can be halted, and not be armed", async () => {
  const cwd = emptyFolder();
  sessionFolder(cwd, "state/local-test/mine", "live");
  const halted = await runCommand(["kill", "mine", "--reason", "enough"], { cwd, columns: 400 });
  expect(halted.code).toBe(0);
  expect(halted.stdout).toContain("trading is halted");
  expect(halted.stdout).toContain("its session.json is not JSON");
  const armed = await runCommand(["kill", "mine", "--arm", "--by", "ada", "--reason", "go"], { cwd });
  expect(armed.stderr).toContain("TP_LIVE_SESSION");
  expect((await runCommand(["kill", "mine", "--status"], { cwd })).stdout).toContain("trading is halted");
});
