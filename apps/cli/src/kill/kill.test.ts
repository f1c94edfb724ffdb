import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

/** A folder that looks like a session to whoever halts it. */
function sessionFolder(cwd: string, path: string, mode: "live" | "paper"): string {
  const folder = join(cwd, path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "session.json"),
    JSON.stringify({ schema: 1, mode, name: "mine", latch: mode === "live" ? "../latch" : "latch" }),
  );
  return folder;
}

test("kill last is the live session, not the exercise on paper that was made after it", async () => {
  const cwd = emptyFolder();
  const live = sessionFolder(cwd, "state/local-test/mine", "live");
  sessionFolder(cwd, "sessions/2099-01-01T00-00-00Z-paper-mine", "paper");
  const { code, stdout } = await runCommand(["kill", "last", "--reason", "enough", "--json"], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, mode: "live", folder: live, state: "halted" });
  expect(readdirSync(join(cwd, "state/local-test/latch")).filter((name) => name.startsWith("trip-"))).toHaveLength(1);
});

test("kill finds a live session by a part of its name", async () => {
  const cwd = emptyFolder();
  sessionFolder(cwd, "state/local-test/mine", "live");
  const { stdout } = await runCommand(["kill", "mine", "--status"], { cwd });
  expect(stdout).toContain("trading is halted  live session state/local-test/mine");
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
});
