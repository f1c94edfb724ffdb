import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { barsThrough } from "../../testing/venue-world.ts";
import { symbolSpec } from "../exchange/symbol-spec.ts";
import { LOCAL_KEY } from "../wire/api-key.ts";
import { type ServedVenue, type ServeOptions, serveLocalVenue } from "./real-venue-server.ts";

let served: ServedVenue | undefined;
afterEach(() => served?.close());

async function serve(options: Partial<ServeOptions> = {}): Promise<ServedVenue> {
  const columns = barsThrough([100, 100, 100, 101, 102, 103]);
  const markets = [{ spec: symbolSpec("BTCUSDT", "BTC", "USDT"), columns, playedIntervalUs: 1_000_000, historyBars: 3 }];
  served = await serveLocalVenue({ port: 0, markets, ...options });
  return served;
}

async function placed(url: string, clientId: string): Promise<Response> {
  const query = `symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=90&newClientOrderId=${clientId}&timestamp=${Date.now()}`;
  const signature = createHmac("sha256", LOCAL_KEY.secret).update(query).digest("hex");
  return fetch(`${url}/api/v3/order?${query}&signature=${signature}`, { method: "POST", headers: { "X-MBX-APIKEY": LOCAL_KEY.key } });
}

async function command(url: string, body: unknown): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await fetch(`${url}/__control`, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

/** Messages of a connection until there are enough of them. */
function messages(url: string, count: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const got: unknown[] = [];
    socket.on("message", (data: Buffer) => {
      got.push(JSON.parse(data.toString("utf8")));
      if (got.length < count) return;
      socket.terminate();
      resolve(got);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(got));
  });
}

describe("serveLocalVenue()", () => {
  test("answers REST with weights in its headers, and takes a signed order", async () => {
    const { restUrl } = await serve();
    const ping = await fetch(`${restUrl}/api/v3/ping`);
    expect([ping.status, ping.headers.get("x-mbx-used-weight-1m"), await ping.json()]).toEqual([200, "1", {}]);
    const order = await placed(restUrl, "tp-1");
    expect(await order.json()).toMatchObject({ clientOrderId: "tp-1", status: "NEW" });
  });

  test("streams trades in combined and raw form", async () => {
    const { streamUrl } = await serve();
    const [combined, raw] = await Promise.all([
      messages(`${streamUrl}/stream?streams=btcusdt@trade`, 2),
      messages(`${streamUrl}/ws/btcusdt@trade`, 2),
    ]);
    expect(combined[0]).toMatchObject({ stream: "btcusdt@trade", data: { e: "trade", s: "BTCUSDT" } });
    expect(raw[0]).toMatchObject({ e: "trade", s: "BTCUSDT" });
  });

  test("takes control commands: a fault strikes, the truth is told", async () => {
    const { restUrl } = await serve();
    expect((await command(restUrl, { do: "fault-on", rule: { name: "error-accepted", value: 502, times: 1 } })).json).toEqual({ id: 1 });
    expect((await placed(restUrl, "tp-1")).status).toBe(502);
    const { records } = (await command(restUrl, { do: "truth" })).json as {
      records: { kind: string; clientId?: string; outcome?: string }[];
    };
    expect(records.filter((record) => record.kind === "request")).toMatchObject([{ clientId: "tp-1", outcome: "accepted" }]);
    expect((await command(restUrl, { do: "state" })).json).toMatchObject({ strikes: { "error-accepted": 1 } });
    expect(await command(restUrl, { do: "nothing" })).toEqual({ status: 400, json: { error: 'there is no command "nothing"' } });
  });

  test("breaks a connection where a fault says so, and is not there during an outage", async () => {
    const { restUrl, streamUrl } = await serve({ faults: [{ name: "response-cut", times: 1 }] });
    await expect(placed(restUrl, "tp-1")).rejects.toThrow("fetch failed");
    await command(restUrl, { do: "outage", delayUs: 600_000_000 });
    await expect(fetch(`${restUrl}/api/v3/ping`)).rejects.toThrow("fetch failed");
    await expect(messages(`${streamUrl}/ws/btcusdt@trade`, 1)).rejects.toThrow(/socket hang up/);
  });

  test("answers a ping with its payload, and none once the connection is dead", async () => {
    const { streamUrl, venue } = await serve();
    const socket = new WebSocket(`${streamUrl}/ws`);
    const pongs: string[] = [];
    socket.on("pong", (data: Buffer) => pongs.push(data.toString("utf8")));
    await new Promise((resolve) => socket.once("open", resolve));
    socket.ping("are you there");
    await expect.poll(() => pongs).toEqual(["are you there"]);
    venue.silence("market", true);
    socket.ping("and now");
    // What comes in order on another connection comes after the answer that never does.
    await fetch(`${served!.restUrl}/api/v3/ping`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pongs).toEqual(["are you there"]);
    socket.terminate();
  });

  test("says which port is taken", async () => {
    const { port } = await serve();
    await expect(serveLocalVenue({ port, markets: [] })).rejects.toThrow(
      `TP_VENUE_PORT: Cannot open a venue on port ${port} of this machine`,
    );
  });

  test("close() frees the port while answers are outstanding and connections are open", async () => {
    const venue = await serve({ faults: [{ name: "response-lost" }] });
    const lost = placed(venue.restUrl, "tp-1");
    const stream = messages(`${venue.streamUrl}/ws/btcusdt@bookTicker`, 1_000_000);
    await fetch(`${venue.restUrl}/__control`, { method: "POST", body: '{"do":"state"}' });
    await venue.close();
    await expect(lost).rejects.toThrow("fetch failed");
    await stream;
    const again = await serveLocalVenue({ port: venue.port, markets: [] });
    await again.close();
  });
});
