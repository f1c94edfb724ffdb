import { type BoundStrategy, buy, defineStrategy, instrument, type OrderFact, sell, US_PER_MINUTE } from "@tradepulse/core";
import { Dice } from "@tradepulse/core/testing";
import { buildEngine, type ReadRecord, type SessionRecord } from "@tradepulse/live";
import type { ReplayedSession } from "../../replay/replay.ts";
import { sessionOptions } from "../../sessions/session-options.ts";

const TEST = instrument({ id: "TEST-USD@BINANCE", priceScale: 2, lotScale: 3 });

/** Buys and sells in turn, at the market and by limits, with what it has and not more. */
const restless = defineStrategy({
  name: "restless",
  create: () => ({
    onBar(bar, { position }) {
      if (bar.index % 3 !== 0) return;
      if (position.isFlat) return bar.index % 2 === 0 ? buy({ quantity: 2 }) : buy({ quantity: 1, limit: bar.close });
      return sell({ quantity: 1 });
    },
  }),
});

/** The same with another idea of the right moment. */
const changed = defineStrategy({
  name: "restless",
  create: () => ({
    onBar(bar, { position }) {
      if (bar.index % 4 === 0) return position.isFlat ? buy({ quantity: 1 }) : sell({ quantity: 1 });
    },
  }),
});

export interface RandomSession {
  readonly session: ReplayedSession;
  /** Money that came or went without a trade, in quanta. */
  readonly transferred: number;
}

export interface RandomSessionOptions {
  readonly bars?: number;
  /** The code has changed since. */
  readonly isCodeChanged?: boolean;
  /** A venue that does at once and at the open what it is asked for, free of charge; otherwise anything may happen. */
  readonly isKind?: boolean;
}

/**
 * A live session as its journal holds it, made by a seed: fills in parts, late or never, fees in quote, base or a third asset, trades of
 * somebody else (both sides of one trade among them), transfers, halted spans and a second process that goes on with it.
 */
