import { inspect } from "node:util";
import { buy, defineStrategy, FailureError, formatFailure } from "@tradepulse/core";
import { type HttpRequest, TransportError } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { type Canary, sightings, spellingsOf } from "../testing/canaries.ts";
import { loaderOf, SENTINEL_KEY, SENTINEL_SECTION, sentinelVariables, TOWN_CONFIG } from "../testing/live-town.ts";
import { TamperedTown } from "../testing/tampered-town.ts";
import type { LiveRunnerOptions } from "./live-trading-runner.ts";

/** Secrets are unique markers; a session meets every trouble whose text could quote one, and none may stand anywhere afterwards. */

const KEY = "canaryKEYq7WzXcVbNmT1".padEnd(64, "k7Rw");
const SECRET = 'canarySECRETe"5/Kp+RtYu8901234567890123456789012345678901234567';
const NEXT_KEY = "canaryNEXTKEYu2MnGhJk".padEnd(64, "z5Lp");
const NEXT_SECRET = "canaryNEXTSECRETe5/Kp+RtYu8901234567890123456789012345678901234";
const OTHER = "canaryTOKENu6Hj/Lo+PoIu4567890123456789012345";

const CANARIES: readonly Canary[] = [
  { name: "the key", text: KEY },
  { name: "the secret", text: SECRET },
  { name: "the rotated key", text: NEXT_KEY },
  { name: "the rotated secret", text: NEXT_SECRET },
  { name: "the token of a variable", text: OTHER },
];

const CONFIG = TOWN_CONFIG.replace(
  'required = ["API_KEY", "API_SECRET"]',
  'required = ["API_KEY", "API_SECRET"]\n    [venues.credentials.secret_backend]\n    adapter = "vault"\n    path = "kv/binance"',
);

/** What a careless venue puts into an answer: all that it was sent, and the secrets that are in use, in several spellings. */
function echo(request: HttpRequest, all: readonly string[] = [KEY, SECRET, OTHER]): string {
  return [request.url, request.body ?? "", JSON.stringify(request.headers), ...all.flatMap((each) => spellingsOf(each))].join(" ");
}

/** The same in as few words as a venue's own message may have. */
function brief(of: readonly string[] = [KEY]): string {
  const text = of.flatMap((each) => spellingsOf(each)).join(" ");
  expect(text.length).toBeLessThan(2_048);
  return text;
}

class Canaries extends TamperedTown {
  isRotated = false;
  isBackendDown = false;
  readonly thrown: unknown[] = [];

  constructor() {
    super();
    const keys = this.world.venue.core.keys as Map<string, object>;
    keys.set(KEY, { key: KEY, accountId: "main", kind: "hmac", secret: SECRET });
    keys.set(NEXT_KEY, { key: NEXT_KEY, accountId: "main", kind: "hmac", secret: NEXT_SECRET });
  }

  options(more: Partial<LiveRunnerOptions> = {}): Partial<LiveRunnerOptions> {
    return {
      surroundings: { folder: "/work", variables: { VAULT_TOKEN: OTHER } },
      secretBackends: {
        vault: () => {
          if (this.isBackendDown) throw new Error(`vault said no to ${OTHER}, ${Buffer.from(OTHER).toString("base64")}`);
          return this.isRotated ? { API_KEY: NEXT_KEY, API_SECRET: NEXT_SECRET } : { API_KEY: KEY, API_SECRET: SECRET };
        },
      },
      ...more,
    };
  }

  /** A start that may fail; what it throws is kept as a person would see it. */
  async tryStart(more: Partial<LiveRunnerOptions> = {}): Promise<boolean> {
    try {
      const { done } = await this.start(this.options(more), CONFIG);
      void done.then(({ error }) => this.thrown.push(error));
      return true;
    } catch (error) {
      this.thrown.push(error);
      return false;
    }
  }

