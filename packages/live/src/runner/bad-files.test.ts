import { FailureError } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { CredentialSource } from "../credentials/credential-source.ts";
import { openKillLatch } from "../latch/kill-latch.ts";
import { TOWN_ACCOUNT } from "../testing/live-town.ts";
import { TamperedTown } from "../testing/tampered-town.ts";
import { operatorFolder } from "./operator-inbox.ts";
import { sessionFlaw } from "./session-flaw.ts";

/** Files that a live process reads while it runs or when it starts, damaged: what they say is not believed, and a person is told. */

const ENCODER = new TextEncoder();
const SESSION = `${TOWN_ACCOUNT}/in-and-out`;
const WORD = { action: "flatten", reason: "drill", by: "ada" };

async function put(town: TamperedTown, path: string, content: string | Uint8Array): Promise<void> {
  const { files } = town.man("hand").env;
  await files.makeFolder(path.slice(0, path.lastIndexOf("/")));
  await files.replace(path, typeof content === "string" ? ENCODER.encode(content) : content);
}

async function read(town: TamperedTown, path: string): Promise<string> {
  return new TextDecoder().decode(await town.man("hand").env.files.read(path));
}

let words = 0;
function wordName(): string {
  words += 1;
  return `word-${String(words).padStart(17, "0")}-${"a".repeat(32)}.json`;
}

describe("a word of an operator", () => {
  test.each<readonly [string, string | Uint8Array, "unreadable" | "oversized"]>([
    ["empty", "", "unreadable"],
    ["cut", JSON.stringify(WORD).slice(0, -4), "unreadable"],
    ["a list", "[]", "unreadable"],
    ["null", "null", "unreadable"],
    ["an unknown action", JSON.stringify({ ...WORD, action: "sell-all" }), "unreadable"],
    ["an action by nature", '{"action":"constructor","reason":"x","by":"y"}', "unreadable"],
    ["prototype keys", '{"__proto__":{"action":"flatten","reason":"x","by":"y"}}', "unreadable"],
    ["no name", JSON.stringify({ ...WORD, by: undefined }), "unreadable"],
    ["a reason that is no text", JSON.stringify({ ...WORD, reason: { a: 1 } }), "unreadable"],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0, 1, 2), "unreadable"],
    ["beyond every bound", JSON.stringify({ ...WORD, reason: "x".repeat(100_000) }), "oversized"],
  ])("that is %s is not carried out, counted and told to whoever watches", async (_name, content, flaw) => {
    const town = new TamperedTown();
    await town.begin();
    const before = town.state;
    await put(town, `${operatorFolder(SESSION)}/${wordName()}`, content);
    await town.run(0.05);
    expect(town.state).toBe(before);
    expect(town.counted("operator", flaw)).toBe(1);
    expect(town.alarms.join("\n")).toMatch(/an operator's word was not carried out: "word-\d+-a+\.json" is (no word|too long)/);
    // A good one after it is.
    await put(town, `${operatorFolder(SESSION)}/${wordName()}`, JSON.stringify(WORD));
    await town.run(0.2);
    expect(town.lots).toBe(0);
  });

  test("cut at every byte is none", async () => {
    const town = new TamperedTown();
    await town.begin();
    const before = town.state;
    const whole = JSON.stringify(WORD);
    for (let length = 0; length < whole.length; length += 1)
      await put(town, `${operatorFolder(SESSION)}/${wordName()}`, whole.slice(0, length));
    await town.run(0.1);
    expect(town.state).toBe(before);
    expect(town.counted("operator", "unreadable")).toBe(whole.length);
  });

  test("that cannot be read or taken away ends nothing, and is told once", async () => {
    const town = new TamperedTown();
    await town.begin();
    town.disk.onOperation = ({ kind, path }) => (path.includes("/operator/") && (kind === "read" || kind === "remove") ? "EIO" : undefined);
    await put(town, `${operatorFolder(SESSION)}/${wordName()}`, JSON.stringify(WORD));
    const before = town.lots;
    await town.run(0.5);
    expect(town.lots).toBe(before);
    expect(town.counted("operator", "unreadable")).toBe(1);
    expect(town.alarms.filter((text) => text.includes("cannot be read and taken away"))).toHaveLength(1);
    town.disk.onOperation = undefined;
    await town.run(0.2);
    expect(town.lots).toBe(0);
  });

  test("in a file of another name is nobody's", async () => {
    const town = new TamperedTown();
    await town.begin();
    for (const name of ["word-1.json", "WORD.json", `word-${"1".repeat(17)}-${"a".repeat(32)}.json.tmp`])
      await put(town, `${operatorFolder(SESSION)}/${name}`, JSON.stringify(WORD));
    await town.run(0.2);
    expect(town.lots).toBeGreaterThan(0);
    expect(town.counted("operator", "unreadable")).toBe(0);
  });
});

