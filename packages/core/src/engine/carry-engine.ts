import { invariant } from "../model/failure.ts";
import type { OrderCarrier } from "../orders/carry-orders.ts";
import type { CarriedState, CarriedText } from "./carried-state.ts";
import type { Engine } from "./engine.ts";
import { restoreMemory, savedMemory } from "./strategy-memory.ts";

/** The part of a {@link CarriedState} that is the engine's own; its door adds where it stands in the order of facts. */
export type CarriedEngine = Omit<CarriedState, "schema" | "lastSeq" | "lastUs" | "steps">;

/** Between two facts of a live engine, its commands taken. Throws what the strategy's `save` throws. */
export function carryEngine(engine: Engine, orders: OrderCarrier, isBorrowed: boolean): CarriedEngine {
  const { account, desk, fillDesk, host, outbox, facts, strategyStop } = engine;
  invariant(
    outbox !== undefined && facts !== undefined,
    "only a live engine is carried: one that fills its own orders keeps them in its venue",
  );
  invariant(fillDesk.notices.length === 0, "an engine is carried between two facts, when the strategy has been told of every fill");
  return {
    stepUs: engine.stepUs,
    events: engine.events.carry(),
    texts: textsOf(engine),
    orders: orders.carry(isBorrowed),
    groups: desk.groups.carry(),
    outbox: outbox.carry(),
    facts: facts.carry(isBorrowed),
    portfolio: account.portfolio.carry(),
    account: { marks: Array.from(account.marks), reserved: account.reserved, isRuined: account.isRuined },
    fills: { count: fillDesk.fills, liquidations: fillDesk.liquidations, lastTradeId: fillDesk.lastTradeId },
    refusals: desk.refusals.count,
    registers: Array.from(engine.registers),
    openedBars: Array.from(engine.openedBars),
    samples: engine.samples.carry(),
    timers: engine.timers.carry(),
    series: engine.series.map((each) => each.carry(isBorrowed)),
    indicators: host.indicators.carry(isBorrowed),
    trades: engine.riskView.carry(),
    risk: riskOf(engine),
    loggedState: engine.riskWatch?.tradingState ?? 0,
    isHeld: host.isHeld,
    strategyFailure: strategyStop.failure ?? null,
    // A strategy that has failed is asked nothing any more, this included.
    memory: strategyStop.failure === undefined ? savedMemory(host.strategy.name, host.reactions) : null,
  };
}

/** Takes over where another engine of the same setup stood. Only for one that has taken no fact. Throws what the strategy's `restore` throws. */
export function resumeEngine(engine: Engine, orders: OrderCarrier, carried: CarriedEngine): void {
  const { account, desk, fillDesk, host, outbox, facts, strategyStop } = engine;
  invariant(
    outbox !== undefined && facts !== undefined && engine.orders.lastId === 0,
    "only a fresh live engine takes over where another stood",
  );
  engine.stepUs = carried.stepUs;
  engine.events.resume(carried.events);
  for (const [orderId, reason, tag] of carried.texts) engine.events.setTexts(orderId, reason, tag);
  orders.resume(carried.orders);
  desk.groups.resume(carried.groups);
  outbox.resume(carried.outbox);
  facts.resume(carried.facts);
  account.portfolio.resume(carried.portfolio);
  account.marks.set(carried.account.marks);
  account.reserved = carried.account.reserved;
  account.isRuined = carried.account.isRuined;
  fillDesk.fills = carried.fills.count;
  fillDesk.liquidations = carried.fills.liquidations;
  fillDesk.lastTradeId = carried.fills.lastTradeId;
  desk.refusals.count = carried.refusals;
  engine.registers.set(carried.registers);
  engine.openedBars.set(carried.openedBars);
  engine.samples.resume(carried.samples);
  engine.timers.resume(carried.timers);
  for (const [k, series] of engine.series.entries()) series.resume(carried.series[k]!);
  host.indicators.resume(carried.indicators);
  engine.riskView.resume(carried.trades);
  engine.options.risk?.resume?.(carried.risk);
  if (engine.riskWatch !== undefined) engine.riskWatch.tradingState = carried.loggedState;
  host.isHeld = carried.isHeld;
  strategyStop.failure = carried.strategyFailure ?? undefined;
  if (carried.strategyFailure === null) restoreMemory(host.strategy.name, host.reactions, carried.memory);
}

function textsOf({ events, orders }: Engine): CarriedText[] {
  const texts: CarriedText[] = [];
  for (let order = orders.first; order !== undefined; order = order.next) {
    const [reason, tag] = [events.reasonOf(order.id), events.tagOf(order.id)];
    if (reason !== "" || tag !== "") texts.push([order.id, reason, tag]);
  }
  return texts;
}

function riskOf({ options }: Engine): unknown {
  const { risk } = options;
  if (risk === undefined) return null;
  invariant(risk.carry !== undefined && risk.resume !== undefined, "a judge without memory of its own to carry cannot be carried");
  return risk.carry();
}
