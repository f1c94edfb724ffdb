import type { Engine } from "@tradepulse/core";
import { expect, test } from "vitest";
import type { ReplayedSession } from "../replay/replay.ts";
import type { BridgeCause } from "./bridge.ts";
import { compareSession, type Parity } from "./compare-session.ts";
import { Fraction } from "./fraction.ts";
import { recordedData } from "./recorded-data.ts";
import { randomSession } from "./testing/random-session.ts";

const { signal } = new AbortController();

/** What the account itself has earned: its money and what it holds at the last prices, less what was put in. */
function earned({ account, instruments }: Engine, opening: number, transferred: number): Fraction {
  const held = instruments.map(({ notional }, index) => {
    const units = BigInt(account.marks[index]!) * BigInt(notional.numerator);
    return Fraction.of(BigInt(account.signedLots(index)) * units, notional.denominator);
  });
  return held.reduce((sum, worth) => sum.plus(worth), Fraction.of(account.portfolio.ledger.cash - opening - transferred));
}

function reached({ bridge }: Parity, into: Set<BridgeCause>): void {
  for (const { cause, amount } of bridge.rows) if (!amount.isZero) into.add(cause);
}

async function compared(session: ReplayedSession): Promise<Parity> {
  return await compareSession(session, undefined, signal);
}

test("law: the profit of a session is what its account has earned, to the last quantum, whatever came in between", async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { session, transferred } = randomSession(seed);
    const parity = await compared(session);
    const { engine } = session.replayed.built;
    const expected = earned(engine, session.record.capital * 10 ** session.record.instruments[0]!.instrument.quote.scale, transferred);
    expect(parity.sessionProfit.toText(), `seed ${seed}`).toBe(expected.toText());
    expect(parity.bridge.difference.toText(), `seed ${seed}`).toBe(parity.sessionProfit.minus(parity.backtestProfit).toText());
  }
});

test("every row of the bridge comes to something in a session that has its cause", async () => {
  const causes = new Set<BridgeCause>();
  for (let seed = 1; seed <= 60; seed += 1) reached(await compared(randomSession(seed).session), causes);
  for (let seed = 1; seed <= 5; seed += 1) reached(await compared(randomSession(seed, { isCodeChanged: true }).session), causes);
  const { session } = randomSession(1);
  const other = recordedData(session.record, randomSession(2, { bars: 60 }).session.replayed.records);
  reached(await compareSession(session, other, signal), causes);
  expect([...causes].sort((a, b) => a.localeCompare(b))).toEqual([
    "code version",
    "data",
    "fee",
    "fill price",
    "latency",
    "manual trades",
    "missed fill",
    "signal",
  ]);
});

test("a session at a venue that does at once what a backtest assumes has nothing to explain", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { bridge, sessionFills } = await compared(randomSession(seed, { isKind: true, bars: 40 }).session);
    const amounts = bridge.rows.filter(({ amount }) => !amount.isZero).map(({ cause }) => cause);
    expect(sessionFills).toBeGreaterThan(2);
    expect(amounts.filter((cause) => cause !== "signal" && cause !== "missed fill")).toEqual([]);
  }
});

test("a session that ended before its first bar is not compared", async () => {
  await expect(compared(randomSession(3, { bars: 0, isKind: true }).session)).rejects.toThrow("it saw no bar that it could trade on");
});

test("a session whose first records are gone is not compared: what came of them is not known any more", async () => {
  const { session } = randomSession(4);
  const cut = { ...session, replayed: { ...session.replayed, fromSeq: 120 } };
  await expect(compared(cut)).rejects.toThrow("TP_CLI_SESSION");
});

test("fees that were taken in another asset are not passed over: the comparison says that they are not in it", async () => {
  const parity = await compared(randomSession(1, { isKind: true, bars: 40 }).session);
  expect(parity.notes).toContainEqual(expect.stringMatching(/^(\d+) of \1 fills carry no fee in USD or in coins of the pair/));
});
