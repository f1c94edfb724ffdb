import { readFileSync } from "node:fs";
import { FailureError, formatFailure } from "@tradepulse/core";
import { expect, test } from "vitest";
import { configOf } from "./read-config.ts";
import type { ConfigLayers } from "./section-reader.ts";

const shipped = readFileSync(new URL("../../../../configs/live/default.toml", import.meta.url), "utf8");

/** The stanza of the deployment guide, as it stands there. */
const GUIDE_STANZA = `[[venues]]
name = "binance"
class = "execution.adapters.BinanceRESTConnector"

  [venues.credentials]
  env_prefix = "BINANCE"
  required = ["API_KEY", "API_SECRET"]

    [venues.credentials.secret_backend]
    adapter = "vault"
    path_env = "BINANCE_VAULT_PATH"

      [venues.credentials.secret_backend.field_mapping]
      API_KEY = "api_key"
      API_SECRET = "api_secret"
`;

function refusal(text: string, layers: ConfigLayers = {}): string {
  try {
    configOf("live.toml", text, layers);
  } catch (error) {
    if (error instanceof FailureError) return formatFailure(error.failure);
    throw error;
  }
  throw new Error("it was accepted");
}

test("configOf() takes the stanza of the deployment guide verbatim", () => {
  const [venue] = configOf("live.toml", GUIDE_STANZA).venues;
  expect(venue).toEqual({
    name: "binance",
    adapter: "binance",
    sandbox: true,
    account: undefined,
    options: {},
    credentials: {
      envPrefix: "BINANCE",
      required: ["API_KEY", "API_SECRET"],
      optional: [],
      ttlUs: undefined,
      secretBackend: {
        adapter: "vault",
        path: undefined,
        pathEnv: "BINANCE_VAULT_PATH",
        fieldMapping: { API_KEY: "api_key", API_SECRET: "api_secret" },
      },
    },
  });
});

test("the shipped configuration trades nothing real and holds no secret", () => {
  const config = configOf("configs/live/default.toml", shipped);
  expect(config.venues.map(({ sandbox, account }) => [sandbox, account])).toEqual([[true, undefined]]);
  expect(config.risk).toMatchObject({
    maxOrderNotional: 1000,
    orderRate: { orders: 30, intervalUs: 60e6 },
    maxDailyLoss: { fraction: 0.05 },
  });
  expect(config.kill).toEqual({ limitMultiplier: 1.5, violations: 3, rateLimits: 3 });
  expect(config.loop).toMatchObject({ stateDir: "state", orderDeadlineUs: 2e6, onStop: "cancel" });
  expect(shipped).not.toMatch(/^\s*(api_?key|api_?secret|password|token)\s*=\s*"[A-Za-z0-9]{16,}"/im);
});

test("configOf() refuses an unknown key with its line and the nearest known one", () => {
  expect(refusal('[loop]\nstate_dir = "x"\n\n[risk]\nmax_notionl = 5\n')).toBe(
    [
      "TP_LIVE_CONFIG_UNKNOWN",
      'Cannot read configuration "live.toml": it sets "risk.max_notionl", known there are max_notional, max_position, max_order_quantity, max_gross_exposure, max_net_exposure, max_open_orders, max_orders_per_interval, interval_seconds, price_collar, stale_after, max_daily_loss, daily_loss_release, max_drawdown, max_consecutive_losses, min_notional, self_trade, duplicate_guard, kill_switch_limit_multiplier, kill_switch_violation_threshold, kill_switch_rate_limit_threshold',
      "  at     live.toml:5",
      '  meant  "max_notional"',
      "  next   use one of the known keys, or take the line out",
    ].join("\n"),
  );
});

test.each([
  ["[rsik]\n", "live.toml:1", '"risk"'],
  ['[[venues]]\nname = "a"\nadapter = "binance"\n[[venues]]\nname = "b"\nadapter = "binance"\nsandbx = true\n', "live.toml:7", '"sandbox"'],
  [`${GUIDE_STANZA}\n[[strategies]]\nfile = "a.ts"\ninstruments = [\n  "BTC-USDT",\n]\ncapitl = 5\n`, "live.toml:22", '"capital"'],
])("configOf() finds the line of an unknown key, in tables and lists of tables", (text, at, meant) => {
  const message = refusal(text);
  expect(message).toContain(at);
  expect(message).toContain(meant);
});

