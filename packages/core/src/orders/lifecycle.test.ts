import { expect, test } from "vitest";
import { assertTransition, isTerminal, mayFollow, ORDER_STATE_NAMES, OrderState, TRANSITIONS } from "./lifecycle.ts";
import { OrderLedger } from "./order-ledger.ts";

const states = Object.values(OrderState);

test("nothing follows a terminal state", () => {
  const terminal = states.filter(isTerminal).map((state) => ORDER_STATE_NAMES[state]);
  expect(terminal).toEqual(["filled", "canceled", "expired", "rejected"]);
  for (const state of states.filter(isTerminal)) expect(TRANSITIONS[state]).toEqual([]);
});

test("mayFollow() is the table, and assertTransition() throws for everything else", () => {
  for (const from of states) {
    for (const to of states) {
      expect(mayFollow(from, to)).toBe(TRANSITIONS[from]!.includes(to));
      if (!mayFollow(from, to)) expect(() => assertTransition(7, from, to)).toThrow("order 7 cannot go from");
    }
  }
});

test("an unknown outcome can become anything that evidence may show, and never what it was before", () => {
  expect(TRANSITIONS[OrderState.unknown]!.map((state) => ORDER_STATE_NAMES[state])).toEqual([
    "accepted",
    "partially-filled",
    "filled",
    "canceled",
    "expired",
    "rejected",
  ]);
});

test("OrderLedger lists working orders oldest first, gives each its own id, and uses finished objects again", () => {
  const ledger = new OrderLedger();
  const [a, b, c] = [ledger.open(), ledger.open(), ledger.open()];
  ledger.transition(b, OrderState.rejected);
  expect(ledger.orders()).toEqual([a, c]);
  expect(ledger.find(2)).toBeUndefined();
  ledger.recycle();
  const d = ledger.open();
  expect(d).toBe(b);
  expect(d.id).toBe(4);
  expect(ledger.orders().map((order) => order.id)).toEqual([1, 3, 4]);
});

test("OrderLedger that retains keeps a finished order findable and out of the list", () => {
  const ledger = new OrderLedger({ retain: true });
  const order = ledger.open();
  ledger.transition(order, OrderState.submitted);
  ledger.transition(order, OrderState.rejected);
  expect(ledger.find(1)).toBe(order);
  expect(ledger.size).toBe(0);
  expect(() => ledger.transition(order, OrderState.rejected)).toThrow("cannot go from rejected");
});

test("OrderLedger that retains forgets an order that was refused before it was sent: no venue can report of it", () => {
  const ledger = new OrderLedger({ retain: true });
  ledger.transition(ledger.open(), OrderState.rejected);
  expect(ledger.find(1)).toBeUndefined();
  expect(ledger.open().id).toBe(2);
});
