import { type BoundStrategy, parseInterval } from "@tradepulse/core";
import { refuseConfig } from "../config/refuse-config.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import type { SessionSeries } from "./session-record.ts";

/** What feeds an input of a strategy that has bars of its own. */
export interface InputBars {
  readonly live: LiveInstrument;
  readonly intervalUs: number;
  readonly volumeKnown: boolean;
  readonly capacity: number;
}

export interface SeriesOfSession {
  readonly instruments: readonly LiveInstrument[];
  readonly series: readonly SessionSeries[];
}

/** Inputs of a strategy that have bars of their own, in declared order. */
export function ownInputs(strategy: BoundStrategy): readonly string[] {
  return Object.entries(strategy.inputs).flatMap(([name, { of }]) => (of === undefined ? [name] : []));
}

/**
 * Series and instruments of a session, in the same order as a backtest has them. Throws `TP_LIVE_INPUTS` when two inputs would show the bars of
 * one symbol, or instruments are quoted in several currencies.
 */
export function sessionSeries(strategy: BoundStrategy, inputs: ReadonlyMap<string, InputBars>): SeriesOfSession {
  const instruments: LiveInstrument[] = [];
  const own = new Map<string, SessionSeries>();
  for (const [name, { live, intervalUs, volumeKnown, capacity }] of inputs) {
    const twin = [...own.values()].find(({ symbol }) => symbol === live.symbol);
    if (twin !== undefined) {
      refuseConfig(
        "TP_LIVE_INPUTS",
        `Cannot run "${strategy.name}": inputs "${twin.name}" and "${name}" both show ${live.symbol}, allowed is one input for each instrument`,
        [],
        "build the second from the first with bars({ of, interval })",
      );
    }
    const instrumentIndex = instruments.push(live) - 1;
    own.set(name, { name, instrumentIndex, symbol: live.symbol, intervalUs, isBuilt: false, volumeKnown, capacity });
  }
  const currencies = [...new Set(instruments.map(({ instrument }) => instrument.quote.code))];
  if (currencies.length > 1) {
    refuseConfig(
      "TP_LIVE_INPUTS",
      `Cannot run "${strategy.name}": its instruments are quoted in ${currencies.join(", ")}, allowed is one currency`,
      instruments.map(({ instrument }) => [instrument.id, instrument.quote.code] as const),
      "run the currencies apart",
    );
  }
  const series = Object.entries(strategy.inputs).map(([name, { of, interval }]) =>
    of === undefined ? own.get(name)! : { ...own.get(of)!, name, intervalUs: parseInterval(interval!)!, isBuilt: true },
  );
  return { instruments, series };
}
