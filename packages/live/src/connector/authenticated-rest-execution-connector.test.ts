import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { realEnv } from "@tradepulse/platform";
import { expect, onTestFinished, test } from "vitest";
import { CredentialSource, type Credentials } from "../credentials/credential-source.ts";
import { AuthenticatedRESTExecutionConnector, type RestCall, type SignedCall } from "./authenticated-rest-execution-connector.ts";
import { WindowBudget } from "./window-budget.ts";

const ORDER: RestCall = { method: "POST", path: "/order", body: "side=buy", weight: 1, purpose: "new-risk", isSigned: true };

/** A connector as somebody else would write one. */
class Acme extends AuthenticatedRESTExecutionConnector {
  protected readonly clockCall: RestCall = { method: "GET", path: "/time", weight: 1, purpose: "truth", isSigned: false };

  signedAtUs = 0;

  protected sign(call: RestCall, { fields }: Credentials, timeUs: number): SignedCall {
    this.signedAtUs = timeUs;
    const body = `${call.body ?? ""}&time=${Math.floor(timeUs / 1_000)}`;
    const signature = createHmac("sha256", fields["API_SECRET"]!.reveal()).update(body).digest("hex");
    return { pathAndQuery: call.path, headers: { "x-key": fields["API_KEY"]!.reveal(), "x-signature": signature }, body };
  }

  protected venueTimeUs(body: string): number | undefined {
    const ms = Number(body);
    return Number.isFinite(ms) ? ms * 1_000 : undefined;
  }
}