  /** Everything that this town has written or told. */
  texts(): Readonly<Record<string, string>> {
    const { names } = this.disk as unknown as {
      readonly names: ReadonlyMap<string, { readonly size: number; read(at: number, length: number): Uint8Array }>;
    };
    const files = [...names].map(([path, file]) => [path, new TextDecoder().decode(file.read(0, file.size))] as const);
    const thrown = this.thrown.map((error, k) => {
      const printed = error instanceof FailureError ? `${formatFailure(error.failure)} ${JSON.stringify(error.failure)}` : "";
      return [`error ${k}`, `${printed} ${inspect(error, { depth: 9 })} ${error instanceof Error ? String(error.stack) : ""}`] as const;
    });
    return Object.fromEntries([
      ...files,
      ...thrown,
      ["news", JSON.stringify(this.news)],
      ["figures", JSON.stringify(this.runner.metrics())],
    ]);
  }
}

test("no secret stands in any file, message, error or figure, whatever goes wrong", { timeout: 60_000 }, async () => {
  const town = new Canaries();
  // The backend fails before there are any keys; the venue echoes what it is asked with at the start.
  town.isBackendDown = true;
  expect(await town.tryStart()).toBe(false);
  town.isBackendDown = false;
  town.tamper = (request) => ({ status: 400, headers: {}, body: JSON.stringify({ code: -2015, msg: echo(request) }) });
  expect(await town.tryStart()).toBe(false);
  town.tamper = undefined;
  expect(await town.tryStart()).toBe(true);
  await town.arm();
  await town.run(2.5);
  expect(town.lastStatus!.fills).toBe(1);

  // Each kind of answer, with the secrets in it.
  const answers: readonly ((request: HttpRequest) => { status: number; body: string })[] = [
    (request) => ({ status: 400, body: JSON.stringify({ code: -1013, msg: echo(request) }) }),
    ...[KEY, SECRET, OTHER].flatMap((each) =>
      [-1013, -2010, -1000].map((code) => () => ({ status: 400, body: JSON.stringify({ code, msg: brief([each]) }) })),
    ),
    (request) => ({ status: 401, body: JSON.stringify({ code: -2015, msg: echo(request) }) }),
    (request) => ({ status: 403, body: `<html>${echo(request)}</html>` }),
    (request) => ({ status: 429, body: JSON.stringify({ code: -1003, msg: echo(request) }) }),
    (request) => ({ status: 500, body: echo(request) }),
    (request) => ({ status: 200, body: JSON.stringify({ [echo(request)]: echo(request) }) }),
    (request) => ({ status: 200, body: JSON.stringify([{ symbol: echo(request), status: echo(request), clientOrderId: echo(request) }]) }),
    (request) => ({ status: 302, body: echo(request) }),
  ];
  for (const answer of answers) {
    town.tamper = (request, response) => (new URL(request.url).pathname.endsWith("/time") ? response : { headers: {}, ...answer(request) });
    await town.run(2);
    town.tamper = undefined;
    await town.run(2);
  }
  // The transport quotes the request.
  town.tamper = (request) => {
    throw new TransportError(`connect failed: ${echo(request)}`, "maybe");
  };
  await town.run(2);
  town.tamper = undefined;

  // Streams: messages, reasons of closing, refusals.
  const said = echo({ method: "GET", url: "", headers: {}, timeoutUs: 1 });
  for (const kind of ["market", "private"] as const) {
    town.say(kind, said);
    town.say(kind, JSON.stringify({ id: said, status: 400, error: { code: -1, msg: said } }));
    town.say(kind, JSON.stringify({ event: { e: said } }));
    town.say(kind, JSON.stringify({ stream: said, data: { e: said, [said]: said } }));
  }
  town.say("private", JSON.stringify({ id: "probe", status: 400, error: { code: -1, msg: brief() } }));
  for (const { handlers } of town.streams) handlers.onClose(1008, said);
  await town.run(2);

  // A rotation, the backend failing in between, and an old key that is refused.
  town.isBackendDown = true;
  (town.world.venue.core.keys as Map<string, object>).delete(KEY);
  await town.run(2);
  town.isBackendDown = false;
  town.isRotated = true;
  await town.run(4);
  // A late answer may quote the old keys, and the next one the new.
  town.tamper = (request, response) => {
    if (new URL(request.url).pathname.endsWith("/time")) return response;
    return {
      status: 400,
      headers: {},
      body: JSON.stringify({
        code: -1013,
        msg: echo(
          request,
          CANARIES.map(({ text }) => text),
        ),
      }),
    };
  };
  await town.run(2);
  town.tamper = undefined;

  // Words of a person, the disk, and the end.
  const { files } = town.man("operator").env;
  await files.makeFolder("/state/binance-test/in-and-out/operator");
  await files.replace(
    `/state/binance-test/in-and-out/operator/word-${"1".repeat(17)}-${"a".repeat(32)}.json`,
    new TextEncoder().encode("{"),
  );
  await town.run(0.1);
  town.disk.onOperation = ({ kind, path }) => (kind === "write" && path.includes("/journal/") ? "EIO" : undefined);
  await town.run(2);
  town.disk.onOperation = undefined;
  await town.run(1);
  await town.until(town.runner.stop());

  const texts = town.texts();
  // The test itself is not blind: the places are there, and a canary would be seen in each.
  for (const part of ["/log/log-000001.jsonl", "/journal/", "heartbeat", "counters.json", "session.json", "error 0", "news"])
    expect(
      Object.keys(texts).some((place) => place.includes(part)),
      part,
    ).toBe(true);
  expect(sightings(CANARIES, { somewhere: CANARIES.map(({ text }) => text).join(" ") })).toHaveLength(CANARIES.length);
  expect(town.alarms.length).toBeGreaterThan(10);
  expect(sightings(CANARIES, texts)).toEqual([]);
});

