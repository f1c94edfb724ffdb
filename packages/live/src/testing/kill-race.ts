import { instrument, OrderType, type SubmitOrder, TimeInForce } from "@tradepulse/core";
import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import type { ExecutionClient } from "@tradepulse/venues";
import { Dispatcher } from "../dispatch/dispatcher.ts";
import { openKillLatch } from "../latch/kill-latch.ts";
import { SessionExecution } from "../runner/session-execution.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import { OrderRegister } from "../session/order-register.ts";

/** What one race between a kill and orders on their way came to. */
export interface KillRace {
  /** Microseconds from the latch to the last byte of an order; 0 when none left after it. */
  readonly lastByteUs: number;
  /** Orders whose bytes left at all. */
  readonly sent: number;
  /** Orders that were held back by the latch. */
  readonly held: number;
}

const FOLDER = "/account/latch";
const SPAN_US = 250_000;
const BTC = instrument({ id: "BTC-USDT@BINANCE", quote: "USDT", priceScale: 2, tickKnown: true, tickUnits: 1 });

/**
 * One race: real latch in two processes, real dispatcher, a disk that takes its time, a journal, keys and connections that are waited for. The kill comes from
 * the other process at any moment of the orders' way. With `stallUs` the trader stands still for up to so long at any moment.
 */
export async function killRace(seed: number, stallUs = 0): Promise<KillRace> {
  const clock = new SimClock({ seed });
  const disk = new SimDisk(seededStream(seed, "disk"));
  const dice = seededStream(seed, "race");
  const process = new SimProcess("trader");
  const man = (each: SimProcess): SimEnv =>
    new SimEnv({
      clock,
      process: each,
      seed,
      files: new SimFiles(disk, { delay: () => new Promise((resolve) => clock.after(50 + dice.below(2_000), resolve)) }),
    });
  const env = man(process);
  const presser = man(new SimProcess("operator"));
  const latch = await inTime(clock, openKillLatch({ env, folder: FOLDER }));
  const hand = await inTime(clock, openKillLatch({ env: presser, folder: FOLDER }));
  await inTime(clock, hand.arm("enabled", "a race", "ada"));
  await clock.run(clock.nowUs + 60_000);

  const bytes: number[] = [];
  let held = 0;
  const client = {
    venue: "TEST",
    horizonUs: 0,
    // A connection is made, and then asks whether it is still wanted, as a real one does.
    submit: async (_order: unknown, mayLeave?: () => boolean) => {
      await env.sleep(dice.below(30_000));
      if (mayLeave?.() === false) return { kind: "refused", code: "not-sent", message: "", cause: "other" };
      bytes.push(clock.nowUs);
      return { kind: "unknown", why: "a race" };
    },
  } as unknown as ExecutionClient;
  const dispatcher = new Dispatcher({
    env,
    journal: { append: () => 1, durable: () => env.sleep(dice.below(20_000)) },
    client: new SessionExecution({
      env,
      client,
      prepare: () => env.sleep(dice.below(dice.below(4) === 0 ? 60_000 : 1_000)),
      submissionIntervalUs: dice.below(3) * 20_000,
      unmanaged: {},
    }),
    register: new OrderRegister(),
    instruments: [{ instrument: BTC, symbol: "BTCUSDT" } as unknown as LiveInstrument],
    epoch: 1,
    orderLifeUs: 20_000_000,
    venueUs: () => env.wallUs(),
    settled: () => latch.fresh(),
    mayNotExit: () => undefined,
    mayNotSend: () => (latch.sendState === "halted" ? "trading-halted" : undefined),
    tell: ({ event }) => {
      if (event === "rejected") held += 1;
    },
    onUnknown: () => undefined,
    onDoubt: () => undefined,
    pursuit: { begin: () => Promise.resolve() },
    onAcknowledged: () => undefined,
    onAlarm: () => undefined,
  });
  const startUs = clock.nowUs;
  for (let orderId = 1; orderId <= 8; orderId += 1)
    clock.at(startUs + dice.below(SPAN_US), () => dispatcher.enqueue(order(orderId), 0), process);
  if (stallUs > 0) {
    clock.at(startUs + dice.below(SPAN_US), () => process.pause());
    clock.at(startUs + SPAN_US + dice.below(stallUs), () => process.resume());
  }
  let latchedUs = Number.POSITIVE_INFINITY;
  clock.at(startUs + dice.below(SPAN_US), () => {
    void hand.trip("halted", "now", "ada").then(() => {
      latchedUs = clock.nowUs;
    });
  });
  await clock.run(startUs + SPAN_US + stallUs + 1_000_000);
  latch.stop();
  hand.stop();
  const late = bytes.filter((atUs) => atUs > latchedUs);
  return { lastByteUs: late.length === 0 ? 0 : Math.max(...late) - latchedUs, sent: bytes.length, held };
}

function order(orderId: number): SubmitOrder {
  return {
    kind: "submit",
    seq: orderId,
    timeUs: 0,
    orderId,
    instrumentIndex: 0,
    accountId: 1,
    strategyId: 1,
    source: 0,
    side: 1,
    type: OrderType.limit,
    timeInForce: TimeInForce.gtc,
    flags: 0,
    lots: 150_000,
    limitUnits: 6_000_000,
    triggerUnits: 0,
    parentId: 0,
  };
}

async function inTime<T>(clock: SimClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  settled.catch(() => undefined);
  while (!isSettled) await clock.run(clock.nowUs + 1_000);
  return await settled;
}