/** A venue on this machine with one key, and whatever `special` answers. */
async function venue(special: (request: IncomingMessage, response: ServerResponse) => boolean = () => false) {
  const state = { secret: "first-secret", orders: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part.toString();
    });
    request.on("end", () => {
      if (special(request, response)) return;
      if (request.url === "/time") return response.end(String(Date.now() + 250));
      const isSigned = request.headers["x-signature"] === createHmac("sha256", state.secret).update(body).digest("hex");
      if (isSigned) state.orders += 1;
      return response.writeHead(isSigned ? 200 : 401).end(isSigned ? "placed" : `no such key ${String(request.headers["x-key"])}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { state, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function connector(baseUrl: string, bundle: () => Record<string, string>, limit = 100, env = realEnv()): Acme {
  const config = {
    envPrefix: undefined,
    required: ["API_KEY", "API_SECRET"],
    optional: [],
    ttlUs: undefined,
    secretBackend: { adapter: "vault", path: "x", pathEnv: undefined, fieldMapping: {} },
  };
  const credentials = new CredentialSource({
    env,
    venue: "acme",
    config,
    backends: { vault: bundle },
    variables: {},
    onAlarm: () => undefined,
  });
  return new Acme({
    env,
    venue: "acme",
    baseUrl,
    credentials,
    budget: new WindowBudget({ env, limit, windowUs: 60e6 }),
    timeoutUs: 2_000_000,
  });
}

test("a connector signs, and one refused authentication fetches fresh keys before the next call; the call itself is not repeated", async () => {
  const { state, baseUrl } = await venue();
  const acme = connector(baseUrl, () => ({ API_KEY: "canary-key", API_SECRET: state.secret }));
  expect(await acme.call(ORDER)).toMatchObject({ kind: "answered", status: 200, body: "placed" });
  state.secret = "second-secret";
  // The venue quotes the key; the answer does not.
  expect(await acme.call(ORDER)).toMatchObject({ kind: "answered", status: 401, body: "no such key [redacted]" });
  expect(await acme.call(ORDER)).toMatchObject({ kind: "answered", status: 200 });
  expect(state.orders).toBe(2);
});

test("a server error is unknown, a refused connection is not sent", async () => {
  const { baseUrl } = await venue((request, response) => {
    if (request.url !== "/order") return false;
    response.writeHead(503).end("<html>");
    return true;
  });
  const keys = (): Record<string, string> => ({ API_KEY: "k", API_SECRET: "s" });
  expect(await connector(baseUrl, keys).call(ORDER)).toEqual({ kind: "unknown", why: "the venue answered 503" });
  expect(await connector("http://127.0.0.1:1", keys).call(ORDER)).toMatchObject({ kind: "not-sent" });
});

test("429 is kept: nothing is sent until the ban is over", async () => {
  let requests = 0;
  const { baseUrl } = await venue((_request, response) => {
    requests += 1;
    response.writeHead(429, { "retry-after": "30" }).end();
    return true;
  });
  const acme = connector(baseUrl, () => ({ API_KEY: "k", API_SECRET: "s" }));
  expect(await acme.call(ORDER)).toMatchObject({ kind: "not-sent", retryAfterUs: 30e6 });
  expect(await acme.call({ ...ORDER, purpose: "reduce" })).toMatchObject({ kind: "not-sent", why: "the rate budget is used up" });
  expect(requests).toBe(1);
});

test("a part of the budget is left to cancels and to the truth", async () => {
  const { baseUrl } = await venue();
  const acme = connector(baseUrl, () => ({ API_KEY: "k", API_SECRET: "first-secret" }), 10);
  for (let k = 0; k < 7; k += 1) expect((await acme.call(ORDER)).kind).toBe("answered");
  expect(await acme.call(ORDER)).toMatchObject({ kind: "not-sent" });
  expect(await acme.call({ ...ORDER, purpose: "reduce" })).toMatchObject({ kind: "answered", status: 200 });
});

test("the venue's clock is known as well as the way to it allows", async () => {
  const { baseUrl } = await venue();
  const acme = connector(baseUrl, () => ({ API_KEY: "k", API_SECRET: "s" }));
  expect(acme.clockErrorUs).toBe(Number.POSITIVE_INFINITY);
  expect(await acme.measureClock()).toBe(true);
  expect(Math.abs(acme.clockOffsetUs - 250_000)).toBeLessThanOrEqual(acme.clockErrorUs + 2_000);
});

test("keys are not sent in clear text to another machine", () => {
  expect(() => connector("http://api.example.com", () => ({}))).toThrow("allowed is https://, and http:// on this machine");
});

test("calls that begin at one moment share the rate budget: none goes beyond it", async () => {
  const { state, baseUrl } = await venue();
  const acme = connector(baseUrl, () => ({ API_KEY: "canary-key", API_SECRET: state.secret }), 10);
  const answers = await Promise.all(Array.from({ length: 20 }, () => acme.call(ORDER)));
  // Three of ten are kept for what must always be possible.
  expect(answers.filter(({ kind }) => kind === "answered")).toHaveLength(7);
  expect(state.orders).toBe(7);
});

test("a step of our clock after the measurement does not move the time that requests are signed with", async () => {
  const { state, baseUrl } = await venue();
  const real = realEnv();
  let stepUs = 0;
  const acme = connector(baseUrl, () => ({ API_KEY: "k", API_SECRET: state.secret }), 100, {
    ...real,
    wallUs: () => real.wallUs() + stepUs,
  });
  expect(await acme.measureClock()).toBe(true);
  stepUs = -3_600_000_000;
  await acme.call(ORDER);
  expect(Math.abs(acme.signedAtUs - real.wallUs() - 250_000)).toBeLessThan(2_000_000);
  expect(acme.clockOffsetUs).toBeGreaterThan(3_599_000_000);
});

test("a ban that a header states without an end has one", async () => {
  const { baseUrl } = await venue((_request, response) => {
    response.writeHead(418, { "retry-after": "1e300" }).end();
    return true;
  });
  const acme = connector(baseUrl, () => ({ API_KEY: "k", API_SECRET: "s" }));
  expect(await acme.call(ORDER)).toMatchObject({ kind: "not-sent", retryAfterUs: 3 * 86_400e6 });
});
