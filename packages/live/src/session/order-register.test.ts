import { expect, test } from "vitest";
import { OrderRegister, type RegisteredOrder } from "./order-register.ts";

const order = (orderId: number, symbol = "AAAUSDT"): RegisteredOrder => ({
  orderId,
  instrumentIndex: 0,
  symbol,
  clientId: `tp-1-${orderId}`,
  deadlineUs: 0,
  wasSent: true,
  venueOrderId: "",
  hasEnded: false,
});

test("OrderRegister finds an order by our id, by its name at the venue and, once it was told, by the venue's own id of the symbol", () => {
  const register = new OrderRegister();
  const [first, other] = [order(1), order(2, "BBBUSDT")];
  register.add(first);
  register.add(other);
  expect([register.find(1), register.findByClientId("tp-1-2"), register.findByVenueId("AAAUSDT", "9")]).toEqual([first, other, undefined]);
  register.place(first, "9");
  register.place(other, "9");
  expect([register.findByVenueId("AAAUSDT", "9"), register.findByVenueId("BBBUSDT", "9")]).toEqual([first, other]);
  expect(first.venueOrderId).toBe("9");
});
