import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

// Nobody answers there: a sentinel starts all the same.
const CONFIG = `
[[venues]]
name = "binance"
adapter = "binance"
options = { rest_url = "http://127.0.0.1:9", stream_url = "ws://127.0.0.1:9", ws_api_url = "ws://127.0.0.1:9/ws-api/v3" }

[sentinel]

  [sentinel.credentials]
  env_prefix = "SEN"
  required = ["API_KEY", "API_SECRET"]

[[strategies]]
file = "x.ts"
instruments = ["BTC-USDT"]
`;
const KEYS = { SEN_API_KEY: "the-key", SEN_API_SECRET: "the-secret" };

function folder(config = CONFIG): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "live.toml"), config);
  return cwd;
}

test("sentinel watches without a venue and without a trader, says that it could not cancel, and ends in order", async () => {
  const cwd = folder();
  const { code, stdout, stderr } = await runCommand(["sentinel", "--config", "live.toml", "--json"], {
    cwd,
    env: KEYS,
    interruptWhen: /could not cancel/,
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    ok: true,
    command: "sentinel",
    symbols: ["BTCUSDT"],
    state: "waiting",
    session: null,
    cause: null,
    isAble: false,
    alarms: [expect.stringContaining("the sentinel could not cancel if it had to: the venue does not answer")],
  });
  expect(stderr).toContain("BTCUSDT at binance; after 30 s of silence it halts and cancels");
  expect(stdout + stderr).not.toContain("the-secret");
  expect(existsSync(join(cwd, "state/binance-test/sentinel/evidence-000001.jsonl"))).toBe(true);
});

test.each([
  [CONFIG.replace(/\[sentinel\][\s\S]*?"API_SECRET"\]/, ""), KEYS, "TP_SENTINEL_NONE"],
  [CONFIG, {}, "TP_LIVE_SECRET_MISSING"],
  [CONFIG.replace("[sentinel]", "[sentinel]\nheartbeat_timeout = 3"), KEYS, "twice loop.heartbeat_interval"],
  [CONFIG.replace("[sentinel]", '[sentinel]\naction = "flatten"'), KEYS, '"cancel-all" or "keep-stops" or "halt"'],
  [CONFIG.replace(/\[\[strategies\]\][\s\S]*/, ""), KEYS, "names no instrument that trades there"],
])("sentinel refuses a configuration that could not guard anything %#", async (config, env, message) => {
  const { code, stderr } = await runCommand(["sentinel", "--config", "live.toml"], { cwd: folder(config), env });
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test("sentinel refuses an account that another one watches", async () => {
  const cwd = folder();
  mkdirSync(join(cwd, "state/binance-test/sentinel"), { recursive: true });
  // Not a lock of ours, so nobody takes it away.
  writeFileSync(join(cwd, "state/binance-test/sentinel/sentinel.lock"), "somebody");
  const { code, stderr } = await runCommand(["sentinel", "--config", "live.toml"], { cwd, env: KEYS });
  expect(stderr).toContain("TP_SENTINEL_HELD");
  expect(code).toBe(3);
});
