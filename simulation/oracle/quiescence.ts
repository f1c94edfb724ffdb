import type { IntentRecord, ReadRecord } from "@tradepulse/live";
import { type E8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import type { AccountTrade } from "../../packages/venues/src/local-venue/exchange/exchange-event.ts";
import { ACCOUNT, OPENING_QUOTE } from "../world/account.ts";
import type { Judge } from "./judge.ts";
import type { JudgedTrader, JudgedVenue } from "./judged.ts";

interface FillFact {
  readonly event: string;
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly side: 1 | -1;
  readonly tradeId: number;
  readonly lots: number;
  readonly notional: number;
  readonly fee: number;
  readonly feeLots: number;
}

/** What may be expected of a trader once nothing goes wrong any more. */
export interface Expectation {
  /** False for a trader that was killed, halted, or has a strategy that fails: it need not trade again. */
  readonly mustTrade: boolean;
}

/**
 * Compares what the venue, the journal and the trader claim when all is quiet. The sums over the journal are made here, from its facts alone.
 */
export function checkQuiescence(
  judge: Judge,
  venue: JudgedVenue,
  node: JudgedTrader,
  records: readonly ReadRecord[],
  expect: Expectation,
): void {
  const intents = new Map<number, IntentRecord>();
  for (const { kind, payload } of records) if (kind === "intent") intents.set((payload as IntentRecord).orderId, payload as IntentRecord);
  checkFills(judge, venue, node, records, intents);
  checkOrders(judge, venue, node, intents);
  checkMoney(judge, venue, node);
  const session = node.session!;
  if (session.resolver.count > 0) judge.violate("L1", `${session.resolver.count} orders still have an unknown outcome`);
  if (session.dispatcher.inFlight > 0) judge.violate("L4", `${session.dispatcher.inFlight} commands are still under way`);
  if (expect.mustTrade && !session.isReady) judge.violate("L5", "trading is not enabled again");
  if (session.lastReport?.isComplete !== true) judge.violate("L3", "the last reconciliation could not be completed");
}

/** I08, I10: each trade of the venue is one fact, each fact is a trade, and the claimed positions are their sum. */
function checkFills(
  judge: Judge,
  venue: JudgedVenue,
  node: JudgedTrader,
  records: readonly ReadRecord[],
  intents: ReadonlyMap<number, IntentRecord>,
): void {
  const symbols = venue.symbols;
  const told = new Map<string, FillFact & { readonly symbol: string }>();
  const filledOf = new Map<number, number>();
  for (const { kind, payload } of records) {
    const fact = payload as FillFact;
    if (kind !== "external" && !(kind === "order" && fact.event === "filled")) continue;
    const index = kind === "external" ? fact.instrumentIndex : intents.get(fact.orderId)?.instrumentIndex;
    if (index === undefined) continue;
    const symbol = symbols[index]!;
    const key = `${symbol}/${fact.tradeId}/${kind === "external" ? `foreign ${fact.side}` : fact.orderId}`;
    if (told.has(key)) continue;
    const side = kind === "external" ? fact.side : sideOf(intents.get(fact.orderId)!);
    told.set(key, { ...fact, side, symbol });
    if (kind === "order") filledOf.set(fact.orderId, (filledOf.get(fact.orderId) ?? 0) + fact.lots);
  }
  const keyOf = (trade: AccountTrade): string =>
    `${trade.symbol}/${trade.tradeId}/${byClient.get(trade.clientId) ?? `foreign ${trade.side === "BUY" ? 1 : -1}`}`;
  const byClient = new Map([...intents.values()].map((intent) => [intent.clientId, intent.orderId]));
  const trades = venue.exchange.ledger.tradesOf(ACCOUNT);
  for (const trade of trades) {
    const key = keyOf(trade);
    const fact = told.get(key);
    if (fact === undefined)
      judge.violate("I08", `trade ${trade.tradeId} of ${trade.clientId} is in no fact of the journal`, trade.clientId);
    else if (BigInt(fact.lots) !== trade.quantity)
      judge.violate("I08", `trade ${trade.tradeId} of ${trade.clientId} has other lots in the journal`, trade.clientId);
    told.delete(key);
  }
  // A trade that was taken back had happened: its fact stands, and the movement is booked beside it.
  for (const record of venue.exchange.ledger.records) if (record.kind === "bust") told.delete(keyOf(record.trade));
  for (const key of told.keys()) if (/\/-\d+\//.test(key)) told.delete(key);
  for (const [key, fact] of told) judge.violate("I08", `the journal has a fill that the venue has not: ${key}, ${fact.lots} lots`, key);
  // A strategy that decides otherwise when it is replayed is told of: orders of its first life are not orders of its second.
  if (judge.alarms.some((alarm) => alarm.startsWith("replay decided differently"))) return;
  for (const [orderId, lots] of filledOf) {
    const claimed = node.engine!.orderState(orderId)?.filledLots;
    const clientId = intents.get(orderId)!.clientId;
    if (claimed !== lots)
      judge.violate("I08", `${clientId} is claimed to have filled ${claimed} lots, its distinct fills are ${lots}`, clientId);
  }
}

/** I09: what works at the venue is known, and what is believed to work does. */
function checkOrders(judge: Judge, venue: JudgedVenue, node: JudgedTrader, intents: ReadonlyMap<number, IntentRecord>): void {
  const open = new Map(venue.openOrders().map((order) => [order.clientId, order]));
  const believed = new Map<string, number>();
  for (const orderId of node.engine!.openOrderIds()) {
    const intent = intents.get(orderId);
    // A target beside a stop is held here and was never sent.
    if (intent !== undefined) believed.set(intent.clientId, orderId);
  }
  for (const [clientId] of open) {
    if (clientId.startsWith("hand-") || believed.has(clientId)) continue;
    judge.violate("I09", `${clientId} works at the venue and nobody here knows`, clientId);
  }
  for (const clientId of believed.keys())
    if (!open.has(clientId)) judge.violate("I09", `${clientId} is believed to work and does not`, clientId);
}

/** I01, I02, I10: money and coins to the last unit. */
function checkMoney(judge: Judge, venue: JudgedVenue, node: JudgedTrader): void {
  for (const [index, { instrument, baseAsset }] of node.instruments.entries()) {
    const held = venue.held(baseAsset);
    const claimed = BigInt(node.engine!.account.signedLots(index)) * BigInt(instrument.lotUnits) * 10n ** BigInt(8 - instrument.lotScale);
    if (held !== claimed)
      judge.violate("I10", `${baseAsset}: the venue holds ${formatE8(held)}, claimed are ${formatE8(claimed)}`, baseAsset);
  }
  const { ledger } = node.engine!.account.portfolio;
  const { quote } = node.instruments[0]!.instrument;
  const cash = scaled(ledger.cash, quote.scale);
  if (venue.held(quote.code) !== cash)
    judge.violate(
      "I02",
      `${quote.code}: the venue holds ${formatE8(venue.held(quote.code))}, claimed are ${formatE8(cash)} of ${OPENING_QUOTE} at the start`,
      quote.code,
    );
  if (ledger.sum() !== 0) judge.violate("I01", `the rows of the ledger sum to ${ledger.sum()}`);
}

function scaled(quanta: number, scale: number): E8 {
  return scale <= 8 ? BigInt(quanta) * 10n ** BigInt(8 - scale) : BigInt(quanta) / 10n ** BigInt(scale - 8);
}

function sideOf(intent: IntentRecord): 1 | -1 {
  return (intent.request as unknown as { readonly side: string }).side === "buy" ? 1 : -1;
}
