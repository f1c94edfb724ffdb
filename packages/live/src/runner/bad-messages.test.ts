import type { InputFlaw } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { TamperedTown } from "../testing/tampered-town.ts";

/** Messages of streams that cannot be used, put into a running session: each is counted, told, and changes nothing. */

const START_MS = 1_767_225_600_000;

function kline(more: Readonly<Record<string, unknown>> = {}, outer: Readonly<Record<string, unknown>> = {}): string {
  const k = {
    t: START_MS + 600_000_000,
    T: START_MS + 600_059_999,
    s: "BTCUSDT",
    i: "1m",
    f: 1,
    L: 2,
    o: "100.00000000",
    c: "101.00000000",
    h: "102.00000000",
    l: "99.00000000",
    v: "5.00000000",
    n: 2,
    x: true,
    ...more,
  };
  return JSON.stringify({ stream: "btcusdt@kline_1m", data: { e: "kline", E: START_MS, s: "BTCUSDT", k, ...outer } });
}

function report(more: Readonly<Record<string, unknown>>): string {
  const event = {
    e: "executionReport",
    E: START_MS,
    s: "BTCUSDT",
    c: "somebody-else",
    S: "BUY",
    o: "LIMIT",
    f: "GTC",
    q: "1.00000000",
    p: "100.00000000",
    P: "0.00000000",
    C: "",
    x: "TRADE",
    X: "FILLED",
    i: 77_000_001,
    l: "1.00000000",
    z: "1.00000000",
    L: "100.00000000",
    n: "0.00000000",
    N: "BTC",
    T: START_MS,
    t: 88_000_001,
    m: false,
    O: START_MS,
    Z: "100.00000000",
    ...more,
  };
  return JSON.stringify({ subscriptionId: 0, event });
}

const FORTY_DECIMALS = `1.${"0".repeat(39)}1`;

const MARKET: readonly (readonly [name: string, text: string, flaw: InputFlaw<"market-stream"> | "quiet"])[] = [
  ["no JSON", "<html>", "unreadable"],
  ["nothing", "", "unreadable"],
  ["null", "null", "strange"],
  ["a number", "5", "strange"],
  ["a list", "[]", "strange"],
  ["an answer to no question", '{"result":null,"id":77}', "strange"],
  ["no data", '{"stream":"btcusdt@kline_1m"}', "strange"],
  ["data of another type", '{"stream":"btcusdt@kline_1m","data":[1]}', "strange"],
  ["a stream that was not asked for", '{"stream":"btcusdt@depth","data":{}}', "unknown-type"],
  ["prototype keys", '{"stream":"btcusdt@kline_1m","data":{"__proto__":{"s":"BTCUSDT"},"constructor":1}}', "strange"],
  ["prototype keys in the bar", kline({ __proto__: null, constructor: "x", t: {} }), "strange"],
  ["another symbol", kline({ s: "ETHUSDT" }, { s: "ETHUSDT" }), "unknown-symbol"],
  ["another interval", kline({ i: "5m" }), "unknown-symbol"],
  ["a negative price", kline({ l: "-1.00000000" }), "strange"],
  ["a price of zero", kline({ l: "0.00000000" }), "strange"],
  ["NaN as text", kline({ c: "NaN" }), "strange"],
  ["an exponent", kline({ h: "1e308" }), "strange"],
  ["a number instead of text", kline({ o: 100 }), "strange"],
  ["forty decimals", kline({ o: FORTY_DECIMALS }), "strange"],
  ["a high below the prices", kline({ h: "98.00000000" }), "strange"],
  ["an end before its beginning", kline({ T: START_MS }), "strange"],
  ["a time as text", kline({ t: "1767225600000" }), "strange"],
  ["a time beyond all time", kline({ t: 1e308, T: 1e308 }), "strange"],
  ["a closed bar that was told before", kline({ t: START_MS, T: START_MS + 59_999 }), "out-of-order"],
  ["a bar that has not closed", kline({ x: false }), "quiet"],
];

const PRIVATE: readonly (readonly [name: string, text: string, flaw: InputFlaw<"private-stream"> | "quiet"])[] = [
  ["no JSON", '{"event":', "unreadable"],
  ["a list", "[[]]", "strange"],
  ["no kind", '{"event":{}}', "strange"],
  ["an unknown kind", '{"event":{"e":"somethingNew"}}', "unknown-type"],
  ["an answer to no question", '{"id":"x","status":200,"result":{}}', "strange"],
  ["prototype keys", '{"event":{"e":"executionReport","__proto__":{"s":"BTCUSDT"}}}', "strange"],
  ["a negative quantity", report({ l: "-1.00000000" }), "strange"],
  ["NaN as text", report({ L: "NaN" }), "strange"],
  ["an exponent", report({ z: "1e308" }), "strange"],
  ["forty decimals", report({ l: FORTY_DECIMALS }), "strange"],
  ["a quantity finer than any lot", report({ l: "0.000000000001" }), "refused"],
  ["more digits than money has", report({ L: "999999999999999999999999", t: 88_000_002 }), "refused"],
  ["a trade id that is no number", report({ t: "88000001" }), "strange"],
  ["a trade id beyond exactness", report({ t: 1e300 }), "strange"],
  ["another symbol", report({ s: "ETHUSDT" }), "unknown-symbol"],
  ["a balance that is negative", '{"event":{"e":"outboundAccountPosition","B":[{"a":"BTC","f":"-1","l":"0"}]}}', "strange"],
  ["balances that are no list", '{"event":{"e":"outboundAccountPosition","B":{}}}', "strange"],
  ["balances that nobody has", '{"event":{"e":"outboundAccountPosition","E":1,"u":1,"B":[{"a":"BTC","f":"99999999","l":"0"}]}}', "quiet"],
  ["a transfer without an asset", '{"event":{"e":"balanceUpdate","d":"5","T":1767225600123}}', "strange"],
];

