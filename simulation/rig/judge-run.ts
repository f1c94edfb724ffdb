import { type IntentRecord, type ReadRecord, readSessionRecord, replaySession, type SessionRecord } from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { loadStrategy } from "@tradepulse/research";
import { sessionOptions } from "../../apps/cli/src/sessions/session-options.ts";
import { isOpen } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import { lineOf } from "./journal-tail.ts";
import { CAPITAL, ORDER_LIFE_US } from "./rig-trader.ts";
import { BASE, OPENING, QUOTE, type VenueTruth } from "./rig-venue.ts";

/** A law that did not hold. The numbers are those of the storm's oracle; `replay` and `end` are the rig's own. */
export interface RigViolation {
  readonly law:
    | "I01"
    | "I02"
    | "I03"
    | "I04"
    | "I05"
    | "I07"
    | "I08"
    | "I09"
    | "I10"
    | "I17"
    | "I24"
    | "I27"
    | "L1"
    | "L2"
    | "replay"
    | "end"
    | "full"
    | "judge"
    | "sentinel";
  readonly text: string;
}

/** What is known of a run when its last process has ended. */
export interface RunEvidence {
  readonly session: string;
  readonly truth: VenueTruth;
  /** Records that were seen in the journal while it was written, in one line each. */
  readonly seen: readonly string[];
}

export interface Judgement {
  readonly violations: readonly RigViolation[];
  readonly intents: number;
  readonly records: number;
  /** Intents that were durable when their process died, and never reached the venue. */
  readonly neverSent: number;
  /** Requests that reached the venue and whose answer no process lived to hear. */
  readonly neverHeard: number;
}

const E8 = 100_000_000n;

/**
 * Reads the journal from the disk and holds it against the venue's truth ledger. It knows neither the trader nor its claims, but for the engine that a
 * replay of the journal makes.
 */
export async function judgeRun({ session, truth, seen }: RunEvidence): Promise<Judgement> {
  const violations: RigViolation[] = [];
  const violate = (law: RigViolation["law"], text: string): void => {
    violations.push({ law, text });
  };
  const env = realEnv();
  const record = await readSessionRecord(env, session);
  const loaded = await loadStrategy(record.strategy.path!);
  const replayed = await replaySession(env, session, record, loaded.strategy(record.strategy.params), sessionOptions);
  const { records, divergences } = replayed;
  const { engine } = replayed.built;
  if (divergences.length > 0)
    violate(
      "replay",
      `${divergences.length} differences, first after fact ${divergences[0]!.factSeq}: was ${divergences[0]!.recorded}, is ${divergences[0]!.replayed}`,
    );
  for (const { seq, isSame } of replayed.snapshots)
    if (!isSame) violate("replay", `the snapshot at record ${seq} is not the state of the session there`);
  checkPrefix(records, seen, violate);
  checkEpochs(records, violate);
  const intents = intentsOf(records, violate);
  checkSends(truth, intents, violate);
  checkEnds(truth, intents, records, (orderId) => engine.orderState(orderId), violate);
  checkFills(truth, intents, records, (orderId) => engine.orderState(orderId)?.filledLots, record, violate);
  const { instrument } = record.instruments[0]!;
  const position = BigInt(engine.account.signedLots(0)) * lotE8(record);
  const held = truth.held(BASE) - BigInt(OPENING.base) * E8;
  if (position !== held)
    violate("I10", `${BASE}: the venue holds ${held} more than at the start, claimed are ${position} hundred-millionths`);
  const cash = BigInt(engine.account.portfolio.ledger.cash) * 10n ** BigInt(8 - instrument.quote.scale);
  const money = truth.held(QUOTE) - BigInt(OPENING.quote - CAPITAL) * E8;
  if (cash !== money) violate("I02", `${QUOTE}: the venue holds ${money}, claimed are ${cash} hundred-millionths`);
  if (engine.account.portfolio.ledger.sum() !== 0) violate("I01", `the rows of the ledger sum to ${engine.account.portfolio.ledger.sum()}`);
  return { violations, intents: intents.size, records: records.length, ...cutShort(truth, intents, records) };
}

/** Where death came between an intent and its answer. */
function cutShort(
  { places }: VenueTruth,
  intents: ReadonlyMap<string, IntentRecord>,
  records: readonly ReadRecord[],
): { readonly neverSent: number; readonly neverHeard: number } {
  const closed = new Set<number>();
  for (const { kind, payload } of records)
    if (kind === "outcome" || kind === "not-sent") closed.add((payload as { readonly orderId: number }).orderId);
  const asked = new Set(places.map(({ clientId }) => clientId));
  const open = [...intents.values()].filter(({ orderId }) => !closed.has(orderId));
  const neverHeard = open.filter(({ clientId }) => asked.has(clientId)).length;
  return { neverSent: open.length - neverHeard, neverHeard };
}

type Violate = (law: RigViolation["law"], text: string) => void;

/** Nothing that was in the journal once may be gone or changed after a restart. */
function checkPrefix(records: readonly ReadRecord[], seen: readonly string[], violate: Violate): void {
  const lost = seen.findIndex((line, k) => records[k] === undefined || lineOf(records[k] as Parameters<typeof lineOf>[0]) !== line);
  if (lost >= 0) violate("I24", `a record that was in the journal is gone or changed: ${seen[lost]!.slice(0, 200)}`);
}

function checkEpochs(records: readonly ReadRecord[], violate: Violate): void {
  let last = 0;
  for (const { kind, payload } of records) {
    if (kind !== "leader") continue;
    const { epoch } = payload as { readonly epoch: number };
    if (epoch <= last) violate("I27", `epoch ${epoch} follows epoch ${last}`);
    last = epoch;
  }
}

