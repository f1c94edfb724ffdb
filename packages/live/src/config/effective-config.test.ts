import { Redactor } from "@tradepulse/platform";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { effectiveConfig } from "./effective-config.ts";
import { configOf } from "./read-config.ts";

const TEXT = `
[risk]
max_notional = 1000
max_daily_loss = { fraction = 0.05 }

[metrics]
port = 9000

[[venues]]
name = "binance"
adapter = "binance"
options = { rest_url = "https://ada:hunter2@proxy.example/x", api_token = "canary-7f3a" }

  [venues.credentials]
  env_prefix = "BINANCE"
  required = ["API_KEY", "API_SECRET"]

    [venues.credentials.secret_backend]
    adapter = "vault"
    path_env = "VAULT_PATH"
    field_mapping = { API_KEY = "api_key" }

[[strategies]]
file = "a.ts"
instruments = ["BTC-USDT"]
parameters = { fast = 3, note = "canary" }
`;

function tables() {
  const variables = { TRADEPULSE_RISK_MAX_OPEN_ORDERS: "5", BINANCE_API_KEY: "canary-key" };
  const config = configOf("live.toml", TEXT, { variables, flags: { "risk.max_notional": "500" } });
  return effectiveConfig(config, variables, new Redactor());
}

test("effectiveConfig() shows every value with its origin: flag, variable, line of the file, default", () => {
  const values = tables().flatMap((table) => table.values);
  const row = (path: string) => values.find((value) => value.path === path);
  expect(row("risk.max_notional")).toMatchObject({ text: '"500"', origin: "flag", from: "--set risk.max_notional" });
  expect(row("risk.max_open_orders")).toMatchObject({ text: '"5"', origin: "environment", from: "TRADEPULSE_RISK_MAX_OPEN_ORDERS" });
  expect(row("risk.max_daily_loss")).toMatchObject({ text: "{ fraction = 0.05 }", origin: "file", from: "live.toml:4" });
  expect(row("loop.order_deadline")).toMatchObject({ text: "2", origin: "default", from: "" });
  expect(row("metrics.port")).toMatchObject({ origin: "file", hasEffect: false });
});

test("effectiveConfig() names the keys that have no value: limits that are not there", () => {
  const risk = tables().find(({ title }) => title === "[risk]")!;
  expect(risk.unset).toContain("max_drawdown");
  expect(risk.unset).not.toContain("max_notional");
});

test("effectiveConfig() says where each secret will come from, the backend before the variable, and shows none", () => {
  const credentials = tables().find(({ title }) => title === "[venues.credentials]")!;
  expect(credentials.secrets).toEqual([
    {
      field: "API_KEY",
      source: 'key "api_key" of secret backend "vault" at the path in VAULT_PATH, else variable BINANCE_API_KEY, which is set',
    },
    {
      field: "API_SECRET",
      source: 'key "API_SECRET" of secret backend "vault" at the path in VAULT_PATH, else variable BINANCE_API_SECRET, which is not set',
    },
  ]);
  expect(JSON.stringify(tables())).not.toMatch(/canary-|hunter2/);
});

test("what effectiveConfig() shows of the file is TOML", () => {
  for (const { values } of tables()) {
    for (const { path, text } of values) expect(() => parse(`value = ${text}`), path).not.toThrow();
  }
});