describe("the kill latch", () => {
  test("halts on an arming that is cut at any byte, or that lies", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.arm();
    const path = `${TOWN_ACCOUNT}/latch/armed.json`;
    const whole = await read(town, path);
    const lies = [
      "",
      "null",
      "[]",
      '{"__proto__":{"state":"enabled"}}',
      whole.replace('"enabled"', '"Enabled"'),
      whole.replace('"enabled"', "true"),
      whole.replace(/"clears":\[[^\]]*\]/, '"clears":"all"'),
      whole.replace(/"atUs":\d+/, '"atUs":"now"'),
      whole.replace(/"by":"[^"]*"/, '"by":7'),
    ];
    for (const text of [...Array.from({ length: whole.length }, (_, length) => whole.slice(0, length)), ...lies]) {
      await put(town, path, text);
      expect(await town.latch((latch) => latch.state), JSON.stringify(text)).toBe("halted");
    }
    await put(town, path, whole);
    expect(await town.latch((latch) => latch.state)).toBe("enabled");
  });

  test("halts on a trip that is damaged, whatever it says", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.arm();
    const trip = { state: "reduce-only", reason: "drill", by: "ada", atUs: 1 };
    for (const text of [
      "",
      "{",
      "[]",
      "null",
      JSON.stringify({ ...trip, state: "enabled" }),
      JSON.stringify({ ...trip, state: "none" }),
      '{"__proto__":{}}',
    ]) {
      const path = `${TOWN_ACCOUNT}/latch/trip-${"b".repeat(32)}.json`;
      await put(town, path, text);
      expect(await town.latch((latch) => latch.state), text).toBe("halted");
      await town.man("hand").env.files.remove(path);
    }
    expect(await town.latch((latch) => latch.state)).toBe("enabled");
  });

  test("that becomes unreadable halts a running session, is counted, and no new order leaves", async () => {
    const town = new TamperedTown();
    await town.begin();
    await put(town, `${TOWN_ACCOUNT}/latch/armed.json`, "{");
    await town.run(0.1);
    const sent = town.orders.length;
    expect(town.lastStatus !== undefined && town.counted("files", "unreadable")).toBe(1);
    expect(town.alarms.join("\n")).toContain("trading is halted: the arming cannot be read");
    await town.run(8);
    // What reduces may still leave; nothing is bought.
    expect(
      town.world.venue.ledger
        .ordersOf("main")
        .slice(sent)
        .every(({ side }) => side === "SELL"),
    ).toBe(true);
  });

  test("is not opened by a process that cannot read its folder", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.arm();
    town.disk.onOperation = ({ kind, path }) => (kind === "read" && path.includes("/latch") ? "EIO" : undefined);
    const latch = await town.until(openKillLatch({ env: town.man("reader").env, folder: `${TOWN_ACCOUNT}/latch` }));
    expect(latch.state).toBe("halted");
    latch.stop();
  });
});

describe("the epoch file", () => {
  test.each([
    "",
    "null",
    "[]",
    "{}",
    '{"epoch":0,"isReleased":true}',
    '{"epoch":-3,"isReleased":true}',
    '{"epoch":1.5,"isReleased":true}',
    '{"epoch":1e308,"isReleased":true}',
    '{"epoch":"2","isReleased":true}',
    '{"epoch":2}',
    '{"epoch":2,"isReleased":true,"check":1}',
  ])("that says %j lets nobody lead", async (text) => {
    const town = new TamperedTown();
    await town.start();
    await town.until(town.runner.stop());
    await put(town, `${TOWN_ACCOUNT}/leader/epoch.json`, text);
    await expect(town.start()).rejects.toThrow("TP_LEADER_EPOCH");
  });

  test("that becomes unreadable under a leader ends its sending", async () => {
    const town = new TamperedTown();
    await town.begin();
    await put(town, `${TOWN_ACCOUNT}/leader/epoch.json`, "{");
    await town.run(0.2);
    const sent = town.orders.length;
    await town.run(8);
    expect(town.orders.length).toBe(sent);
  });
});

