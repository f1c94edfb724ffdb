import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "smol-toml";
import { describe, expect, test } from "vitest";
import type { ConfigEntry } from "./config-entry.ts";
import { configSections } from "./config-table.ts";
import type { LiveConfig } from "./live-config.ts";
import { configOf } from "./read-config.ts";
import { variableOf } from "./section-reader.ts";

/** Every key of the configuration is read, changes what the process is given, and what it is given is used by its code. */

/** Two values of each kind that differ and are both allowed. */
function samples(entry: ConfigEntry): readonly [unknown, unknown] {
  const { min = 1, max = 1_000 } = entry;
  switch (entry.kind) {
    case "text":
      return ["one", "two"];
    case "texts":
      return [["A-B"], ["C-D"]];
    case "flag":
      return [true, false];
    case "choice":
      return [entry.choices![0], entry.choices![1]];
    case "number":
    case "seconds":
      return [min, max];
    case "whole":
      return [Math.ceil(min), Math.floor(max)];
    case "amount":
    case "amounts":
      return [0.25, 0.5];
    case "loss":
      return [{ fraction: 0.05 }, { money: 7 }];
    case "table":
      return [{ a: 1 }, { a: 2 }];
  }
}

const CREDENTIALS = { env_prefix: "X", required: ["API_KEY"] };
const BACKEND = { adapter: "file", path: "/a" };

/** Keys whose values hang together with others. */
const SPECIAL: Readonly<Record<string, readonly [unknown, unknown]>> = {
  "venues.class": ["execution.adapters.BinanceRESTConnector", "execution.adapters.KrakenRESTConnector"],
  "venues.credentials": [CREDENTIALS, { ...CREDENTIALS, env_prefix: "Y" }],
  "venues.credentials.secret_backend": [BACKEND, { ...BACKEND, path: "/b" }],
  "venues.credentials.secret_backend.field_mapping": [{ API_KEY: "a" }, { API_KEY: "b" }],
  "journal.credentials": [CREDENTIALS, { ...CREDENTIALS, env_prefix: "Z" }],
  "sentinel.credentials": [CREDENTIALS, { ...CREDENTIALS, env_prefix: "Z" }],
  "sentinel.heartbeat_timeout": [20, 30],
  "strategies.venue": ["first", "second"],
};

/** A whole configuration in which one key of one section has a value. */
function documentWith(section: string, key: string, value: unknown): Record<string, unknown> {
  const venue: Record<string, unknown> = { name: "first", adapter: "binance" };
  const second: Record<string, unknown> = { name: "second", adapter: "binance" };
  const strategy: Record<string, unknown> = { file: "a.ts", instruments: ["BTC-USDT"] };
  const root: Record<string, unknown> = { venues: [venue, second], strategies: [strategy] };
  switch (section) {
    case "venues":
      if (key === "class") delete venue["adapter"];
      venue[key] = value;
      break;
    case "strategies":
      strategy[key] = value;
      break;
    case "venues.credentials":
      venue["credentials"] = { ...CREDENTIALS, [key]: value };
      break;
    case "venues.credentials.secret_backend": {
      const backend = key === "path_env" ? { adapter: "file" } : BACKEND;
      venue["credentials"] = { ...CREDENTIALS, secret_backend: { ...backend, [key]: value } };
      break;
    }
    case "sentinel":
      root["sentinel"] = { credentials: CREDENTIALS, [key]: value };
      break;
    default:
      root[section] = key === "interval_seconds" ? { max_orders_per_interval: 5, [key]: value } : { [key]: value };
  }
  return root;
}

function given(section: string, key: string, value: unknown): Omit<LiveConfig, "rows" | "origins" | "path"> {
  const { rows: _rows, origins: _origins, path: _path, ...config } = configOf("x.toml", stringify(documentWith(section, key, value)));
  return config;
}

const keys = configSections.flatMap((section) =>
  section.entries.map((entry) => [`${section.name}.${entry.key}`, section.name, entry] as const),
);

test.each(keys)("%s changes what the process is given", (name, section, entry) => {
  const [one, other] = SPECIAL[name] ?? samples(entry);
  expect(JSON.stringify(given(section, entry.key, one))).not.toBe(JSON.stringify(given(section, entry.key, other)));
});

/** The code that runs a session, without the reading of its configuration. */
function code(): string {
  const root = fileURLToPath(new URL("../../../../", import.meta.url));
  const texts: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && entry.name !== "testing") walk(path);
      } else if (/(?<!\.test)\.ts$/.test(entry.name)) texts.push(readFileSync(path, "utf8"));
    }
  };
  for (const folder of readdirSync(join(root, "packages/live/src"), { withFileTypes: true }))
    if (folder.isDirectory() && folder.name !== "config" && folder.name !== "testing") walk(join(root, "packages/live/src", folder.name));
  walk(join(root, "packages/core/src/risk"));
  return texts.join("\n");
}

/** Names of what a configuration is made of, all the way down; what users name themselves stays out. */
function fieldsOf(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const each of value) fieldsOf(each, found);
  else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      found.add(name);
      if (name !== "options" && name !== "parameters" && name !== "fieldMapping") fieldsOf(each, found);
    }
  }
  return found;
}

describe("what the process is given", () => {
  const config = keys.flatMap(([name, section, entry]) => {
    const [value] = SPECIAL[name] ?? samples(entry);
    return [given(section, entry.key, value)];
  });
  const idle = keys.filter(([, , { isIdle }]) => isIdle === true).map(([name]) => name);

  test("has one key that nothing uses yet, and says so", () => {
    expect(idle).toEqual(["metrics.port"]);
    for (const [, , entry] of keys) if (entry.isIdle === true) expect(entry.about).toMatch(/has no effect/);
  });

  test.each([...fieldsOf(config)].filter((name) => name !== "metricsPort"))("%s is used by the code", (name) => {
    expect(code()).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

test.each(
  keys
    .filter(([, section]) => !section.includes(".") && section !== "venues" && section !== "strategies" && section !== "sentinel")
    .filter(([name]) => name !== "journal.credentials"),
)("%s is also reached by its variable", (name, section, entry) => {
  const [one] = SPECIAL[name] ?? samples(entry);
  const text = entry.kind === "loss" ? "5%" : String(one);
  const more = entry.key === "interval_seconds" ? { TRADEPULSE_RISK_MAX_ORDERS_PER_INTERVAL: "5" } : {};
  const { origins } = configOf("x.toml", "", { variables: { ...more, [variableOf(`${section}.${entry.key}`)]: text } });
  expect(origins[`${section}.${entry.key}`]).toBe("environment");
});

test.each(["configs/live/default.toml", "configs/live/local.toml"])("%s sets only keys that are there, and no secret", (path) => {
  const text = readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), "utf8");
  const { rows } = configOf(path, text);
  expect(rows.filter(({ origin }) => origin === "file").length).toBeGreaterThan(5);
  expect(rows.filter(({ origin }) => origin !== "file" && origin !== "default")).toEqual([]);
});
