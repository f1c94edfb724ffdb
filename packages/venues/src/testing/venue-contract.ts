import { e8, formatE8, timesE8 } from "../local-venue/exchange/amount.ts";
import type { SubmitOutcome } from "../port/execution-client.ts";
import type { VenueBalance, VenueFill } from "../port/venue-records.ts";
import { DEADLINE_US, Hand, Listener, type VenuePlace } from "./venue-hand.ts";
import { fail, law, readValue, same, type VenueLaw } from "./venue-law.ts";

const SECOND_US = 1_000_000;

/** The laws that the private side of every venue obeys. Register each: `for (const law of ...) test(law.name, law.check)`. */
export function venueContract(name: string, make: () => Promise<VenuePlace>): readonly VenueLaw[] {
  const say = (sentence: string, check: (hand: Hand) => Promise<void>): VenueLaw =>
    law(`${name} ${sentence}`, async () => {
      const hand = new Hand(await make());
      // As every session does first: the rules of the venue and the offset of its clock.
      readValue(await hand.place.settle(hand.place.client.instruments()));
      readValue(await hand.place.settle(hand.place.client.measureClock()));
      await check(hand);
    });
  return [...ruleLaws(say), ...orderLaws(say), ...cancelLaws(say), ...unknownLaws(say), ...streamLaws(say)];
}

type Say = (sentence: string, check: (hand: Hand) => Promise<void>) => VenueLaw;

function ruleLaws(say: Say): VenueLaw[] {
  return [
    say("states the rules of its instrument as exact decimals", async ({ place }) => {
      const all = readValue(await place.settle(place.client.instruments()));
      const one = all.find((each) => each.symbol === place.symbol) ?? fail(`${place.symbol} is not among its instruments`);
      same([one.base, one.quote, one.status], [place.base, place.quote, "trading"], "base, quote and status");
      for (const text of [one.tickSize, one.lotSize, one.minQuantity])
        if (!(e8(text) > 0n)) fail(`a size of the grid is ${text}, allowed are decimals above 0`);
    }),
    say("knows how far its clock is from ours, and how well", async ({ place }) => {
      const { offsetUs, errorUs } = readValue(await place.settle(place.client.measureClock()));
      if (!(Math.abs(offsetUs) <= errorUs + 1_000))
        fail(`the offset is ${offsetUs} us with an error of ${errorUs} us, though both clocks are one`);
    }),
    say("states balances that lock what open orders may cost", async (hand) => {
      const { quote, quantity, restingBuy } = hand.place;
      const before = await hand.balance(quote);
      await hand.placed("tp-1-1");
      const after = await hand.balance(quote);
      const cost = timesE8(e8(quantity), e8(restingBuy));
      same(e8(before.free) - e8(after.free), cost, "money taken from free");
      same(e8(after.locked) - e8(before.locked), cost, "money locked");
    }),
  ];
}

