import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binanceExecution } from "./execution-client.ts";
import { parseJson, Shape, ShapeError } from "./schema.ts";
import { REPORT } from "./scripted-user-stream.ts";
import { HMAC_KEY, type ScriptedSocket, ScriptedWorld } from "./scripted-world.ts";

/** Malformed, cut, doubled, reordered, oversized and lying payloads: each is counted and changes nothing that it should not. */

const PLACED = {
  symbol: "BTCUSDT",
  orderId: 28457001122,
  clientOrderId: "tp-2-1z",
  transactTime: 1767225600123,
  price: "61000.10000000",
  origQty: "0.50000000",
  executedQty: "0.20000000",
  cummulativeQuoteQty: "12200.02000000",
  status: "PARTIALLY_FILLED",
  type: "LIMIT",
  side: "BUY",
  fills: [{ price: "61000.10000000", qty: "0.20000000", commission: "0.00020000", commissionAsset: "BNB", tradeId: 3735683259 }],
};

/** What a field can turn into: everything that is not what it was. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER + 1,
    "",
    "NaN",
    "-1.0",
    "1e5",
    "Infinity",
    "0x10",
    " 1",
    "١",
    [],
    {},
    [[]],
  ),
  fc.string({ maxLength: 300 }),
  fc.double(),
  fc.object({ maxDepth: 2 }),
);

/** The fields a fill is made of; the payload without one of them, or with junk in it, is no fill. */
const ESSENTIAL = ["s", "c", "S", "q", "x", "X", "i", "l", "z", "L", "T", "t", "m", "O", "Z"] as const;

interface Told {
  readonly orders: unknown[];
  readonly fills: unknown[];
  readonly balances: unknown[];
  unreadable: number;
  doubts: number;
  readies: number;
}

async function opened(): Promise<{ world: ScriptedWorld; socket: ScriptedSocket; told: Told }> {
  const world = new ScriptedWorld();
  world.onSocket = (socket) => {
    socket.onSent = ({ id }) => socket.say({ id, status: 200, result: { subscriptionId: 0 } });
    socket.handlers.onOpen();
  };
  const told: Told = { orders: [], fills: [], balances: [], unreadable: 0, doubts: 0, readies: 0 };
  binanceExecution(world.env, { key: HMAC_KEY }).openUserStream({
    onOrder: (order, fill) => {
      told.orders.push(order);
      if (fill !== undefined) told.fills.push(fill);
    },
    onBalance: (balances) => told.balances.push(balances),
    onReady: () => {
      told.readies += 1;
    },
    onDoubt: () => {
      told.doubts += 1;
    },
    onUnreadable: (why) => {
      told.unreadable += 1;
      expect(why).not.toContain(HMAC_KEY.apiKey.reveal());
      expect(why.length).toBeLessThan(300);
    },
  });
  await world.run(1_000_000);
  expect(told.readies).toBe(1);
  return { world, socket: world.sockets[0]!, told };
}

