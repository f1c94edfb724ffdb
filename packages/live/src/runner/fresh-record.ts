import type { OpeningMoney } from "./opening-reads.ts";
import type { SessionJournal, SessionRecord } from "./session-record.ts";
import { type InputBars, ownInputs, sessionSeries } from "./session-series.ts";
import { intervalOf, type SessionAbout } from "./session-terms.ts";

const BAR_CAPACITY = 65_536;

export interface FreshRecordParts {
  readonly name: string;
  readonly mode: "paper" | "live";
  readonly startedUs: number;
  readonly engineVersion: string;
  readonly money: OpeningMoney;
  /** Where its journal is; `undefined` for files. */
  readonly journal?: SessionJournal | undefined;
}

/** The record of a session that begins now. */
export function freshRecord(
  about: SessionAbout,
  { name, mode, startedUs, engineVersion, money, journal }: FreshRecordParts,
): SessionRecord {
  const { config, strategyConfig, venue, loaded, strategy, instruments } = about;
  const intervalUs = intervalOf(config, strategyConfig);
  const inputs = new Map<string, InputBars>(
    ownInputs(strategy).map((input, k) => [input, { live: instruments[k]!, intervalUs, volumeKnown: true, capacity: BAR_CAPACITY }]),
  );
  const { series } = sessionSeries(strategy, inputs);
  return {
    schema: 1,
    mode,
    name,
    startedUs,
    engineVersion,
    strategy: {
      name: strategy.name,
      path: loaded.path,
      codeDigest: loaded.codeDigest,
      modules: loaded.modules.map(({ name: module, digest }) => ({ name: module, digest })),
      params: strategy.params,
    },
    instruments,
    series,
    tradeFromUs: startedUs,
    capital: money.capital,
    risk: config.risk,
    costs: config.paper,
    options: null,
    source: { kind: "venue", venue: venue.name, adapter: venue.adapter, sandbox: venue.sandbox, account: venue.account ?? null },
    latch: mode === "live" ? "../latch" : "latch",
    ...(journal === undefined ? {} : { journal }),
    unmanaged: money.unmanaged,
  };
}