export function randomSession(seed: number, options: RandomSessionOptions = {}): RandomSession {
  const dice = new Dice(seed);
  const bars = options.bars ?? dice.whole(8, 60);
  const strategy: BoundStrategy = restless({});
  const record = recordOf();
  const built = buildEngine(record, strategy, sessionOptions);
  const records: ReadRecord[] = [];
  const open: { readonly orderId: number; readonly side: 1 | -1; lots: number }[] = [];
  let [nowUs, price, tradeId, transferred] = [0, 10_000, 0, 0];

  const write = (kind: string, payload: object): number => {
    const seq = records.length + 1;
    records.push({ seq, kind, payload });
    return seq;
  };
  const fact = (kind: string, body: object): void => {
    const whole = { ...body, timeUs: nowUs, receiveUs: nowUs };
    const seq = write(kind, whole);
    built.driver.process({ ...whole, kind, seq } as never);
    for (const command of built.driver.takeCommands()) {
      write("command", { ...command, factSeq: seq });
      if (command.kind === "submit") open.push({ orderId: command.orderId, side: command.side, lots: command.lots });
      if (command.kind === "cancel") told.push(() => end("canceled", command.orderId));
    }
  };
  const told: (() => void)[] = [];
  const news = (event: OrderFact["event"], orderId: number, more: Partial<OrderFact> = {}): void => {
    const none = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false, cause: 0 };
    fact("order", { event, orderId, ...none, ...more });
  };
  const end = (event: OrderFact["event"], orderId: number): void => {
    const at = open.findIndex((order) => order.orderId === orderId);
    if (at >= 0) open.splice(at, 1);
    news(event, orderId);
  };
  /** What a fill of so many lots costs at a price that need not be on the tick, and its fee in one of three assets. */
  const amounts = (lots: number, at: number): Pick<OrderFact, "lots" | "notional" | "fee" | "feeLots"> => {
    const { numerator, denominator } = TEST.notional;
    const notional = Math.round((lots * at * numerator) / denominator) + (options.isKind === true ? 0 : dice.whole(-3, 3));
    const asset = options.isKind === true ? "none" : dice.pick(["quote", "base", "third", "none"]);
    return {
      lots,
      notional,
      fee: asset === "quote" ? Math.round(notional / 1_000) : 0,
      feeLots: asset === "base" && lots > 10 ? Math.floor(lots / 1_000) + 1 : 0,
    };
  };
  const fill = (order: (typeof open)[number], lots: number): void => {
    tradeId += 1;
    const trade = amounts(lots, options.isKind === true ? price : price + dice.whole(-40, 40));
    if (options.isKind !== true && dice.chance(0.1)) news("filled", order.orderId, { tradeId, ...trade });
    news("filled", order.orderId, { tradeId, ...trade });
    order.lots -= lots;
    if (order.lots === 0) open.splice(open.indexOf(order), 1);
  };
  const venue = (): void => {
    for (const tell of told.splice(0)) tell();
    for (const order of open.slice()) {
      if (options.isKind === true) {
        news("accepted", order.orderId);
        fill(order, order.lots);
        continue;
      }
      if (dice.chance(0.1)) end(dice.pick(["rejected", "expired"]), order.orderId);
      else if (dice.chance(0.6)) fill(order, dice.chance(0.5) ? order.lots : dice.whole(1, order.lots));
    }
  };
  const stranger = (): void => {
    tradeId += 1;
    const about = { instrumentIndex: 0, tradeId, ...amounts(dice.whole(1, 3_000), price) };
    const side = dice.pick([1, -1] as const);
    fact("external", { ...about, side });
    // Somebody's two orders met each other, or the same trade is told again.
    if (dice.chance(0.4)) fact("external", { ...about, side: dice.chance(0.5) ? -side : side });
  };

  write("metadata", { session: "random" });
  if (options.isKind !== true && dice.chance(0.5)) fact("operator", { action: "halt", reason: "never armed" });
  for (let k = 0; k < bars; k += 1) {
    nowUs = (k + 1) * US_PER_MINUTE;
    const opened = price;
    price = Math.max(100, price + dice.whole(-150, 150));
    const [high, low] = [Math.max(opened, price), Math.min(opened, price)];
    const bar = { seriesIndex: 0, openUs: nowUs - US_PER_MINUTE, closeUs: nowUs, volume: 1_000 };
    fact("bar", { ...bar, open: opened / 100, high: high / 100, low: low / 100, close: price / 100 });
    fact("step", {});
    nowUs += dice.whole(1, 20) * 1e6;
    venue();
    if (options.isKind === true) continue;
    if (dice.chance(0.08)) stranger();
    if (dice.chance(0.05)) {
      const quanta = dice.whole(-50, 50) * 1e6;
      transferred += quanta;
      fact("transfer", { quanta });
    }
    if (dice.chance(0.1)) fact("operator", { action: dice.pick(["halt", "enable", "enable", "reduce-only"]), reason: "somebody" });
    if (dice.chance(0.05)) {
      write("metadata", { session: "random", epoch: 2 });
      fact("operator", { action: "hold", reason: "recovery" });
      fact("operator", { action: "release", reason: "recovered" });
    }
  }
  built.driver.finish();
  const { events } = built.engine;
  const session: ReplayedSession = {
    folder: "/nowhere",
    record,
    strategy: options.isCodeChanged === true ? changed({}) : strategy,
    codeDigest: options.isCodeChanged === true ? "sha256:b" : "sha256:a",
    replayed: {
      built,
      records,
      fromSeq: 0,
      facts: 0,
      commands: 0,
      recorded: events,
      otherEvent: undefined,
      divergences: [],
      snapshots: [],
      runHash: "",
      recordedHash: undefined,
    },
  };
  return { session, transferred };
}

function recordOf(): SessionRecord {
  const series = {
    name: "main",
    instrumentIndex: 0,
    symbol: "TESTUSD",
    intervalUs: US_PER_MINUTE,
    isBuilt: false,
    volumeKnown: true,
    capacity: 256,
  };
  return {
    schema: 1,
    mode: "live",
    name: "random",
    startedUs: 0,
    engineVersion: "",
    strategy: { name: "restless", path: null, codeDigest: "sha256:a", modules: [], params: {} },
    instruments: [{ instrument: TEST, symbol: "TESTUSD", baseAsset: "TEST" }],
    series: [series],
    tradeFromUs: null,
    capital: 1_000,
    risk: {},
    costs: { fee: 0, slippage: 0 },
    options: null,
    source: { kind: "venue", venue: "local", adapter: "binance", sandbox: true, account: null },
    latch: "../latch",
    unmanaged: {},
  };
}
