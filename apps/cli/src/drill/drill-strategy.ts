import { buy, cancel, defineStrategy } from "@tradepulse/core";

/** Sends orders all the time, far below the market, so that there is something to halt and to cancel. For drills; no way to make money. */
export default defineStrategy({
  name: "drill",
  about: "Keeps orders at work far below the market and sends new ones with every bar, for drills of the kill switch.",
  create: () => ({
    onBar: (bar, { orders }) => [
      ...orders.map(({ id }) => cancel({ orderId: id })),
      ...Array.from({ length: 4 }, (_, k) => buy({ quantity: 0.5, limit: bar.close * (0.8 - k / 100), reason: "something to halt" })),
    ],
  }),
});