describe.each([
  ["market" as const, "market-stream" as const, MARKET],
  ["private" as const, "private-stream" as const, PRIVATE],
])("the %s stream", (kind, source, messages) => {
  test("takes nothing from what it cannot use, counts it, logs it, and the session goes on", async () => {
    const town = new TamperedTown();
    const { folder } = await town.begin();
    for (const [name, text, flaw] of messages) {
      const before = town.state;
      const total = town.total;
      const counted = flaw === "quiet" ? 0 : town.counted(source, flaw);
      town.say(kind, text);
      expect(town.state, name).toBe(before);
      expect(town.total - total, name).toBe(flaw === "quiet" ? 0 : 1);
      if (flaw !== "quiet") expect(town.counted(source, flaw) - counted, name).toBe(1);
      await town.run(0.3);
      expect(town.lots, name).toBe(town.truth);
    }
    await town.run(6);
    expect(town.lastStatus!.tradingState).toBe("enabled");
    expect(town.lastStatus!.fills).toBeGreaterThan(3);
    expect(town.lots).toBe(town.truth);
    await town.until(town.runner.stop());
    const told = (await town.log(folder)).filter((line) => line["event"] === "bad-input" && line["source"] === source);
    const kinds = new Set(messages.map(([, , flaw]) => flaw).filter((flaw) => flaw !== "quiet"));
    expect(new Set(told.map((line) => line["kind"]))).toEqual(kinds);
  });

  test("is cut at every byte of a message and takes none of it", async () => {
    const town = new TamperedTown();
    await town.begin();
    const whole = kind === "market" ? kline() : report({});
    const before = town.state;
    for (let length = 1; length < whole.length; length += 1) town.say(kind, whole.slice(0, length));
    expect(town.state).toBe(before);
    expect(town.counted(source, "unreadable")).toBe(whole.length - 1);
    await town.run(2);
    expect(town.lots).toBe(town.truth);
  });

  test("floods neither log nor alarms nor journal, however much it brings", async () => {
    const town = new TamperedTown();
    const { folder } = await town.begin();
    for (let k = 0; k < 5_000; k += 1) town.say(kind, `{"nothing":${k}`);
    expect(town.counted(source, "unreadable")).toBe(5_000);
    await town.run(2);
    expect(town.alarms.filter((text) => text.includes("unreadable")).length).toBeLessThan(30);
    expect(town.alarms.join("\n")).toMatch(/\d+ more within a minute like this: .*unreadable/);
    await town.until(town.runner.stop());
    expect((await town.log(folder)).length).toBeLessThan(200);
    const { files } = town.man("reader").env;
    const counters = JSON.parse(new TextDecoder().decode(await files.read(`${folder}/counters.json`))) as { badInput: unknown };
    expect(counters.badInput).toContainEqual({ source, kind: "unreadable", count: 5_000 });
  });
});

/** The same news, as if they came from before. */
function older(text: string): string {
  const message = JSON.parse(text) as { readonly event: { T: number } };
  message.event.T -= 1_000;
  return JSON.stringify(message);
}

test("a fill that is told twice, and news of an order that come too late, count once", async () => {
  const town = new TamperedTown();
  const seen: string[] = [];
  await town.begin();
  const stream = town.streams.findLast(({ url }) => !url.endsWith("/stream"))!;
  const onMessage = stream.handlers.onMessage.bind(stream.handlers);
  stream.handlers.onMessage = (text) => {
    if (text.includes('"executionReport"')) seen.push(text);
    onMessage(text);
  };
  await town.run(6);
  expect(seen.length).toBeGreaterThan(2);
  const before = town.state;
  for (const text of [...seen, ...seen.map(older)]) town.say("private", text);
  expect(town.state).toBe(before);
  expect(town.counted("private-stream", "duplicated")).toBeGreaterThan(0);
  expect(town.counted("private-stream", "out-of-order")).toBeGreaterThan(0);
  await town.run(3);
  expect(town.lots).toBe(town.truth);
  expect(town.lastStatus!.tradingState).toBe("enabled");
});

test("a connection that brings a message beyond every bound is cut, counted, and made anew", async () => {
  const town = new TamperedTown();
  await town.begin();
  for (const { handlers } of town.streams) handlers.onClose(1009, "Max payload size exceeded");
  expect([town.counted("market-stream", "oversized"), town.counted("private-stream", "oversized")]).toEqual([1, 1]);
  await town.run(6);
  expect(town.lastStatus!.tradingState).toBe("enabled");
  expect(town.lots).toBe(town.truth);
});
