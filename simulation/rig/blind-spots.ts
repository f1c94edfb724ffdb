import { judgeRun, type RigViolation, type RunEvidence } from "./judge-run.ts";
import { BASE, QUOTE, type VenueTruth } from "./rig-venue.ts";

interface Tampering {
  readonly what: string;
  readonly law: RigViolation["law"];
  readonly evidence: RunEvidence;
}

/**
 * Judges a good run again with its evidence falsified in every way that matters. Gives what the judge did not see: a judge that sees nothing finds
 * no fault with anything.
 */
export async function blindSpots(evidence: RunEvidence): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const { what, law, evidence: false_ } of tamperings(evidence)) {
    const { violations } = await judgeRun(false_);
    if (!violations.some((each) => each.law === law)) missed.push(`${what} is not seen as ${law}`);
  }
  return missed;
}

function tamperings(evidence: RunEvidence): readonly Tampering[] {
  const { truth, seen } = evidence;
  const order = truth.orders.find(({ executed }) => executed > 0n);
  const trade = truth.trades.at(-1);
  if (order === undefined || trade === undefined) return [];
  const place = truth.places.find(({ clientId }) => clientId === order.clientId)!;
  const withTruth = (what: string, law: RigViolation["law"], change: Partial<VenueTruth>): Tampering => ({
    what,
    law,
    evidence: { ...evidence, truth: { ...truth, ...change } },
  });
  const moved =
    (asset: string) =>
    (which: string): bigint =>
      truth.held(which) + (which === asset ? 1n : 0n);
  return [
    withTruth("a request without an intent", "I03", { places: [...truth.places, { ...place, clientId: "tp-1-zzzzz" }] }),
    withTruth("a request before its intent", "I03", {
      places: truth.places.map((each) => (each === place ? { ...each, atUs: each.atUs - 60_000_000 } : each)),
    }),
    withTruth("an order of no intent", "I03", { orders: [...truth.orders, { ...order, orderId: 999_999, clientId: "tp-1-zzzzz" }] }),
    withTruth("an order that was sent twice", "I04", { places: [...truth.places, place] }),
    withTruth("an order that entered twice", "I04", { orders: [...truth.orders, { ...order, orderId: 999_999 }] }),
    withTruth("an order that still works", "I09", {
      orders: truth.orders.map((each) => (each === order ? { ...each, status: "NEW" } : each)),
    }),
    withTruth("a trade that was not booked", "I08", { trades: [...truth.trades, { ...trade, tradeId: 999_999 }] }),
    withTruth("a trade that never was", "I08", { trades: truth.trades.slice(0, -1) }),
    withTruth("a trade of another size", "I08", {
      trades: truth.trades.map((each) => (each === trade ? { ...each, quantity: each.quantity + 1n } : each)),
    }),
    withTruth("coins that went astray", "I10", { held: moved(BASE) }),
    withTruth("money that went astray", "I02", { held: moved(QUOTE) }),
    { what: "a record that is gone", law: "I24", evidence: { ...evidence, seen: [...seen, "999999 alarm {}"] } },
    {
      what: "a record that has changed",
      law: "I24",
      evidence: { ...evidence, seen: seen.map((line, k) => (k === 3 ? `${line} ` : line)) },
    },
  ];
}