describe("the user stream", () => {
  test("makes no fill of a report that lacks a field or has junk in it, counts it, doubts, and vouches again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ESSENTIAL), fc.option(junk, { nil: undefined }), async (name, value) => {
        const { world, socket, told } = await opened();
        const changed: Record<string, unknown> = { ...REPORT, [name]: value };
        if (value === undefined) delete changed[name];
        socket.say({ subscriptionId: 0, event: changed });
        // Some junk is by chance what the field may hold: another symbol, say. Then it is an order of that name, and read as such.
        const isRead = told.orders.length === 1;
        expect(told.unreadable).toBe(isRead ? 0 : 1);
        if (!isRead) {
          expect(told.fills).toEqual([]);
          expect(told.doubts).toBe(1);
          await world.run(2_000_000);
          expect(told.readies).toBe(2);
        }
        socket.say({ subscriptionId: 0, event: REPORT });
        expect(told.fills.at(-1)).toMatchObject({ tradeId: 3735683259, quantity: "0.20000000" });
      }),
      { numRuns: 300 },
    );
  });

  test("survives any text at all, cut anywhere, and goes on", async () => {
    const text = JSON.stringify({ subscriptionId: 0, event: REPORT });
    const { socket, told } = await opened();
    for (let length = 0; length < text.length; length += 1) socket.say(text.slice(0, length) || " ");
    expect(told.unreadable).toBe(text.length);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (any) => {
          const before = told.orders.length;
          socket.say(any);
          expect(told.orders).toHaveLength(before);
        },
      ),
      { numRuns: 500 },
    );
    expect(told.fills).toEqual([]);
    expect(socket.isClosed).toBe(false);
    socket.say(text);
    expect(told.fills).toHaveLength(1);
  });

  test("passes doubled and reordered reports on as they come: their trade ids tell them apart", async () => {
    const { socket, told } = await opened();
    for (const t of [3, 1, 1, 2, 3]) socket.say({ event: { ...REPORT, t } });
    expect(told.fills.map((fill) => (fill as { tradeId: number }).tradeId)).toEqual([3, 1, 1, 2, 3]);
    expect(told.unreadable).toBe(0);
  });

  test("takes an unknown kind of event for unreadable without doubting the fills", async () => {
    const { socket, told } = await opened();
    socket.say({ event: { e: "somethingNew", E: 1 } });
    expect(told).toMatchObject({ unreadable: 1, doubts: 0 });
  });

  test("is not led astray by names that objects have by nature", async () => {
    const { socket, told } = await opened();
    socket.say('{"event":{"e":"executionReport","__proto__":{"s":"BTCUSDT"}}}');
    socket.say('{"event":{"e":"toString"}}');
    socket.say('{"constructor":{"prototype":{"polluted":1}},"id":"subscribing","status":200}');
    expect(told.unreadable).toBe(3);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("submit()", () => {
  test("never takes a damaged answer for an acknowledgement of something else, nor for a refusal", async () => {
    const fields = [
      "symbol",
      "orderId",
      "clientOrderId",
      "origQty",
      "executedQty",
      "cummulativeQuoteQty",
      "status",
      "side",
      "price",
      "type",
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), junk, async (name, value) => {
        const world = new ScriptedWorld();
        world.http = () => ({ body: JSON.stringify({ ...PLACED, [name]: value }) });
        const client = binanceExecution(world.env, { key: HMAC_KEY });
        await world.settle(client.measureClock());
        const outcome = await world.settle(
          client.submit({
            symbol: "BTCUSDT",
            clientId: "tp-2-1z",
            side: "buy",
            type: "limit",
            timeInForce: "GTC",
            quantity: "0.5",
            price: "61000.1",
            deadlineUs: world.env.wallUs() + 2_000_000,
          }),
        );
        if (outcome.kind !== "acknowledged") {
          expect(outcome.kind).toBe("unknown");
          return;
        }
        expect(outcome.order).toMatchObject({ symbol: "BTCUSDT", clientId: "tp-2-1z", side: "buy" });
        for (const text of [outcome.order.quantity, outcome.order.filledQuantity, outcome.order.filledQuote, outcome.order.price]) {
          expect(text).toMatch(/^\d+(\.\d+)?$/);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("parseJson()", () => {
  test("keeps whole numbers beyond 2^53 exact and leaves everything else as JSON.parse reads it", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (id) => {
        const shape = new Shape(parseJson(`{"orderId":${id},"pad":"1234567890123456"}`));
        expect(shape.field("orderId").id()).toBe(String(id));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const read = parseJson(text);
        expect(JSON.stringify(read, (_key, part: unknown) => (typeof part === "bigint" ? Number(part) : part))).toBe(
          JSON.stringify(JSON.parse(text)),
        );
      }),
    );
  });
});

describe("Shape", () => {
  test("says where and what, and never quotes the payload", () => {
    const shape = new Shape({ a: [{ b: "secret-1" }] });
    const read = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        if (error instanceof ShapeError) return error.message;
      }
      return "";
    };
    const at = shape.field("a").at(0);
    expect([
      read(() => shape.field("x")),
      read(() => at.field("b").integer(0)),
      read(() => at.field("b").decimal()),
      read(() => at.field("b").flag()),
      read(() => at.field("b").oneOf(["A", "B"])),
      read(() => at.field("b").items()),
      read(() => at.field("b").text(3)),
      read(() => shape.field("a").at(1)),
      read(() => new Shape(Number.NaN).timeUs()),
      read(() => new Shape(2 ** 60).id()),
    ]).toEqual([
      "$.x is missing",
      "$.a[0].b is string, wanted is a whole number from 0 to 9007199254740991",
      "$.a[0].b is string, wanted is a decimal text that is not negative",
      "$.a[0].b is string, wanted is true or false",
      "$.a[0].b is string, wanted is one of A, B",
      "$.a[0].b is string, wanted is a list",
      "$.a[0].b is 8 characters long, allowed are 3",
      "$.a[1] is missing",
      "$ is number, wanted is a whole number from 0 to 4102444800000000",
      "$ is number, wanted is an id: a whole number below 2^64",
    ]);
  });
});
