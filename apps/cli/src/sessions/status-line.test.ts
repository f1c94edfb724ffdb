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