describe("session.json", () => {
  test("cut at any byte, or with any field gone or of another type, is refused with a code", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.until(town.runner.stop());
    const path = `${SESSION}/session.json`;
    const whole = await read(town, path);
    const record = JSON.parse(whole) as Record<string, unknown>;
    expect(sessionFlaw(record)).toBeUndefined();
    const optional = new Set(["journal", "schema"]);
    for (const key of Object.keys(record)) {
      if (optional.has(key)) continue;
      const { [key]: _gone, ...rest } = record;
      expect(sessionFlaw(rest), key).toBe(`${key} is missing`);
      for (const junk of [null, true, -1, 1e308, Number.NaN, "", "x", [], {}, [[]], { __proto__: null }]) {
        if (JSON.stringify(junk) === JSON.stringify(record[key])) continue;
        const flaw = sessionFlaw({ ...record, [key]: junk });
        // Some junk is by chance what may stand there: another name, no options, no parameters.
        if (flaw === undefined) expect(ALLOWED_JUNK[key], `${key} ${JSON.stringify(junk)}`).toContain(JSON.stringify(junk));
      }
    }
    for (const text of [
      whole.slice(0, 5),
      whole.slice(0, whole.length / 2),
      "null",
      "[]",
      "5",
      '{"schema":2}',
      '{"schema":1}',
      '{"__proto__":{"schema":1}}',
    ]) {
      await put(town, path, text);
      const error = await town.start().catch((thrown: unknown) => thrown);
      expect(error, text).toBeInstanceOf(FailureError);
      expect((error as FailureError).failure.code, text).toBe("TP_LIVE_SESSION");
    }
    await put(town, path, whole);
    await town.start();
  });

  test("cannot send a session to a latch that nobody else knows, nor a series to another instrument", async () => {
    const town = new TamperedTown();
    await town.start();
    const record = JSON.parse(await read(town, `${SESSION}/session.json`)) as { series: object[] } & Record<string, unknown>;
    for (const latch of ["/tmp/latch", "../../other/latch", "latch/../x"])
      expect(sessionFlaw({ ...record, latch })).toContain("latch is no one of");
    expect(sessionFlaw({ ...record, series: [{ ...record.series[0], instrumentIndex: 7 }] })).toBe(
      "series[0] is of no instrument of the session",
    );
  });
});

/** Values of other types that a field of the record may have all the same. */
const ALLOWED_JUNK: Readonly<Record<string, readonly string[]>> = {
  name: ['"x"'],
  engineVersion: ['""', '"x"'],
  startedUs: ["-1"],
  tradeFromUs: ["null", "-1", "1e+308"],
  capital: ["1e+308"],
  options: ["null", "{}"],
  risk: ["{}"],
  unmanaged: ["{}"],
};

describe("a bundle of secrets", () => {
  const config = {
    envPrefix: "BINANCE",
    required: ["API_KEY", "API_SECRET"],
    optional: [],
    ttlUs: undefined,
    secretBackend: { adapter: "vault", path: "x", pathEnv: undefined, fieldMapping: {} },
  };

  test.each<readonly [string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a list", ["canary-7f3a"]],
    ["a text", "canary-7f3a"],
    ["numbers", { API_KEY: 1, API_SECRET: 2 }],
    ["tables", { API_KEY: { value: "canary-7f3a" }, API_SECRET: ["canary-7f3a"] }],
    ["empty texts", { API_KEY: "", API_SECRET: "" }],
    ["one of two", { API_KEY: "canary-7f3a" }],
    ["prototype keys", JSON.parse('{"__proto__":{"API_KEY":"canary-7f3a","API_SECRET":"canary-7f3a"}}')],
  ])("that is %s is refused by field, never by value, and nothing starts with it", async (_name, bundle) => {
    const bad: string[] = [];
    const { env } = new TamperedTown().man("reader");
    const source = new CredentialSource({
      env,
      venue: "binance",
      config,
      backends: { vault: () => bundle as Record<string, string> },
      variables: {},
      onAlarm: () => undefined,
      onBadBundle: (flaw, why) => bad.push(`${flaw} ${why}`),
    });
    const error = await source.current().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailureError);
    expect((error as FailureError).failure.code).toMatch(/^TP_LIVE_SECRET_(MISSING|BACKEND)$/);
    expect(bad).toHaveLength(1);
    expect(JSON.stringify([bad, (error as FailureError).failure])).not.toContain("canary");
  });
});
