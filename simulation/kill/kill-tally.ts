import type { KillRace } from "../../packages/live/src/testing/kill-race.ts";

/** Last byte of new risk after the latch, at most, in microseconds. */
const LAST_BYTE_US = 50_000;

/** What many races came to. */
export interface KillTally {
  readonly races: number;
  /** Orders that left, and that the latch held back. */
  readonly sent: number;
  readonly held: number;
  /** Races in which an order left after the latch. */
  readonly late: number;
  readonly latestUs: number;
  /** How many races ended in each millisecond after the latch. */
  readonly byMs: readonly number[];
  /** Seeds of races in which one left too late. */
  readonly escaped: readonly number[];
}

export function emptyTally(): KillTally {
  return { races: 0, sent: 0, held: 0, late: 0, latestUs: 0, byMs: [], escaped: [] };
}

export function tallyRace(tally: KillTally, seed: number, { lastByteUs, sent, held }: KillRace): KillTally {
  const ms = Math.ceil(lastByteUs / 1000);
  const one = { races: 1, sent, held, late: lastByteUs > 0 ? 1 : 0, latestUs: lastByteUs, byMs: sparse(ms) };
  return addTally(tally, { ...one, escaped: lastByteUs > LAST_BYTE_US ? [seed] : [] });
}

export function addTally(a: KillTally, b: KillTally): KillTally {
  const byMs = Array.from({ length: Math.max(a.byMs.length, b.byMs.length) }, (_, k) => (a.byMs[k] ?? 0) + (b.byMs[k] ?? 0));
  return {
    races: a.races + b.races,
    sent: a.sent + b.sent,
    held: a.held + b.held,
    late: a.late + b.late,
    latestUs: Math.max(a.latestUs, b.latestUs),
    byMs,
    escaped: [...a.escaped, ...b.escaped],
  };
}

/** For people in a line, for a record as figures. */
export function tallyReport(tally: KillTally): { readonly text: string; readonly figures: object } {
  const { races, sent, held, late, latestUs, byMs, escaped } = tally;
  const p999Ms = quantile(byMs, 0.999);
  const figures = { races, ordersSent: sent, ordersHeld: held, racesWithLateBytes: late, lastByteUs: latestUs, p999Ms, escaped };
  return { text: `${sent} orders sent, ${held} held back, last byte ${latestUs / 1000} ms after the latch, p99.9 ${p999Ms} ms`, figures };
}

function quantile(counts: readonly number[], share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [ms, count] of counts.entries()) {
    seen += count;
    if (seen >= total * share) return ms;
  }
  return 0;
}

function sparse(ms: number): readonly number[] {
  return Array.from({ length: ms + 1 }, (_, k) => (k === ms ? 1 : 0));
}
