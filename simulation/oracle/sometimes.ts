import type { IntentRecord, ReadRecord } from "@tradepulse/live";
import type { TruthLedger } from "@tradepulse/venues";
import { ACCOUNT } from "../world/account.ts";

/** Something that should happen now and then: a storm in which it never does has not been where it should. */
export const MARKS = [
  "cancel refused because filled",
  "cancel confirmed and the order goes on",
  "fill after a cancel was told",
  "partly filled, then canceled",
  "ended by the venue after a good answer",
  "unknown, then found at work",
  "unknown, then found filled",
  "unknown, then proved absent",
  "refused for its deadline",
  "intent durable, never sent",
  "intent durable, too late to send",
  "intent durable, halted before the send",
  "the same trade told twice",
  "a trade told more than a minute late",
  "a trade of somebody else",
  "a movement without a trade",
  "a fee in a third asset",
  "a trade taken back",
  "a stop triggered",
  "a protective stop refused",
  "refused for its filters",
  "refused for the request limit",
  "refused for its key",
  "recovered with orders at work",
  "outcome unknown at a restart",
  "halted and armed again",
] as const;
export type Mark = (typeof MARKS)[number];

/** Nobody sits at the desk of the ports: what is halted there stays so. */
export function marksAt(edge: "port" | "wire"): readonly Mark[] {
  return edge === "wire" ? MARKS : MARKS.filter((mark) => mark !== "halted and armed again");
}

/** Why a send was refused, in the port's words. */
const REFUSED_FOR: Readonly<Record<string, Mark>> = {
  clock: "refused for its deadline",
  filter: "refused for its filters",
  "rate-limit": "refused for the request limit",
  authorisation: "refused for its key",
};

interface OrderFact {
  readonly event: string;
  readonly orderId: number;
  readonly tradeId: number;
}

/** Which of the marks a run reached, from its journal and the venue's truth alone. */
export function marksOf(records: readonly ReadRecord[], ledger: TruthLedger): Mark[] {
  const marks = new Set<Mark>();
  fromJournal(records, ledger, marks);
  fromLedger(ledger, marks);
  return MARKS.filter((mark) => marks.has(mark));
}

function fromJournal(records: readonly ReadRecord[], ledger: TruthLedger, marks: Set<Mark>): void {
  const intents = new Map<number, IntentRecord>();
  const reducing = new Set<number>();
  const last = new Map<number, string>();
  const told = new Set<string>();
  const clientIds = new Map(ledger.ordersOf(ACCOUNT).map((order) => [order.clientId, order]));
  const tradeUs = new Map(ledger.tradesOf(ACCOUNT).map((trade) => [`${trade.clientId}/${trade.tradeId}`, trade.timeUs]));
  const epochs = new Set<number>();
  for (const { kind, payload } of records) {
    switch (kind) {
      case "command": {
        const { orderId, flags = 0, triggerUnits = 0 } = payload as { readonly orderId: number; flags?: number; triggerUnits?: number };
        if ((flags & 2) !== 0 && triggerUnits > 0) reducing.add(orderId);
        break;
      }
      case "intent":
        intents.set((payload as IntentRecord).orderId, payload as IntentRecord);
        epochs.add((payload as IntentRecord).epoch);
        break;
      case "leader":
        if ([...last.values()].some((event) => event === "accepted")) marks.add("recovered with orders at work");
        if ([...last.values()].some((event) => event === "unknown")) marks.add("outcome unknown at a restart");
        break;
      case "not-sent": {
        const { cause } = payload as { readonly cause: string };
        marks.add(cause === "expired" ? "intent durable, too late to send" : "intent durable, halted before the send");
        break;
      }
      case "cancel-outcome": {
        const { orderId, outcome } = payload as { readonly orderId: number; readonly outcome: { readonly kind: string } };
        const order = clientIds.get(intents.get(orderId)?.clientId ?? "");
        if (outcome.kind === "not-open" && order?.status === "FILLED") marks.add("cancel refused because filled");
        if (outcome.kind === "canceled" && order !== undefined && order.status !== "CANCELED")
          marks.add("cancel confirmed and the order goes on");
        break;
      }
      case "outcome": {
        const { orderId, outcome } = payload as {
          readonly orderId: number;
          readonly outcome: { readonly kind: string; readonly cause?: string };
        };
        if (outcome.kind !== "refused") break;
        if (reducing.has(orderId)) marks.add("a protective stop refused");
        const mark = REFUSED_FOR[outcome.cause ?? ""];
        if (mark !== undefined) marks.add(mark);
        break;
      }
      case "external":
        marks.add((payload as { readonly tradeId: number }).tradeId < 0 ? "a movement without a trade" : "a trade of somebody else");
        break;
      case "transfer":
        marks.add("a movement without a trade");
        break;
      case "operator":
        if ((payload as { readonly action: string }).action === "enable") marks.add("halted and armed again");
        break;
      case "order":
        fromNews(payload as OrderFact & { readonly timeUs?: number }, { last, told, tradeUs, intents }, marks);
        break;
      default:
    }
  }
  for (const [orderId, { clientId }] of intents)
    if (last.get(orderId) === "rejected" && ledger.requestsOf(ACCOUNT, clientId).length === 0) marks.add("intent durable, never sent");
}

function fromNews(
  fact: OrderFact & { readonly receiveUs?: number },
  known: {
    readonly last: Map<number, string>;
    readonly told: Set<string>;
    readonly tradeUs: ReadonlyMap<string, number>;
    readonly intents: ReadonlyMap<number, IntentRecord>;
  },
  marks: Set<Mark>,
): void {
  const { event, orderId, tradeId } = fact;
  const before = known.last.get(orderId);
  if (before === "unknown" && event === "accepted") marks.add("unknown, then found at work");
  if (before === "unknown" && event === "filled") marks.add("unknown, then found filled");
  if (before === "unknown" && event === "rejected") marks.add("unknown, then proved absent");
  if (event === "filled") {
    const key = `${known.intents.get(orderId)?.clientId ?? ""}/${tradeId}`;
    if (known.told.has(key)) marks.add("the same trade told twice");
    else if ((fact.receiveUs ?? 0) - (known.tradeUs.get(key) ?? Number.POSITIVE_INFINITY) > 60_000_000)
      marks.add("a trade told more than a minute late");
    known.told.add(key);
    if (before === "canceled" || before === "expired") marks.add("fill after a cancel was told");
  }
  known.last.set(orderId, event);
}

function fromLedger(ledger: TruthLedger, marks: Set<Mark>): void {
  if (ledger.records.some(({ kind }) => kind === "bust")) marks.add("a trade taken back");
  for (const trade of ledger.tradesOf(ACCOUNT)) if (trade.feeAsset === "BNB") marks.add("a fee in a third asset");
  for (const order of ledger.ordersOf(ACCOUNT)) {
    if (order.clientId.startsWith("hand-")) continue;
    if (order.status === "EXPIRED" && order.timeInForce === "GTC") marks.add("ended by the venue after a good answer");
    if (order.status === "CANCELED" && order.executed > 0n) marks.add("partly filled, then canceled");
    if (order.type.startsWith("STOP_LOSS") && order.workingUs > order.createdUs) marks.add("a stop triggered");
  }
}