function orderLaws(say: Say): VenueLaw[] {
  return [
    say("acknowledges an order that rests, and finds it by its id and among the open ones", async (hand) => {
      const { order, fills } = await hand.placed("tp-1-1");
      same([order.clientId, order.state, e8(order.filledQuantity), fills.length], ["tp-1-1", "new", 0n, 0], "order as acknowledged");
      const found = (await hand.byId("tp-1-1")) ?? fail("the order is not found by its id");
      same(
        [found.venueOrderId, found.side, e8(found.quantity), e8(found.price)],
        [order.venueOrderId, "buy", e8(hand.place.quantity), e8(hand.place.restingBuy)],
        "order as found",
      );
      same(
        (await hand.open()).map((each) => each.clientId),
        ["tp-1-1"],
        "open orders",
      );
    }),
    say("acknowledges an order that fills with fills that add up to it", async (hand) => {
      const { order, fills } = await hand.placed("tp-1-1", { type: "market" });
      same([order.state, order.filledQuantity], ["filled", order.quantity], "order as acknowledged");
      same(sum(fills.map((fill) => e8(fill.quantity))), e8(order.filledQuantity), "filled quantity");
      same(sum(fills.map((fill) => timesE8(e8(fill.price), e8(fill.quantity)))), e8(order.filledQuote), "money exchanged");
      same((await hand.open()).length, 0, "open orders");
    }),
    say("gives fills with their client ids, oldest first, from a trade id on, and nothing after the last", async (hand) => {
      await hand.placed("tp-1-1", { type: "market" });
      await hand.placed("tp-1-2", { type: "market", side: "sell" });
      const fills = await hand.fills();
      same(
        fills.map((fill) => fill.tradeId),
        fills.map((fill) => fill.tradeId).toSorted((a, b) => a - b),
        "trade ids",
      );
      same([...new Set(fills.map((fill) => fill.clientId))], ["tp-1-1", "tp-1-2"], "client ids");
      const last = fills.at(-1)!;
      same(await hand.fills(last.tradeId), [last], "fills from the last on");
      same(await hand.fills(last.tradeId + 1), [], "fills after the last");
    }),
    say("fills a resting order in parts, each reported once, money and fees exact", async (hand) => {
      const { place } = hand;
      const half = formatE8(e8(place.quantity) / 2n);
      const [base, quote] = [await hand.balance(place.base), await hand.balance(place.quote)];
      await hand.placed("tp-1-1");
      place.fill("tp-1-1", half);
      await place.run(SECOND_US);
      const part = (await hand.byId("tp-1-1"))!;
      same([part.state, e8(part.filledQuantity)], ["partially-filled", e8(half)], "order after the first part");
      place.fill("tp-1-1", half);
      await place.run(SECOND_US);
      same((await hand.byId("tp-1-1"))?.state, "filled", "state after both parts");
      const fills = await hand.fills();
      same(
        fills.map((fill) => [e8(fill.quantity), e8(fill.price)]),
        [half, half].map((each) => [e8(each), e8(place.restingBuy)]),
        "fills",
      );
      const fee = (asset: string): bigint => sum(fills.filter((fill) => fill.feeAsset === asset).map((fill) => e8(fill.fee)));
      const paid = sum(fills.map((fill) => timesE8(e8(fill.price), e8(fill.quantity))));
      const [baseAfter, quoteAfter] = [await hand.balance(place.base), await hand.balance(place.quote)];
      same(total(baseAfter) - total(base), e8(place.quantity) - fee(place.base), "base received");
      same(total(quote) - total(quoteAfter), paid + fee(place.quote), "money paid");
      same(e8(quoteAfter.locked), e8(quote.locked), "money still locked");
    }),
    say("refuses what the account cannot pay, what is off the grid, and an id that is in use, each by its cause", async (hand) => {
      const { tooMuch, offGrid } = hand.place;
      same(causeOf(await hand.submit("tp-1-1", { quantity: tooMuch })), "funds", "cause without funds");
      same(causeOf(await hand.submit("tp-1-2", { price: offGrid })), "filter", "cause off the grid");
      await hand.placed("tp-1-3");
      same(causeOf(await hand.submit("tp-1-3")), "duplicate-id", "cause of an id in use");
      same(
        (await hand.open()).map((each) => each.clientId),
        ["tp-1-3"],
        "open orders",
      );
      same(
        [hand.place.ordersTaken("tp-1-1"), hand.place.ordersTaken("tp-1-2"), hand.place.ordersTaken("tp-1-3")],
        [0, 0, 1],
        "orders taken",
      );
    }),
    say("never lets an order in whose deadline has passed", async (hand) => {
      const outcome = await hand.submit("tp-1-1", { deadlineUs: hand.place.wallUs() - 1 });
      if (outcome.kind !== "refused") fail(`the outcome is ${outcome.kind}, allowed is refused`);
      same(hand.place.ordersTaken("tp-1-1"), 0, "orders taken");
    }),
    say("takes a stop and keeps it waiting off the book", async (hand) => {
      const { restingBuy } = hand.place;
      const outcome = await hand.submit("tp-1-1", { type: "stop", side: "sell", stopPrice: restingBuy });
      if (outcome.kind === "refused" || outcome.kind === "unknown") fail(`the stop was not taken: ${JSON.stringify(outcome)}`);
      const found = (await hand.byId("tp-1-1")) ?? fail("the stop is not found");
      same([found.state, e8(found.stopPrice)], ["new", e8(restingBuy)], "stop as found");
    }),
  ];
}

function cancelLaws(say: Say): VenueLaw[] {
  return [
    say("cancels an open order once; after that, and for an id it never saw, there is nothing open", async (hand) => {
      const { place } = hand;
      const cancel = (id: string) => place.settle(place.client.cancel(place.symbol, id));
      await hand.placed("tp-1-1");
      const canceled = await cancel("tp-1-1");
      same(canceled.kind === "canceled" ? canceled.order.clientId : canceled.kind, "tp-1-1", "first cancel");
      same((await hand.byId("tp-1-1"))?.state, "canceled", "state");
      same([(await cancel("tp-1-1")).kind, (await cancel("tp-1-9")).kind], ["not-open", "not-open"], "later cancels");
      same((await hand.open()).length, 0, "open orders");
    }),
    say("says of a filled order that it is not open, and keeps it filled", async (hand) => {
      const { place } = hand;
      await hand.placed("tp-1-1", { type: "market" });
      same((await place.settle(place.client.cancel(place.symbol, "tp-1-1"))).kind, "not-open", "cancel");
      same((await hand.byId("tp-1-1"))?.state, "filled", "state");
    }),
    say("cancels all orders of an instrument, and says when there is none", async (hand) => {
      const { place } = hand;
      for (const id of ["tp-1-1", "tp-1-2", "tp-1-3"]) await hand.placed(id);
      same((await place.settle(place.client.cancelAll(place.symbol))).kind, "canceled", "cancel of all");
      same((await hand.open()).length, 0, "open orders");
      same((await place.settle(place.client.cancelAll(place.symbol))).kind, "not-open", "cancel of none");
    }),
    say("gives back what a canceled order locked", async (hand) => {
      const { place } = hand;
      const before = await hand.balance(place.quote);
      await hand.placed("tp-1-1");
      await place.settle(place.client.cancel(place.symbol, "tp-1-1"));
      same(await hand.balance(place.quote), before, "balance");
    }),
  ];
}