test.each([
  ["[risk]\nmax_notional = -5\n", "risk.max_notional is -5, allowed is an amount above 0"],
  ['[loop]\non_stop = "flee"\n', 'loop.on_stop is "flee", allowed is "cancel" or "keep"'],
  ['[loop]\nmax_backoff = "soon"\n', 'loop.max_backoff is "soon", allowed is seconds from 0.5 up to 600'],
  ['[[venues]]\nname = "x"\nclass = "execution.adapters.Bitmex"\n', 'venues[0].class is "execution.adapters.Bitmex", known are'],
  ['[loop]\nstate_dir = "$' + '{HOME}/x"\n', 'loop.state_dir holds "$' + '{", allowed is plain text'],
  ['[[strategies]]\nfile = "a.ts"\n', "strategies[0] has no instruments"],
  ['[[strategies]]\nfile = "a.ts"\ninstruments = ["X"]\nvenue = "kraken"\n', 'strategies[0].venue is "kraken"'],
])("configOf() names what is there and what is allowed: %#", (text, part) => {
  expect(refusal(text)).toContain(part);
});

test("flags stand over variables, variables over the file, the file over defaults; the origin is kept", () => {
  const text = '[risk]\nmax_notional = 1\nmax_open_orders = 2\nmax_net_exposure = 3\n[loop]\nmax_backoff = "500ms"\n';
  const config = configOf("live.toml", text, {
    flags: { "risk.max_notional": "10" },
    variables: { TRADEPULSE_RISK_MAX_NOTIONAL: "20", TRADEPULSE_RISK_MAX_OPEN_ORDERS: "30", METRICS_PORT: "9001" },
  });
  expect(config.risk).toEqual({ maxOrderNotional: "10", maxOpenOrders: 30, maxNetExposure: 3 });
  expect([config.metricsPort, config.loop.maxBackoffUs, config.loop.gracePeriodUs]).toEqual([9001, 500_000, 20e6]);
  expect(config.origins).toMatchObject({
    "risk.max_notional": "flag",
    "risk.max_open_orders": "environment",
    "risk.max_net_exposure": "file",
    "metrics.port": "environment",
  });
  expect(config.origins["loop.grace_period"]).toBeUndefined();
});

test("a venue is reached by its name in flags and variables", () => {
  const config = configOf("live.toml", GUIDE_STANZA, { variables: { TRADEPULSE_VENUES_BINANCE_SANDBOX: "false" } });
  expect(config.venues[0]!.sandbox).toBe(false);
});

test("a flag for no key is refused with the nearest one", () => {
  expect(refusal("", { flags: { "risk.max_notionals": "5" } })).toContain('meant  "risk.max_notional"');
});

const SENTINEL = `${GUIDE_STANZA}
[sentinel]
heartbeat_timeout = "20s"
action = "keep-stops"

  [sentinel.credentials]
  env_prefix = "BINANCE_SENTINEL"
  required = ["API_KEY", "API_SECRET"]
`;

test("[sentinel] is none where it is left out, and has defaults where it stands", () => {
  expect(configOf("live.toml", GUIDE_STANZA).sentinel).toBeUndefined();
  expect(configOf("live.toml", SENTINEL).sentinel).toMatchObject({
    heartbeatTimeoutUs: 20_000_000,
    action: "keep-stops",
    onHalt: "act",
    haltedGraceUs: 30_000_000,
    whenAway: "alarm",
    credentials: { envPrefix: "BINANCE_SENTINEL", required: ["API_KEY", "API_SECRET"] },
  });
});

test.each([
  [
    'heartbeat_timeout = "20s"',
    "heartbeat_timeout = 9",
    "sentinel.heartbeat_timeout is 9 s, allowed is 10 s or more, twice loop.heartbeat_interval",
  ],
  ['"BINANCE_SENTINEL"', '"BINANCE"', 'sentinel.credentials.env_prefix is "BINANCE", which the trader uses'],
  ['action = "keep-stops"', 'action = "flatten"', 'allowed is "cancel-all" or "keep-stops" or "halt"'],
  ['action = "keep-stops"', 'actoin = "halt"', "action"],
  [/\n {2}\[sentinel\.credentials\][\s\S]*$/, "", "sentinel has no credentials, which it needs"],
])("[sentinel] with %s as %s is refused", (from, to, message) => {
  expect(refusal(SENTINEL.replace(from, to))).toContain(message);
});
