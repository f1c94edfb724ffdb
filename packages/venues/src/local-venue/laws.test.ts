import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RawClient } from "../testing/raw-client.ts";
import { type VenueWorld, venueWorld } from "../testing/venue-world.ts";
import { CROWD, FEES, OUTSIDE } from "./exchange/accounts.ts";
import { barPath } from "./exchange/bar-path.ts";
import { isOpen } from "./exchange/exchange-order.ts";
import { SeededStreams } from "./exchange/seeded-streams.ts";
import type { FaultRule } from "./faults/fault-board.ts";

const STEP_US = 5_000_000;
const WAIT_US = 40_000_000;

type Action =
  | {
      readonly do: "order";
      readonly side: string;
      readonly type: string;
      readonly price: number;
      readonly quantity: number;
      readonly life: string;
    }
  | { readonly do: "cancel"; readonly nth: number }
  | { readonly do: "cancel-all" }
  | { readonly do: "wait" };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("order" as const),
      side: fc.constantFrom("BUY", "SELL"),
      type: fc.constantFrom("LIMIT", "LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"),
      price: fc.integer({ min: 9_750, max: 10_350 }),
      quantity: fc.integer({ min: 1, max: 600 }),
      life: fc.constantFrom("GTC", "GTC", "IOC", "FOK"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), nth: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.constant({ do: "cancel-all" as const }) },
  { weight: 3, arbitrary: fc.constant({ do: "wait" as const }) },
);

async function perform(client: RawClient, world: VenueWorld, step: Action): Promise<void> {
  if (step.do === "wait") return world.run(WAIT_US);
  if (step.do === "cancel-all") {
    await client.trySigned("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" }, STEP_US);
    return;
  }
  if (step.do === "cancel") {
    await client.trySigned("DELETE", "/api/v3/order", { symbol: "BTCUSDT", orderId: step.nth }, STEP_US);
    return;
  }
  const price = (step.price / 100).toFixed(2);
  const order: Record<string, string> = { symbol: "BTCUSDT", side: step.side, type: step.type, quantity: (step.quantity / 100).toFixed(2) };
  if (step.type.includes("LIMIT")) order["price"] = price;
  if (step.type.includes("LIMIT") && step.type !== "LIMIT_MAKER") order["timeInForce"] = step.life;
  if (step.type.startsWith("STOP") || step.type.startsWith("TAKE")) order["stopPrice"] = price;
  await client.trySigned("POST", "/api/v3/order", order, STEP_US);
}

const FAULTS: readonly FaultRule[] = [
  { name: "response-lost", chance: 0.05 },
  { name: "error-accepted", chance: 0.05 },
  { name: "late-arrival", chance: 0.05, delayUs: 3_000_000 },
  { name: "fill-before-cancel", chance: 0.3, value: 0.5 },
  { name: "fee-asset", chance: 0.3 },
  { name: "trade-bust", chance: 0.05 },
  { name: "transfer", chance: 0.05 },
  { name: "foreign-order", chance: 0.1 },
  { name: "symbol-halted", chance: 0.02 },
  { name: "event-delayed", chance: 0.1 },
];

function chaoticWorld(seed: number): VenueWorld {
  const accounts = [{ id: "main", balances: { USDT: "2000", BTC: "10", BNB: "0.01" } }];
  return venueWorld({ seed, accounts, faults: FAULTS, crowd: { levels: 3, levelNotional: 20_000_000_000n } });
}

