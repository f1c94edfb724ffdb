import { generateKeyPairSync } from "node:crypto";
import { Secret } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { Play, REPORT, ready, wrap } from "./scripted-user-stream.ts";
import { HMAC_KEY } from "./scripted-world.ts";

describe("openUserStream()", () => {
  test("measures the clock, subscribes with a signature for an HMAC key, and is ready when that is answered", async () => {
    const { socket, world } = await ready();
    expect(socket.url).toBe("wss://ws-api.testnet.binance.vision/ws-api/v3");
    expect(socket.sent.map((message) => message["method"])).toEqual(["userDataStream.subscribe.signature", "session.status"]);
    const { method, params } = socket.sent[0] as { method: string; params: Record<string, unknown> };
    expect(method).toBe("userDataStream.subscribe.signature");
    expect(Object.keys(params).sort()).toEqual(["apiKey", "signature", "timestamp"]);
    expect(Math.abs(Number(params["timestamp"]) - world.venueMs)).toBeLessThan(1_000);
  });

  test("logs on and then subscribes with an Ed25519 key", async () => {
    const pair = generateKeyPairSync("ed25519");
    const privateKey = new Secret(pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const { socket } = await ready({ key: { kind: "ed25519", apiKey: new Secret("k"), privateKey } });
    expect(socket.sent.map(({ method }) => method)).toEqual(["session.logon", "userDataStream.subscribe", "session.status"]);
    expect(socket.sent[1]).not.toHaveProperty("params");
  });

  test("tells orders with their fills, balances and transfers, in any wrapping", async () => {
    const play = await ready();
    play.socket.say(wrap(REPORT));
    play.socket.say({
      stream: "x",
      data: { ...REPORT, x: "CANCELED", X: "CANCELED", l: "0.00000000", c: "cancel-1", C: "tp-2-1z", t: -1, N: null, n: "0" },
    });
    play.socket.say({ ...REPORT, x: "NEW", X: "NEW", l: "0.0", z: "0.0", t: -1 });
    play.socket.say(wrap({ e: "outboundAccountPosition", E: 1, u: 1, B: [{ a: "BTC", f: "1.2", l: "0.5" }] }));
    play.socket.say(wrap({ e: "balanceUpdate", E: 1, a: "USDT", d: "-100.0", T: 1 }));
    play.socket.say(wrap({ e: "listStatus", E: 1 }));
    expect(play.news()).toEqual([
      "order tp-2-1z partially-filled 0.20000000 fill 3735683259 0.20000000",
      "order tp-2-1z canceled 0.20000000",
      "order tp-2-1z new 0.0",
      "balance BTC 1.2 0.5",
      "transfer USDT -100.0",
    ]);
  });

  test("doubts when a quantity changed hands without a fill that could be read, and vouches again once things are quiet", async () => {
    const play = await ready();
    play.socket.say(wrap({ ...REPORT, L: "0.00000000" }));
    play.socket.say(wrap({ ...REPORT, x: "CALCULATED" }));
    expect(play.news()).toEqual([
      "order tp-2-1z partially-filled 0.20000000",
      "doubt: an event about BTCUSDT lacks its fill: a trade came without a price",
      "order tp-2-1z partially-filled 0.20000000",
      "doubt: an event about BTCUSDT lacks its fill: a quantity changed hands as CALCULATED",
    ]);
    await play.world.run(2_000_000);
    expect(play.news()).toEqual(["ready"]);
  });

  test("waits out a ban that a refused subscription speaks", async () => {
    const play = new Play();
    let isBanned = true;
    const { answers } = play;
    play.answers = (message, socket) => {
      if (!isBanned) return answers(message, socket);
      socket.say({
        id: message["id"],
        status: 418,
        error: { code: -1003, msg: "IP banned", data: { serverTime: 1_000, retryAfter: 121_000 } },
      });
    };
    await play.world.run(1_000_000);
    isBanned = false;
    expect(play.news()).toEqual(["doubt: the venue refused the subscription: -1003 IP banned"]);
    await play.world.run(118_000_000);
    expect(play.world.sockets).toHaveLength(1);
    await play.world.run(32_000_000);
    expect(play.news()).toEqual(["ready"]);
  });

  test("says when the key is refused and uses the next one", async () => {
    let refused = 0;
    const play = new Play({ onKeyRefused: () => refused++ });
    const { answers } = play;
    play.answers = (message, socket) =>
      refused > 0
        ? answers(message, socket)
        : socket.say({ id: message["id"], status: 401, error: { code: -2015, msg: `Invalid ${HMAC_KEY.apiKey.reveal()}` } });
    await play.world.run(3_000_000);
    expect(refused).toBe(1);
    expect(play.news()).toEqual(["doubt: the venue refused the subscription: -2015 Invalid [redacted]", "ready"]);
  });

  test("measures the clock again when the venue finds the timestamp outside of its window", async () => {
    const play = new Play();
    const { answers } = play;
    let isFirst = true;
    play.answers = (message, socket) => {
      if (!isFirst) return answers(message, socket);
      isFirst = false;
      socket.say({
        id: message["id"],
        status: 400,
        error: { code: -1021, msg: "Timestamp for this request is outside of the recvWindow." },
      });
    };
    await play.world.run(3_000_000);
    expect(play.world.requests.filter(({ url }) => url.endsWith("/api/v3/time"))).toHaveLength(6);
    expect(play.news().at(-1)).toBe("ready");
  });

  test("says nothing any more after it was closed", async () => {
    const play = await ready();
    const { socket } = play;
    play.stream.close();
    socket.say(wrap(REPORT));
    await play.world.run(100_000_000);
    expect(play.news()).toEqual([]);
    expect(play.world.sockets).toHaveLength(1);
    expect(socket.isClosed).toBe(true);
  });
});
