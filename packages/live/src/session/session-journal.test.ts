import { buy, defineStrategy } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionJournal } from "./session-journal.ts";
import { SessionStage } from "./session-stage.ts";

const buyer = defineStrategy({
  name: "buyer",
  create: () => ({ onBar: (bar) => (bar.index === 0 ? buy({ quantity: 1, limit: 90 }) : undefined) }),
})();

test("SessionJournal takes nothing more once it was refused a record, even if there is room again", async () => {
  const kept: string[] = [];
  const told: unknown[] = [];
  const full = new Error("the queue is full");
  let isFull = false;
  const journal = new SessionJournal(
    {
      append: (kind) => {
        if (isFull) throw full;
        return kept.push(kind);
      },
      durable: () => Promise.resolve(),
    },
    (error) => told.push(error),
  );
  expect([journal.append("bar", {}), journal.note("evidence", {})]).toEqual([1, 2]);
  isFull = true;
  expect(() => journal.append("order", {})).toThrow(full);
  isFull = false;
  expect(() => journal.append("order", {})).toThrow(full);
  expect(journal.note("evidence", {})).toBeUndefined();
  await expect(journal.durable(2)).rejects.toBe(full);
  expect([kept, told, journal.isLost]).toEqual([["bar", "evidence"], [full], true]);
});

// At every kind of record that a living session appends, for one instant only: afterwards there is room again.
for (const kind of ["bar", "step", "command", "intent", "outcome", "order", "evidence", "trust", "cancel-outcome"]) {
  test(`a session whose journal refuses one ${kind} record ends there, throws into nobody's hands, and the next one knows everything`, async () => {
    const stage = new SessionStage({ strategy: buyer });
    await stage.start(0);
    let isFull = true;
    stage.refuses = (wanted) => {
      if (wanted !== kind || !isFull || stage.kinds("step").length < (kind === "step" || kind === "bar" ? 0 : 1)) return undefined;
      isFull = false;
      return new Error("the queue is full");
    };
    await stage.run(1_000_000);
    await stage.bar(100);
    if (stage.session.register.find(1)?.wasSent === true && stage.lost.length === 0) {
      stage.session.operate("cancel-all", "a person");
      stage.venue.fill(stage.clientId(1), "0.5");
    }
    stage.venue.doubt("cut");
    await stage.run(180_000_000);
    const recorded = stage.records.length;
    const sent = stage.venue.sent.length;
    expect([isFull, stage.lost.length]).toEqual([false, 1]);
    await stage.bar(100);
    expect([stage.records.length, stage.venue.sent.length]).toEqual([recorded, sent]);
    stage.kill();
    await stage.start(60_000_000);
    const atVenue = [...stage.venue.orders.values()].filter(({ state }) => state === "new" || state === "partially-filled");
    expect(stage.engine.openOrderIds()).toHaveLength(atVenue.length);
    expect(stage.session.isReady).toBe(true);
    expect(stage.venue.orders.size).toBeLessThanOrEqual(1);
    expect(stage.engine.account.signedLots(0)).toBe(stage.venue.fills.length * 50_000_000);
  });
}
