import { generateKeyPairSync } from "node:crypto";
import { Secret } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { LOCAL_KEY } from "../local-venue/wire/api-key.ts";
import { binanceExecution } from "./execution-client.ts";
import { KEY, Play } from "./local-play.ts";
import type { BinanceKey } from "./sign.ts";

describe("binanceExecution() with the local venue", () => {
  test("measures the clock, reads rules and balances, and their checks agree with the venue's", async () => {
    const play = await new Play().ready();
    play.world.venue.setClockAhead(300_000_000);
    const clock = await play.read(play.client.measureClock());
    expect(Math.abs(clock.offsetUs - 300_000_000)).toBeLessThanOrEqual(clock.errorUs);
    const [instrument] = await play.read(play.client.instruments());
    expect(instrument).toMatchObject({ symbol: "BTCUSDT", base: "BTC", quote: "USDT", status: "trading" });
    expect(await play.read(play.client.balances())).toEqual([
      { asset: "BTC", free: "10.00000000", locked: "0.00000000" },
      { asset: "USDT", free: "10000.00000000", locked: "0.00000000" },
    ]);
    const orders = [
      { price: "90.001" },
      { quantity: "0.000001" },
      { quantity: "0.01" },
      { price: "900" },
      { price: "90", quantity: "0.5" },
    ];
    for (const [k, more] of orders.entries()) {
      const order = play.order(`tp-1-${k}`, more);
      const outcome = await play.settle(play.client.submit(order));
      const ours = play.client.brokenFilter(order, "100");
      expect(outcome).toMatchObject(
        ours === undefined ? { kind: "acknowledged" } : { kind: "refused", cause: "filter", message: `Filter failure: ${ours}` },
      );
    }
  });

  test("places, finds, cancels, and finds that it is canceled", async () => {
    const play = await new Play().ready();
    const placed = await play.settle(play.client.submit(play.order("tp-1-1")));
    expect(placed).toMatchObject({ kind: "acknowledged", order: { state: "new", clientId: "tp-1-1" }, fills: [] });
    expect(await play.read(play.client.openOrders("BTCUSDT"))).toMatchObject([{ clientId: "tp-1-1", price: "90.00000000" }]);
    expect(await play.settle(play.client.cancel("BTCUSDT", "tp-1-1"))).toMatchObject({ kind: "canceled", order: { clientId: "tp-1-1" } });
    expect(await play.settle(play.client.cancel("BTCUSDT", "tp-1-1"))).toMatchObject({ kind: "not-open" });
    expect(await play.read(play.client.orderByClientId("BTCUSDT", "tp-1-1"))).toMatchObject({ state: "canceled" });
    expect(await play.read(play.client.orderByClientId("BTCUSDT", "tp-1-2"))).toBeUndefined();
    for (const k of [3, 4]) await play.settle(play.client.submit(play.order(`tp-1-${k}`)));
    expect((await play.settle(play.client.cancelAll("BTCUSDT"))).kind).toBe("canceled");
    expect((await play.settle(play.client.cancelAll("BTCUSDT"))).kind).toBe("not-open");
  });

  test("states the same fills in the answer, in the stream and in the list, and they are the venue's own", async () => {
    const play = await new Play().ready();
    const fills: unknown[] = [];
    play.client.openUserStream({
      onOrder: (_order, fill) => fill !== undefined && fills.push(fill),
      onBalance: () => undefined,
      onReady: () => undefined,
      onDoubt: (why) => {
        throw new Error(why);
      },
      onUnreadable: (why) => {
        throw new Error(why);
      },
    });
    await play.world.run(1_000_000);
    const answered: unknown[] = [];
    for (const [k, side] of (["buy", "sell", "buy"] as const).entries()) {
      const outcome = await play.settle(play.client.submit(play.atMarket(`tp-1-${k}`, side)));
      if (outcome.kind !== "acknowledged") throw new Error(outcome.kind);
      answered.push(...outcome.fills);
    }
    await play.world.run(1_000_000);
    const listed = await play.read(play.client.fillsFrom("BTCUSDT", 0));
    expect(listed.length).toBeGreaterThanOrEqual(3);
    expect(fills).toEqual(listed);
    expect(answered).toEqual(listed);
    expect(listed.map((fill) => fill.tradeId)).toEqual(play.world.venue.ledger.tradesOf("main").map((trade) => trade.tradeId));
    // A second client knows the orders only by what it reads.
    const other = binanceExecution(play.env, { key: KEY });
    await play.settle(other.measureClock());
    expect(await play.read(other.fillsFrom("BTCUSDT", 0))).toEqual(listed);
  });

  const uncertain = [
    "response-lost",
    "response-cut",
    "error-accepted",
    "error-refused",
    "html-accepted",
    "html-refused",
    "garbage-body",
    "request-lost",
    "request-cut",
    "blocked",
  ] as const;
  for (const name of uncertain) {
    test(`stays unknown after ${name} and sends the order no second time`, async () => {
      const play = await new Play().ready();
      play.world.venue.faults.on({ name, times: 1, only: { method: "POST" } });
      expect((await play.settle(play.client.submit(play.order("tp-1-1")))).kind).toBe("unknown");
      await play.world.run(30_000_000);
      expect(play.world.venue.ledger.ordersOf("main").length).toBeLessThanOrEqual(1);
      // Reading tells which it was.
      const found = await play.read(play.client.orderByClientId("BTCUSDT", "tp-1-1"));
      expect(found === undefined).toBe(play.world.venue.ledger.ordersOf("main").length === 0);
    });
  }

  test("lets no order in after its deadline, however late the request arrives", async () => {
    for (const delayUs of [1_000_000, 1_900_000, 2_100_000, 10_000_000]) {
      const play = await new Play({}, { timeoutUs: 1_000_000 }).ready();
      play.world.venue.faults.on({ name: "late-arrival", times: 1, delayUs, only: { method: "POST" } });
      const order = play.order("tp-1-1");
      await play.settle(play.client.submit(order));
      await play.world.run(30_000_000);
      const [entered] = play.world.venue.ledger.ordersOf("main");
      if (delayUs > 2_000_000) expect(entered).toBeUndefined();
      else expect(entered).toBeDefined();
    }
  });

  test("is banned by nobody, although others spend the address's weight and the venue says 429", async () => {
    const play = await new Play().ready();
    play.world.venue.faults.on({ name: "weight-jump", times: 1, value: 5_500 });
    play.world.venue.faults.on({ name: "rate-limited", times: 2, chance: 0.05 });
    let sent = 0;
    for (let k = 0; k < 200; k += 1) {
      const outcome = await play.settle(play.client.openOrders("BTCUSDT"));
      if (outcome.kind === "read") sent += 1;
      await play.world.run(500_000);
    }
    expect(sent).toBeGreaterThan(20);
    expect(play.world.venue.faults.rules.filter((rule) => rule.name === "rate-limited")[0]!.strikes).toBeGreaterThan(0);
    expect(play.client.budget.bannedUntilUs).toBeLessThan(play.env.monoUs() + 60_000_000);
  });

  test("hears orders, balances and transfers, with either sort of key", async () => {
    const pair = generateKeyPairSync("ed25519");
    const privateKey = new Secret(pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }) as string;
    const keys: readonly BinanceKey[] = [KEY, { kind: "ed25519", apiKey: new Secret("edKey"), privateKey }];
    for (const key of keys) {
      const play = await new Play({}, { key }).ready();
      play.world.venue.addKey({ key: "edKey", accountId: "main", kind: "ed25519", secret: publicKey });
      await play.read(play.client.measureClock());
      play.listen();
      await play.world.run(1_000_000);
      await play.settle(play.client.submit(play.order("tp-1-1")));
      await play.settle(play.client.cancel("BTCUSDT", "tp-1-1"));
      await play.world.run(1_000_000);
      expect(play.told).toEqual(["ready", "tp-1-1 new", "balance of USDT", "tp-1-1 canceled", "balance of USDT"]);
    }
  });

  test("notices every way in which a private stream is lost", async () => {
    const ways: readonly ((play: Play) => void)[] = [
      (play) => play.world.venue.disconnect("user"),
      (play) => play.world.venue.disconnect("user", 1_001),
      (play) => play.world.venue.silence("user", true),
      (play) => play.world.venue.outage(5_000_000),
      (play) => play.world.venue.revokeKey(LOCAL_KEY.key),
      (play) => {
        play.world.venue.faults.on({ name: "subscription-lost", times: 1 });
        void play.client.submit(play.order("tp-1-1"));
      },
    ];
    for (const [k, lose] of ways.entries()) {
      const play = await new Play().ready();
      play.listen();
      await play.world.run(1_000_000);
      lose(play);
      await play.world.run(5_000_000);
      play.world.venue.addKey(LOCAL_KEY);
      await play.world.run(120_000_000);
      expect([k, play.told[1]?.startsWith("doubt: "), play.told.at(-1)]).toEqual([k, true, "ready"]);
    }
  });

  test("hears of nothing twice as two fills, when events come doubled and late", async () => {
    const play = await new Play().ready();
    play.world.venue.faults.on({ name: "event-duplicated", value: 2 });
    const ids: number[] = [];
    play.client.openUserStream({
      onOrder: (_order, fill) => fill !== undefined && ids.push(fill.tradeId),
      onBalance: () => undefined,
      onReady: () => undefined,
      onDoubt: () => undefined,
      onUnreadable: () => undefined,
    });
    await play.world.run(1_000_000);
    await play.settle(play.client.submit(play.atMarket("tp-1-1")));
    await play.world.run(1_000_000);
    const own = play.world.venue.ledger.tradesOf("main").map((trade) => trade.tradeId);
    expect(ids.length).toBe(own.length * 3);
    expect([...new Set(ids)]).toEqual(own);
  });
});
