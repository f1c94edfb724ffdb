import { instrument } from "@tradepulse/core";
import type { VenueOrder } from "@tradepulse/venues";
import { expect, test } from "vitest";
import { OrderRegister } from "../session/order-register.ts";
import { TruthApplier } from "./truth-applier.ts";

/** An applier over one order of ten lots of 0.1, of which the engine has some filled. */
function applier(engine: { filledLots: number; mayFill: boolean; isPlaced?: boolean }) {
  const register = new OrderRegister();
  register.add({
    orderId: 1,
    instrumentIndex: 0,
    symbol: "AAAUSDT",
    clientId: "tp-1-1",
    deadlineUs: 0,
    wasSent: true,
    venueOrderId: "",
    hasEnded: false,
  });
  const told: string[] = [];
  const truth = new TruthApplier({
    register,
    instruments: [{ instrument: instrument({ id: "AAA-USDT@TEST", quote: "USDT", lotScale: 1 }), symbol: "AAAUSDT", baseAsset: "AAA" }],
    engineOrder: () => ({ isPlaced: false, ...engine }),
    tell: ({ event }) => void told.push(event),
    tellExternal: () => void told.push("external"),
    onAlarm: (text) => void told.push(text),
  });
  return { truth, told };
}

function word(state: VenueOrder["state"], filledQuantity: string): VenueOrder {
  return {
    symbol: "AAAUSDT",
    venueOrderId: "9",
    clientId: "tp-1-1",
    side: "buy",
    type: "LIMIT",
    state,
    quantity: "1.0",
    filledQuantity,
    filledQuote: "0",
    price: "10",
    stopPrice: "0",
    createdUs: 0,
    updatedUs: 0,
  };
}

test("order() asks for fills first when the venue counts more than we have, also of an order that still works", () => {
  const { truth, told } = applier({ filledLots: 2, mayFill: true });
  expect(truth.order(word("partially-filled", "0.5"))).toBe("fills-missing");
  expect(truth.order(word("canceled", "0.5"))).toBe("fills-missing");
  expect(told).toEqual([]);
});

test("order() takes an open word with fewer fills than we know for what it is: old", () => {
  const { truth, told } = applier({ filledLots: 5, mayFill: true });
  expect(truth.order(word("new", "0"))).toBe("agrees");
  expect(told).toEqual([]);
});

test("order() never believes that an order works whose end the venue itself has told", () => {
  const engine = { filledLots: 0, mayFill: true };
  const { truth, told } = applier(engine);
  truth.order(word("expired", "0"));
  engine.mayFill = false;
  expect(truth.order(word("new", "0"))).toBe("agrees");
  expect(told).toEqual(["expired"]);
});

test("order() calls an order revived that we ended and the venue, which never told its end, has at work", () => {
  const { truth } = applier({ filledLots: 0, mayFill: false });
  expect(truth.order(word("new", "0"))).toBe("revived");
});

test("order() ends an order that the venue calls filled with less than was ordered: a trade of it was taken back", () => {
  const { truth, told } = applier({ filledLots: 0, mayFill: true });
  expect(truth.order(word("filled", "0"))).toBe("agrees");
  expect(told).toEqual(["canceled"]);
});