function unknownLaws(say: Say): VenueLaw[] {
  return [
    say("says of an order it never saw that there is none", async (hand) => {
      same(await hand.byId("tp-1-404"), undefined, "order");
      same(await hand.fills(), [], "fills");
    }),
    say("does not know the outcome when the answer is lost, sends once, and finds the order by reading", async (hand) => {
      hand.place.loseNextAnswer(true);
      same((await hand.submit("tp-1-1")).kind, "unknown", "outcome");
      same((await hand.byId("tp-1-1"))?.state, "new", "state as read");
      same(hand.place.ordersTaken("tp-1-1"), 1, "orders taken");
    }),
    say("does not know the outcome when the order is lost, sends once, and finds none after the horizon", async (hand) => {
      const { place } = hand;
      place.loseNextAnswer(false);
      same((await hand.submit("tp-1-1")).kind, "unknown", "outcome");
      await place.run(DEADLINE_US + place.client.horizonUs);
      same(await hand.byId("tp-1-1"), undefined, "order");
      same(place.ordersTaken("tp-1-1"), 0, "orders taken");
    }),
    say("has no answer, rather than an empty one, while the venue is away", async (hand) => {
      const { place } = hand;
      if (place.goAway === undefined) return;
      await hand.placed("tp-1-1");
      place.goAway(120 * SECOND_US);
      const reads = [place.client.openOrders(place.symbol), place.client.orderByClientId(place.symbol, "tp-1-1"), place.client.balances()];
      for (const read of reads) same((await place.settle<{ kind: string }>(read)).kind, "unavailable", "read");
      await place.run(120 * SECOND_US);
      same(
        (await hand.open()).map((each) => each.clientId),
        ["tp-1-1"],
        "open orders afterwards",
      );
    }),
  ];
}

function streamLaws(say: Say): VenueLaw[] {
  return [
    say("tells each step of an order on the private stream, with the fills that reading gives", async (hand) => {
      const { place } = hand;
      const listener = new Listener(place.client);
      await place.run(5 * SECOND_US);
      same(listener.states, ["ready"], "states of the stream");
      await hand.placed("tp-1-1");
      place.fill("tp-1-1", place.quantity);
      await hand.placed("tp-1-2");
      await place.settle(place.client.cancel(place.symbol, "tp-1-2"));
      await place.run(5 * SECOND_US);
      same(
        listener.orders.map((order) => `${order.clientId} ${order.state}`),
        ["tp-1-1 new", "tp-1-1 filled", "tp-1-2 new", "tp-1-2 canceled"],
        "news of orders",
      );
      same(listener.fills.map(plain), (await hand.fills()).map(plain), "fills");
      const told = listener.balances.findLast((balance) => balance.asset === place.quote);
      same(
        told && [e8(told.free), e8(told.locked)],
        Object.values(await hand.balance(place.quote))
          .slice(1)
          .map(e8),
        "last balance told",
      );
      listener.stream.close();
    }),
    say("doubts when its connection breaks, and vouches again by itself", async (hand) => {
      const { place } = hand;
      if (place.cutStream === undefined) return;
      const listener = new Listener(place.client);
      await place.run(5 * SECOND_US);
      place.cutStream();
      await place.run(120 * SECOND_US);
      same(listener.states, ["ready", "doubt", "ready"], "states of the stream");
      await hand.placed("tp-1-1");
      await place.run(5 * SECOND_US);
      same(
        listener.orders.map((order) => order.clientId),
        ["tp-1-1"],
        "news after it is back",
      );
      listener.stream.close();
    }),
    say("tells nothing after it is closed", async (hand) => {
      const listener = new Listener(hand.place.client);
      await hand.place.run(5 * SECOND_US);
      listener.stream.close();
      await hand.placed("tp-1-1");
      await hand.place.run(5 * SECOND_US);
      same([listener.states, listener.orders], [["ready"], []], "news");
    }),
  ];
}

function causeOf(outcome: SubmitOutcome): string {
  return outcome.kind === "refused" ? outcome.cause : outcome.kind;
}

function total(balance: VenueBalance): bigint {
  return e8(balance.free) + e8(balance.locked);
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n);
}

/** A fill without the ways in which decimals can be written. */
function plain(fill: VenueFill): unknown {
  const { symbol, venueOrderId, clientId, tradeId, side, price, quantity, fee, feeAsset, isMaker, timeUs } = fill;
  return [symbol, venueOrderId, clientId, tradeId, side, e8(price), e8(quantity), e8(fee), feeAsset, isMaker, timeUs];
}