test("a strategy that throws what it should not know, or asks for the impossible, brings no secret into a text", async () => {
  const careless = defineStrategy({
    name: "careless",
    create: () => {
      let bars = 0;
      return {
        onBar() {
          bars += 1;
          if (bars > 4) throw new Error(`cannot log in with ${KEY} and ${SECRET} at https://u:${OTHER}@host/?signature=${"ab".repeat(32)}`);
          return buy({ quantity: 1 });
        },
      };
    },
  });
  const town = new Canaries();
  expect([await town.tryStart({ loadStrategy: loaderOf(careless) }), town.thrown]).toEqual([true, []]);
  await town.arm();
  await town.run(8);
  await town.until(town.runner.stop());
  expect(town.alarms.join("\n")).toContain("[redacted]");
  expect(sightings(CANARIES, town.texts())).toEqual([]);
  expect(JSON.stringify(town.texts())).not.toContain("abababab");
});

test("a sentinel quotes nothing of what a venue echoes, neither to people nor in its evidence", async () => {
  const town = new Canaries();
  expect(await town.tryStart()).toBe(true);
  await town.arm();
  await town.guard(TOWN_CONFIG + SENTINEL_SECTION, { ...sentinelVariables, SOME_TOKEN: OTHER });
  await town.run(1.5);
  const said = (request: HttpRequest): string => echo(request, [OTHER, SENTINEL_KEY.key, SENTINEL_KEY.secret]);
  for (const status of [400, 401, 500]) {
    town.tamper = (request, response) => {
      // A venue knows whose keys are whose.
      if (request.headers["x-mbx-apikey"] !== SENTINEL_KEY.key) return response;
      return { status, headers: {}, body: JSON.stringify({ code: -1013, msg: said(request) }) };
    };
    await town.run(1);
    if (status === 401) town.crash();
  }
  town.tamper = undefined;
  await town.run(2);
  expect(town.sentinelAlarms.length).toBeGreaterThan(1);
  const texts = { ...town.texts(), sentinel: JSON.stringify(town.sentinelNews) };
  expect(Object.keys(texts).some((place) => place.includes("/sentinel/"))).toBe(true);
  const own: readonly Canary[] = [
    { name: "the sentinel's key", text: SENTINEL_KEY.key },
    { name: "the sentinel's secret", text: SENTINEL_KEY.secret },
  ];
  expect(sightings([...CANARIES, ...own], texts)).toEqual([]);
});

test("a strategy file that cannot be loaded is refused without the secrets that its error quotes", async () => {
  const town = new Canaries();
  const loadStrategy = async (): Promise<never> => {
    throw new Error(`connect ${OTHER}`, { cause: new Error(`because of ${OTHER}`) });
  };
  expect(await town.tryStart({ loadStrategy })).toBe(false);
  expect(sightings(CANARIES, town.texts())).toEqual([]);
});
