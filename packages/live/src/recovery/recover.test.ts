import {
  BarSeries,
  buy,
  cancelAll,
  defineStrategy,
  Engine,
  engineOptions,
  FactDriver,
  instrument,
  type OrderFact,
  riskEngine,
  runHash,
  US_PER_MINUTE,
} from "@tradepulse/core";
import { expect, test } from "vitest";
import { clientIdOf } from "../dispatch/client-id.ts";
import { orderNews } from "../news/order-news.ts";
import { recover } from "./recover.ts";
import { type ReadRecord, replay } from "./replay.ts";

/** Buys a unit with every second bar, cancels what rests with every fifth. */
const busy = defineStrategy({
  name: "busy",
  create: () => ({
    onBar(bar) {
      if (bar.index % 5 === 4) return cancelAll();
      if (bar.index % 2 === 0) return buy({ quantity: 1, limit: bar.close - 1 });
    },
  }),
});

function liveEngine(): { readonly engine: Engine; readonly driver: FactDriver } {
  const instruments = [instrument({ id: "TEST@LIVE", lotScale: 0 })];
  const engine = new Engine({
    instruments,
    series: [BarSeries.growing("main", 0, US_PER_MINUTE, 64, false)],
    strategy: busy(),
    options: engineOptions({ capital: 10_000, risk: riskEngine({ maxOpenOrders: 20 }, instruments) }),
    live: true,
  });
  return { engine, driver: new FactDriver(engine) };
}

/** A recorded session: bars, commands, intents with their news; `stopsBefore` ends the record there, as a crash would. */
function record(bars: number): { readonly records: ReadRecord[]; readonly hash: string } {
  const { engine, driver } = liveEngine();
  const records: ReadRecord[] = [];
  let seq = 0;
  let timeUs = 0;
  const write = (kind: string, payload: object): number => {
    seq += 1;
    records.push({ seq, kind, payload });
    return seq;
  };
  const fact = (kind: string, body: object): void => {
    const at = write(kind, { ...body, kind, timeUs, receiveUs: timeUs });
    driver.process({ ...body, kind, seq: at, timeUs, receiveUs: timeUs } as never);
    for (const command of driver.takeCommands()) {
      write("command", { ...command, factSeq: at });
      if (command.kind === "cancel") queue.push(orderNews("canceled", command.orderId));
      if (command.kind !== "submit") continue;
      const { orderId, instrumentIndex } = command;
      write("intent", {
        orderId,
        instrumentIndex,
        epoch: 1,
        clientId: clientIdOf(1, orderId),
        deadlineUs: timeUs + 2e6,
        commandSeq: command.seq,
        request: { symbol: "TEST" },
      });
      queue.push(orderNews("accepted", orderId));
      if (orderId % 3 === 0) queue.push({ ...orderNews("filled", orderId), tradeId: orderId, lots: 1, notional: 9e6 });
    }
  };
  const queue: Omit<OrderFact, "kind" | "seq" | "timeUs" | "receiveUs">[] = [];
  for (let i = 0; i < bars; i += 1) {
    timeUs = (i + 1) * US_PER_MINUTE;
    const close = 10 + (i % 4);
    fact("bar", {
      seriesIndex: 0,
      openUs: timeUs - US_PER_MINUTE,
      closeUs: timeUs,
      open: close,
      high: close,
      low: close,
      close,
      volume: 0,
    });
    fact("step", {});
    for (const news of queue.splice(0)) fact("order", news);
  }
  return { records, hash: runHash(engine.events) };
}

test("replay() takes the same decisions, command for command and event for event", () => {
  const session = record(60);
  const { engine, driver } = liveEngine();
  const result = replay(session.records, driver);
  expect(result.divergences).toEqual([]);
  expect(result.commands.length).toBeGreaterThan(30);
  expect(runHash(engine.events)).toBe(session.hash);
});

test("replay() names the fact at which another decision was taken", () => {
  const session = record(10);
  const changed = session.records.map((each) =>
    each.kind === "bar" && each.seq > 8 ? { ...each, payload: { ...each.payload, close: 12.5, high: 12.5 } } : each,
  );
  const { driver } = liveEngine();
  const [first] = replay(changed, driver).divergences;
  expect(first).toBeDefined();
  expect(first!.recorded).not.toBe(first!.replayed);
});

test("recover() from any prefix of the record knows of every order whether it was sent", () => {
  const { records } = record(40);
  for (let end = 0; end <= records.length; end += 1) {
    const prefix = records.slice(0, end);
    const { engine, driver } = liveEngine();
    const plan = recover(prefix, engine, driver);
    const intents = new Set(prefix.filter((each) => each.kind === "intent").map((each) => (each.payload as { orderId: number }).orderId));
    for (const orderId of plan.neverSent) expect(intents.has(orderId)).toBe(false);
    for (const orderId of plan.unknown) expect(intents.has(orderId)).toBe(true);
    // Every order that may still fill is accounted for: accepted, to be read, or ended as never sent.
    const accepted = new Set(prefix.filter((each) => each.kind === "order").map((each) => (each.payload as { orderId: number }).orderId));
    for (const orderId of engine.openOrderIds()) {
      expect(accepted.has(orderId) || plan.unknown.includes(orderId) || plan.neverSent.includes(orderId)).toBe(true);
    }
    expect(plan.replay.divergences).toEqual([]);
  }
});
