import { PassThrough } from "node:stream";
import type { SessionStatus } from "@tradepulse/live";
import { expect, test } from "vitest";
import { StatusLine } from "./status-line.ts";

function status(tradingState: SessionStatus["tradingState"]): SessionStatus {
  return { timeUs: 0, bars: 1, equity: 1, positions: [], fills: 0, openOrders: 0, refusals: 0, tradingState } as unknown as SessionStatus;
}

test("StatusLine says a change of the trading state once: with its reason where one is told, by itself otherwise", () => {
  const stream = new PassThrough();
  const line = new StatusLine(false, stream as unknown as NodeJS.WriteStream);
  line.show(status("halted"));
  line.keep("trading is enabled: first steps (ada)");
  line.show(status("enabled"));
  line.show(status("reduce-only"));
  line.show(status("reduce-only"));
  expect(String(stream.read())).toBe("trading is enabled: first steps (ada)\ntrading is reduce-only\n");
});

test("a status line on a narrow terminal keeps the trading state, which is no detail", async () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  const line = new StatusLine(false, stream as unknown as NodeJS.WriteStream);
  let drawn = "";
  await expect
    .poll(() => {
      line.show({ ...status("halted"), timeUs: Date.UTC(2026, 10, 24, 22, 56, 48) * 1_000, equity: 5_000 });
      drawn += String(stream.read() ?? "");
      return drawn;
    })
    .toMatch(/^\r22:56:48Z {2}halted {2}equity 5,000\.00/);
});