function intentsOf(records: readonly ReadRecord[], violate: Violate): ReadonlyMap<string, IntentRecord> {
  const intents = new Map<string, IntentRecord>();
  const orders = new Set<number>();
  for (const { kind, payload } of records) {
    if (kind !== "intent") continue;
    const intent = payload as IntentRecord;
    if (intents.has(intent.clientId)) violate("I05", `two intents bear the id ${intent.clientId}`);
    if (orders.has(intent.orderId)) violate("I04", `order ${intent.orderId} has two intents`);
    intents.set(intent.clientId, intent);
    orders.add(intent.orderId);
  }
  return intents;
}

/** Every request for an order has one intent written before it, and no intent leaves twice. */
function checkSends({ places, orders }: VenueTruth, intents: ReadonlyMap<string, IntentRecord>, violate: Violate): void {
  const asked = new Map<string, number>();
  for (const { clientId, atUs } of places) {
    const intent = intents.get(clientId);
    if (intent === undefined) violate("I03", `the venue was asked for ${clientId}, of which the journal has no intent`);
    // Both processes are on one machine and read one clock; its smallest step is a millisecond.
    else if (atUs + 1_000 < intent.deadlineUs - ORDER_LIFE_US)
      violate("I03", `the venue was asked for ${clientId} before its intent was written`);
    asked.set(clientId, (asked.get(clientId) ?? 0) + 1);
  }
  for (const [clientId, count] of asked) if (count > 1) violate("I04", `${clientId} was sent ${count} times`);
  const entered = new Map<string, number>();
  for (const { clientId } of orders) {
    if (!intents.has(clientId)) violate("I03", `${clientId} entered at the venue, and the journal has no intent`);
    entered.set(clientId, (entered.get(clientId) ?? 0) + 1);
  }
  for (const [clientId, count] of entered) if (count > 1) violate("I04", `${clientId} is ${count} orders at the venue`);
}

/** Every intent has an end that is told, and it is the end that the venue knows. */
function checkEnds(
  truth: VenueTruth,
  intents: ReadonlyMap<string, IntentRecord>,
  records: readonly ReadRecord[],
  claimed: (orderId: number) => { readonly mayFill: boolean } | undefined,
  violate: Violate,
): void {
  const told = new Map<number, Set<string>>();
  for (const { kind, payload } of records) {
    if (kind !== "order" && kind !== "not-sent") continue;
    const { orderId, event } = payload as { readonly orderId: number; readonly event?: string };
    if (!told.has(orderId)) told.set(orderId, new Set());
    told.get(orderId)!.add(event ?? "not-sent");
  }
  const atVenue = new Map(truth.orders.map((order) => [order.clientId, order]));
  for (const { orderId, clientId } of intents.values()) {
    const words = told.get(orderId) ?? new Set();
    const order = atVenue.get(clientId);
    const state = claimed(orderId);
    if (words.size === 0 || (words.size === 1 && words.has("unknown"))) violate("L1", `nobody knows what became of ${clientId}`);
    else if (state?.mayFill !== false && (order === undefined || !isOpen(order as Parameters<typeof isOpen>[0])))
      violate("L1", `${clientId} is believed to work and does not`);
    if (order === undefined) continue;
    if (words.has("not-sent")) violate("I07", `${clientId} was called not sent and is ${order.status} at the venue`);
    if (words.has("rejected") && order.status !== "REJECTED")
      violate("I07", `${clientId} was ended as rejected and is ${order.status} at the venue`);
    if (order.status !== "NEW" && order.status !== "PARTIALLY_FILLED") continue;
    if (state?.mayFill !== true) violate("I09", `${clientId} works at the venue and nobody here knows`);
    else violate("L2", `${clientId} still works at the venue after everything was canceled`);
  }
}

/** Each trade of the venue is one fact of the journal, with its lots, and each fact is a trade. */
function checkFills(
  truth: VenueTruth,
  intents: ReadonlyMap<string, IntentRecord>,
  records: readonly ReadRecord[],
  filledLots: (orderId: number) => number | undefined,
  record: SessionRecord,
  violate: Violate,
): void {
  const facts = new Map<string, number>();
  const sums = new Map<number, number>();
  for (const { kind, payload } of records) {
    const fact = payload as { readonly event?: string; readonly orderId: number; readonly tradeId: number; readonly lots: number };
    if (kind === "external") violate("I08", `trade ${fact.tradeId} was booked as somebody else's`);
    if (kind !== "order" || fact.event !== "filled") continue;
    const key = `${fact.orderId}/${fact.tradeId}`;
    if (facts.has(key)) continue;
    facts.set(key, fact.lots);
    sums.set(fact.orderId, (sums.get(fact.orderId) ?? 0) + fact.lots);
  }
  for (const { tradeId, clientId, quantity } of truth.trades) {
    const intent = intents.get(clientId);
    if (intent === undefined) continue;
    const key = `${intent.orderId}/${tradeId}`;
    const lots = facts.get(key);
    if (lots === undefined) violate("I08", `trade ${tradeId} of ${clientId} is in no fact of the journal`);
    else if (BigInt(lots) * lotE8(record) !== quantity) violate("I08", `trade ${tradeId} of ${clientId} has other lots in the journal`);
    facts.delete(key);
  }
  for (const key of facts.keys()) violate("I08", `the journal has a fill that the venue has not: order and trade ${key}`);
  for (const [orderId, lots] of sums)
    if (filledLots(orderId) !== lots)
      violate("I08", `order ${orderId} has filled ${filledLots(orderId)} lots, its distinct fills are ${lots}`);
}

function lotE8(record: SessionRecord): bigint {
  const { instrument } = record.instruments[0]!;
  return BigInt(instrument.lotUnits) * 10n ** BigInt(8 - instrument.lotScale);
}