/** Everything that must hold at any moment, whatever was done. */
function checkBooks({ venue }: VenueWorld): void {
  const { accounts } = venue.exchange;
  const market = venue.exchange.market("BTCUSDT");
  for (const asset of ["BTC", "USDT", "BNB"]) {
    expect(accounts.total(asset)).toBe(0n);
    const { free, locked } = accounts.balance("main", asset);
    expect(free >= 0n && locked >= 0n).toBe(true);
    const changes = venue.ledger.records.filter((record) => record.kind === "balance" && record.asset === asset);
    const summed = changes.reduce((sum, record) => (record.kind === "balance" ? sum + record.freeChange + record.lockedChange : sum), 0n);
    expect(summed).toBe(free + locked);
    const lockedBy = [...market.orders.values()]
      .filter((order) => isOpen(order) && (order.side === "BUY" ? "USDT" : "BTC") === asset)
      .reduce((sum, order) => sum + order.locked, 0n);
    expect(locked).toBe(lockedBy);
  }
  for (const order of market.orders.values()) {
    expect(order.executed >= 0n && order.executed <= order.quantity).toBe(true);
    const fills = market.trades.filter((trade) => trade.orderId === order.orderId && trade.accountId === order.accountId);
    expect(fills.reduce((sum, trade) => sum + trade.quantity, 0n)).toBe(order.executed);
    expect(fills.reduce((sum, trade) => sum + trade.quoteQuantity, 0n)).toBe(order.executedQuote);
    if (!isOpen(order)) expect(order.locked).toBe(0n);
  }
  const bid = market.book.best("BUY");
  const ask = market.book.best("SELL");
  if (bid !== undefined && ask !== undefined) expect(bid[0] < ask[0]).toBe(true);
}

describe("local venue, laws", () => {
  test("money is neither made nor lost, locks equal open orders, fills equal orders, whatever is done", async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(action, { minLength: 5, maxLength: 40, size: "max" }),
        async (seed, steps) => {
          const world = chaoticWorld(seed);
          const client = new RawClient(world);
          world.venue.start();
          for (const step of steps) {
            await perform(client, world, step);
            checkBooks(world);
          }
          for (const record of world.venue.ledger.records) {
            if (record.kind === "order") reached.add(`${record.order.type} ${record.order.status}`);
            if (record.kind === "request" && record.outcome === "refused") reached.add(`refused ${record.code}`);
          }
          for (const fault of world.venue.faults.strikes.keys()) reached.add(fault);
        },
      ),
      { numRuns: 150, seed: 11 },
    );
    // The law is worth what the actions reached.
    for (const type of ["LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"])
      expect(reached).toContain(`${type} FILLED`);
    for (const { name } of FAULTS) if (name !== "event-delayed") expect(reached).toContain(name);
    expect(reached).toContain("LIMIT CANCELED");
    expect(reached).toContain("LIMIT EXPIRED");
    expect(reached).toContain("refused -2010");
  });

  test("one seed gives one truth ledger, another seed another", async () => {
    const history = async (seed: number): Promise<string[]> => {
      const world = chaoticWorld(seed);
      const client = new RawClient(world);
      const socket = await client.userSocket();
      world.venue.start();
      for (const step of fc.sample(action, { seed: 7, numRuns: 150 })) await perform(client, world, step);
      return [...world.venue.ledger.lines(), ...socket.messages.map((message) => JSON.stringify(message))];
    };
    const first = await history(3);
    expect(first.length).toBeGreaterThan(200);
    expect(await history(3)).toEqual(first);
    expect(await history(4)).not.toEqual(first);
  });

  test("a bar's path begins at its open, ends at its close, reaches both extremes and leaves neither", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 4, max: 60 }),
        fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500)),
        (seed, steps, [a, b, c, d]) => {
          const tick = 1_000_000n;
          const price = (n: number): bigint => BigInt(n + 1_000) * tick;
          const [low, , , high] = [a, b, c, d].sort((x, y) => x - y).map(price);
          const bar = { open: price(b), high: high!, low: low!, close: price(c), volume: 0n };
          const path = barPath(bar, steps, tick, new SeededStreams(seed).stream("path"));
          expect(path).toHaveLength(steps);
          expect([path[0], path.at(-1)]).toEqual([bar.open, bar.close]);
          expect(path).toContain(bar.high);
          expect(path).toContain(bar.low);
          expect(path.every((each) => each >= bar.low && each <= bar.high && each % tick === 0n)).toBe(true);
        },
      ),
    );
  });

  test("internal accounts cannot be named as accounts of a client", () => {
    const world = venueWorld();
    for (const name of [CROWD, FEES, OUTSIDE]) expect(world.venue.exchange.accounts.has(name)).toBe(false);
  });
});
