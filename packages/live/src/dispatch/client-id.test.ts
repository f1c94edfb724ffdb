import fc from "fast-check";
import { expect, test } from "vitest";
import { clientIdOf, parseClientId } from "./client-id.ts";

test("clientIdOf() never gives one id to two orders, and fits every venue", () => {
  const order = fc.record({ epoch: fc.integer({ min: 1, max: 2 ** 40 }), orderId: fc.integer({ min: 1, max: 2 ** 45 }) });
  fc.assert(
    fc.property(order, order, (a, b) => {
      const id = clientIdOf(a.epoch, a.orderId);
      expect(id.length).toBeLessThanOrEqual(36);
      expect(parseClientId(id)).toEqual(a);
      expect(id === clientIdOf(b.epoch, b.orderId)).toBe(a.epoch === b.epoch && a.orderId === b.orderId);
    }),
  );
});

test("parseClientId() knows no one else's ids", () => {
  expect(["web_abc", "tp-", "tp-1", "TP-1-2", "tp-1-2-3", ""].map(parseClientId)).toEqual(Array.from({ length: 6 }, () => undefined));
});
