import { generateKeyPairSync, verify } from "node:crypto";
import { Secret, TransportError } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { binanceExecution } from "./execution-client.ts";
import { error, json, ORDER, order, ready, submitted } from "./scripted-client.ts";
import { HMAC_KEY, ScriptedWorld } from "./scripted-world.ts";

describe("BinanceRest", () => {
  test("sends nothing before the clock was measured, when it is too uncertain, and after a step of our own clock", async () => {
    const world = new ScriptedWorld();
    world.http = () => json(ORDER);
    const client = binanceExecution(world.env, { key: HMAC_KEY });
    expect(await client.submit(order(world))).toMatchObject({
      code: "not-sent",
      cause: "clock",
      message: expect.stringContaining("is not known"),
    });
    await world.settle(client.measureClock());
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
    world.env.wallAheadUs = 3_600_000_000;
    expect(await client.submit(order(world))).toMatchObject({
      code: "not-sent",
      cause: "clock",
      message: expect.stringContaining("may be 36000"),
    });
    await world.settle(client.measureClock());
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
    // 200 parts per million: 490 ms of room last for 41 minutes.
    await world.run(3_600_000_000);
    expect(await client.submit(order(world))).toMatchObject({ cause: "clock" });
    expect(world.requests.filter((request) => request.method === "POST")).toHaveLength(2);
  });

  test("refuses a slow measurement of the clock", async () => {
    const world = new ScriptedWorld();
    world.latencyUs = 1_200_000;
    const client = binanceExecution(world.env, { key: HMAC_KEY });
    await world.settle(client.measureClock());
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "clock" });
  });

  test("stamps with the venue's time when our wall clock is an hour ahead, and keeps the deadline", async () => {
    const world = new ScriptedWorld();
    world.http = () => json(ORDER);
    world.env.wallAheadUs = 3_600_000_000;
    const client = binanceExecution(world.env, { key: HMAC_KEY });
    await world.settle(client.measureClock());
    const before = world.venueMs;
    await world.settle(client.submit(order(world)));
    const query = new URLSearchParams(world.requests.at(-1)!.body);
    expect(Math.abs(Number(query.get("timestamp")) - before)).toBeLessThanOrEqual(11);
    expect(Number(query.get("timestamp")) + Number(query.get("recvWindow"))).toBeLessThanOrEqual(before + 2_000);
  });

  test("sends nothing after the deadline", async () => {
    const { world, client } = await ready(() => json(ORDER));
    const late = order(world);
    await world.run(2_000_000);
    expect(await client.submit(late)).toEqual({ kind: "refused", code: "not-sent", message: "its deadline has passed", cause: "clock" });
    expect(world.requests).toEqual([]);
  });

  test("is silent to the venue until a ban is over, and stops new orders alone at the account's limit", async () => {
    let answer = error(429, -1003, "Too much request weight used.", { "retry-after": "7" });
    const { world, client } = await ready(() => answer);
    await world.settle(client.submit(order(world)));
    answer = json(ORDER);
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "rate-limit" });
    expect(await client.openOrders()).toMatchObject({ kind: "unavailable", retryAfterUs: expect.any(Number) });
    expect(world.requests).toHaveLength(1);
    await world.run(7_000_000);
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");

    answer = error(429, -1015, "Too many new orders.");
    await world.settle(client.submit(order(world)));
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "too-many-orders" });
    answer = json([]);
    expect((await world.settle(client.openOrders("BTCUSDT"))).kind).toBe("read");
  });

  test("counts orders by the venue's header and holds the next one back at the limit", async () => {
    const { world, client } = await ready(() => json(ORDER, { headers: { "x-mbx-order-count-10s": "50", "x-mbx-used-weight-1m": "12" } }));
    await world.settle(client.submit(order(world)));
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "too-many-orders" });
    await world.run(10_000_000);
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
  });

  test("keeps a reserve: new risk stops at four fifths of the weight, cancels go on", async () => {
    let used = "4800";
    const { world, client } = await ready((request) =>
      json(request.method === "POST" ? ORDER : { ...ORDER, status: "CANCELED", origClientOrderId: "tp-2-1z" }, {
        headers: { "x-mbx-used-weight-1m": used },
      }),
    );
    await world.settle(client.cancel("BTCUSDT", "tp-2-1z"));
    expect(await client.submit(order(world))).toMatchObject({ code: "not-sent", cause: "rate-limit" });
    expect((await world.settle(client.cancel("BTCUSDT", "tp-2-1z"))).kind).toBe("canceled");
    used = "6000";
    await world.settle(client.cancel("BTCUSDT", "tp-2-1z"));
    expect(await client.cancel("BTCUSDT", "tp-2-1z")).toMatchObject({ code: "not-sent", cause: "rate-limit" });
    await world.run(60_000_000);
    used = "1";
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
  });

  test("takes a rotated key with the next call and says when a key is refused", async () => {
    let key = HMAC_KEY;
    let refused = 0;
    const { world, client } = await ready(
      (request) =>
        request.headers["x-mbx-apikey"] === "new-key" ? json(ORDER) : error(401, -2015, "Invalid API-key, IP, or permissions for action."),
      {
        key: () => key,
        onKeyRefused: () => {
          refused += 1;
          key = { kind: "hmac", apiKey: new Secret("new-key"), secret: new Secret("new-secret") };
        },
      },
    );
    expect(await world.settle(client.submit(order(world)))).toMatchObject({ kind: "refused", cause: "authorisation" });
    expect(refused).toBe(1);
    expect((await world.settle(client.submit(order(world)))).kind).toBe("acknowledged");
  });

  test("signs with Ed25519 what it sends", async () => {
    const pair = generateKeyPairSync("ed25519");
    const privateKey = new Secret(pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const { world, client } = await ready(() => json(ORDER), { key: { kind: "ed25519", apiKey: new Secret("k"), privateKey } });
    await world.settle(client.submit(order(world)));
    const [signed, signature] = world.requests[0]!.body!.split("&signature=") as [string, string];
    expect(verify(null, Buffer.from(signed), pair.publicKey, Buffer.from(decodeURIComponent(signature), "base64"))).toBe(true);
  });

  test("shows no secret in what it says of a failure", async () => {
    const { secret, apiKey } = HMAC_KEY as { secret: Secret; apiKey: Secret };
    for (const answer of [
      new TransportError(`POST ${apiKey.reveal()} failed`, "maybe"),
      error(400, -2010, `Bad ${secret.reveal()} ${apiKey.reveal()}`),
      error(400, -9999, `Bad ${apiKey.reveal()}`),
    ]) {
      const text = JSON.stringify(await submitted(answer));
      expect(text).toContain("[redacted]");
      expect(text).not.toContain(apiKey.reveal());
      expect(text).not.toContain(secret.reveal());
    }
  });
});
