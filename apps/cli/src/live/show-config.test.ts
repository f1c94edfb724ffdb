import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

test("live --show-config prints what would be used and where it comes from, starts nothing and shows no secret", async () => {
  const cwd = emptyFolder();
  const lines = [
    "[risk]\nmax_notional = 5\n",
    `[[venues]]\nname = "binance"\nadapter = "binance"\n[venues.credentials]\nenv_prefix = "BINANCE"\nrequired = ["API_KEY"]\n`,
    `[[strategies]]\nfile = "not-there.ts"\ninstruments = ["BTC-USDT"]\nparameters = { api_token = "canary-7f3a" }`,
  ];
  writeFileSync(join(cwd, "live.toml"), lines.join(""));
  const env = { BINANCE_API_KEY: "canary-key", TRADEPULSE_LOOP_GRACE_PERIOD: "7s" };
  const { code, stdout, stderr } = await runCommand(["live", "--config", "live.toml", "--show-config", "--set", "risk.max_open_orders=3"], {
    cwd,
    env,
  });
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/max_notional = 5 +# live\.toml:2/);
  expect(stdout).toMatch(/max_open_orders = "3" +# --set risk\.max_open_orders/);
  expect(stdout).toMatch(/grace_period = "7s" +# TRADEPULSE_LOOP_GRACE_PERIOD/);
  expect(stdout).toContain("# not set: max_position");
  expect(stdout).toContain("# API_KEY: variable BINANCE_API_KEY, which is set");
  expect(stdout).not.toContain("canary");
  const json = await runCommand(["live", "--config", "live.toml", "--show-config", "--json"], { cwd, env });
  expect(JSON.parse(json.stdout)).toMatchObject({ schema: 1, ok: true, command: "live", config: "live.toml" });
  expect(json.stdout).not.toContain("canary");
});
