import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { FailureError, formatFailure } from "@tradepulse/core";
import { realEnv, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { afterAll, expect, test } from "vitest";
import type { CredentialConfig } from "../config/live-config.ts";
import { CredentialSource, type CredentialSourceParts } from "./credential-source.ts";

const folder = mkdtempSync(join(tmpdir(), "tradepulse-credentials-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const required = ["API_KEY", "API_SECRET"];
const fromVault: CredentialConfig = {
  envPrefix: "BINANCE",
  required,
  optional: ["PASSPHRASE"],
  ttlUs: undefined,
  secretBackend: {
    adapter: "vault",
    path: undefined,
    pathEnv: "VAULT_PATH",
    fieldMapping: { API_KEY: "api_key", API_SECRET: "api_secret" },
  },
};
const fromVariables: CredentialConfig = { envPrefix: "BINANCE", required, optional: [], ttlUs: undefined, secretBackend: undefined };

function source(config: CredentialConfig, more: Partial<CredentialSourceParts> = {}): CredentialSource {
  return new CredentialSource({ env: realEnv(), venue: "binance", config, backends: {}, variables: {}, onAlarm: () => undefined, ...more });
}

async function refusal(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof FailureError) return formatFailure(error.failure);
    throw error;
  }
  throw new Error("it was accepted");
}

test("a CredentialSource maps the bundle of a registered resolver to the fields of the connector", async () => {
  const keys = source(fromVault, {
    backends: { vault: (path) => ({ api_key: `key of ${path}`, api_secret: "canary-secret" }) },
    variables: { VAULT_PATH: "kv/binance" },
  });
  const { fields, version } = await keys.current();
  expect([fields["API_KEY"]!.reveal(), fields["API_SECRET"]!.reveal(), version]).toEqual(["key of kv/binance", "canary-secret", 1]);
  expect(`${inspect(await keys.current(), { depth: 9 })} ${JSON.stringify(await keys.current())}`).not.toContain("canary");
});

test("a secret backend stands over variables, field by field", async () => {
  const keys = source(fromVault, {
    backends: { vault: () => ({ api_key: "from the backend" }) },
    variables: { VAULT_PATH: "x", BINANCE_API_KEY: "from a variable", BINANCE_API_SECRET: "from a variable" },
  });
  const { fields } = await keys.current();
  expect([fields["API_KEY"]!.reveal(), fields["API_SECRET"]!.reveal()]).toEqual(["from the backend", "from a variable"]);
});

test("a missing field names venue, field and source, and no value", async () => {
  const keys = source(fromVault, { backends: { vault: () => ({ api_key: "canary-key" }) }, variables: { VAULT_PATH: "kv/binance" } });
  expect(await refusal(() => keys.current())).toBe(
    [
      "TP_LIVE_SECRET_MISSING",
      'Cannot use venue "binance": its field "API_SECRET" is missing, required are API_KEY, API_SECRET',
      "  venue   binance",
      '  source  key "api_secret" of the bundle "kv/binance" of secret backend "vault"',
      "  source  variable BINANCE_API_SECRET",
      "  next    put API_SECRET there and start again",
    ].join("\n"),
  );
});

test("a backend that comes later is refused by name, with the way out", async () => {
  expect(await refusal(() => source(fromVault, { variables: { VAULT_PATH: "x" } }))).toContain(
    'secret backend "vault" is not built in yet, usable are "env", "file"',
  );
  const unknown = { ...fromVault, secretBackend: { ...fromVault.secretBackend!, adapter: "valt" } };
  expect(await refusal(() => source(unknown, { variables: { VAULT_PATH: "x" } }))).toContain('secret backend "valt" is not known');
});

test("a path in an unset variable is refused by the variable's name", async () => {
  expect(await refusal(() => source(fromVault, { backends: { vault: () => ({}) } }))).toContain("the variable VAULT_PATH is not set");
});

test("one failed authentication fetches before the next use; the version tells a new set from the same one", async () => {
  let calls = 0;
  const bundles = ["one", "one", "two"].map((text) => ({ api_key: text, api_secret: text }));
  const keys = source(fromVault, { backends: { vault: () => bundles[Math.min(calls++, 2)]! }, variables: { VAULT_PATH: "x" } });
  expect([(await keys.current()).version, (await keys.current()).version, calls]).toEqual([1, 1, 1]);
  keys.authenticationFailed();
  expect([(await keys.current()).version, calls]).toEqual([1, 2]);
  keys.authenticationFailed();
  expect([(await keys.current()).version, calls]).toEqual([2, 3]);
});

test("a time to live of nothing fetches before every use, and uses at one time share a fetch", async () => {
  let calls = 0;
  const backends = {
    vault: async () => {
      calls += 1;
      await realEnv().sleep(1_000);
      return { api_key: "k", api_secret: "s" };
    },
  };
  const keys = source({ ...fromVault, ttlUs: 0 }, { backends, variables: { VAULT_PATH: "x" } });
  await Promise.all([keys.current(), keys.current(), keys.current()]);
  expect(calls).toBe(1);
  await keys.current();
  expect(calls).toBe(2);
});

test("when a new set cannot be had, the old one stays in use and an alarm is raised that quotes no secret", async () => {
  const alarms: string[] = [];
  let isDown = false;
  const backends = {
    vault: () => {
      if (isDown) throw new Error("no answer to canary-key");
      return { api_key: "canary-key", api_secret: "canary-secret" };
    },
  };
  const keys = source(fromVault, { backends, variables: { VAULT_PATH: "x" }, onAlarm: (text) => alarms.push(text) });
  await keys.current();
  isDown = true;
  keys.authenticationFailed();
  expect((await keys.current()).fields["API_KEY"]!.reveal()).toBe("canary-key");
  expect(alarms).toEqual([
    'the keys stay as they are: Cannot read credentials of venue "binance": secret backend "vault" gave none, no answer to [redacted]',
  ]);
});

test("the file backend reads a rendered bundle and sees it change", async () => {
  const path = join(folder, "binance.json");
  writeFileSync(path, JSON.stringify({ API_KEY: "old", API_SECRET: "s" }));
  const keys = source({ ...fromVariables, secretBackend: { adapter: "file", path, pathEnv: undefined, fieldMapping: {} } });
  expect((await keys.current()).fields["API_KEY"]!.reveal()).toBe("old");
  // The first look remembers the file as it is.
  await realEnv().sleep(100_000);
  writeFileSync(path, JSON.stringify({ API_KEY: "new", API_SECRET: "s" }));
  await expect.poll(async () => (await keys.current()).fields["API_KEY"]!.reveal(), { timeout: 8_000 }).toBe("new");
  keys.close();
});

test("a bundle that is no JSON is refused without a word of it", async () => {
  const path = join(folder, "broken.json");
  writeFileSync(path, '{"API_KEY": "canary-key');
  const config = { ...fromVariables, secretBackend: { adapter: "file", path, pathEnv: undefined, fieldMapping: {} } };
  const message = await refusal(() => source(config).current());
  expect(message).toContain("gave none, it is not JSON");
  expect(message).not.toContain("canary");
});

test("without a backend the fields come from variables with the prefix", async () => {
  const keys = source(fromVariables, { variables: { BINANCE_API_KEY: "k", BINANCE_API_SECRET: "s" } });
  expect((await keys.current()).fields["API_SECRET"]!.reveal()).toBe("s");
});

test("a rotation whose new set cannot be had at first is not forgotten: it is asked for again, and not by every call", async () => {
  const clock = new SimClock({ seed: 1 });
  const env = new SimEnv({ clock, process: new SimProcess("trader"), seed: 1, files: new SimFiles(new SimDisk(seededStream(1, "disk"))) });
  let asked = 0;
  let isDown = false;
  const alarms: string[] = [];
  let changed: () => void = () => undefined;
  const backend = {
    fetch: () => {
      asked += 1;
      if (isDown) throw new Error("sealed");
      return { api_key: `key ${asked}`, api_secret: "canary-secret" };
    },
    watch: (_path: string, tell: () => void) => {
      changed = tell;
      return () => undefined;
    },
  };
  const keys = source(fromVault, {
    env,
    backends: { vault: backend },
    variables: { VAULT_PATH: "x" },
    onAlarm: (text) => void alarms.push(text),
  });
  const held = async (): Promise<string> => (await keys.current()).fields["API_KEY"]!.reveal();
  expect(await held()).toBe("key 1");
  isDown = true;
  changed();
  for (let call = 0; call < 5; call += 1) expect(await held()).toBe("key 1");
  expect([asked, alarms.length]).toEqual([2, 1]);
  isDown = false;
  await clock.run(clock.nowUs + 3_000_000);
  expect(await held()).toBe("key 3");
});

test("the line end behind a key is no part of it", async () => {
  const keys = source(fromVariables, { variables: { BINANCE_API_KEY: " abc\n", BINANCE_API_SECRET: "def\r\n" } });
  const { fields } = await keys.current();
  expect([fields["API_KEY"]!.reveal(), fields["API_SECRET"]!.reveal()]).toEqual(["abc", "def"]);
  expect(await refusal(() => source(fromVariables, { variables: { BINANCE_API_KEY: "\n", BINANCE_API_SECRET: "x" } }).current())).toContain(
    'its field "API_KEY" is missing',
  );
});
