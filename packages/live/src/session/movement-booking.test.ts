import { expect, test } from "vitest";
import type { BalanceRow } from "../truth/reconciler.ts";
import { MovementBooking } from "./movement-booking.ts";
import type { Unplaced } from "./sequencer.ts";

const row = (asset: string, instrumentIndex: number, excess: number): BalanceRow => ({
  asset,
  instrumentIndex,
  excess,
  venue: "3",
  ours: "1",
});

function booking(mayBook = (): boolean => true) {
  const facts: Unplaced[] = [];
  const alarms: string[] = [];
  const movements = new MovementBooking({
    settleUs: 100,
    mayBook,
    lastSeq: () => 7 + facts.length,
    push: (fact) => facts.push(fact),
    onAlarm: (text) => alarms.push(text),
  });
  return { facts, alarms, movements };
}

test("MovementBooking tells a difference that stands, and books it once it has settled: money as a transfer, coins as a trade without a price", () => {
  const { facts, alarms, movements } = booking();
  const rows = [row("USDT", -1, -500), row("BTC", 0, 20)];
  movements.take(rows, 0);
  expect([facts, alarms]).toEqual([[], []]);
  movements.take(rows, 50);
  expect(facts).toEqual([]);
  expect(alarms).toEqual(["balance of USDT: the venue has 3, we have 1", "balance of BTC: the venue has 3, we have 1"]);
  movements.take(rows, 100);
  expect(facts).toEqual([
    { kind: "transfer", quanta: -500 },
    { kind: "external", instrumentIndex: 0, side: 1, tradeId: -9, lots: 20, notional: 0, fee: 0, feeLots: 0 },
  ]);
  movements.take(rows, 150);
  expect(facts).toHaveLength(2);
});

test("MovementBooking books nothing that cannot be read, however long it stands", () => {
  const { facts, movements } = booking();
  for (let us = 0; us < 1_000; us += 50) movements.take([row("USDT", -1, Number.NaN)], us);
  expect(facts).toEqual([]);
});

test("MovementBooking books nothing while an order of unknown outcome may be the whole difference", () => {
  let isUnknown = true;
  const { facts, movements } = booking(() => !isUnknown);
  const rows = [row("USDT", -1, -500)];
  for (let us = 0; us <= 1_000; us += 50) movements.take(rows, us);
  expect(facts).toEqual([]);
  isUnknown = false;
  movements.take(rows, 1_050);
  expect(facts).toEqual([{ kind: "transfer", quanta: -500 }]);
});
