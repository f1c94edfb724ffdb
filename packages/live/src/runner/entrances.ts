import { FailureError } from "@tradepulse/core";
import type { InputFlaw } from "@tradepulse/platform";
import type { FeedHandlers, MessageFlaw, UserStreamHandlers, VenueFill, VenueOrder } from "@tradepulse/venues";
import type { IntentJournal } from "../dispatch/dispatcher.ts";
import type { SessionVoice } from "./session-voice.ts";

/** Fills and orders of the private stream that are remembered to tell what comes twice or too late. */
const MOST_REMEMBERED = 4_096;

/** The same handlers of market data, with what cannot be used counted. */
export function countedFeed(handlers: FeedHandlers, voice: SessionVoice): FeedHandlers {
  return {
    ...handlers,
    // What it says enters the journal as the reason of a doubt.
    onDoubt: (why) => handlers.onDoubt(voice.redactor.clean(why)),
    onUnreadable: (why, flaw: MessageFlaw = "unreadable") => {
      voice.bad("market-stream", flaw, why);
      handlers.onUnreadable(why, flaw);
    },
    onFlaw: (flaw) => voice.bad("market-stream", flaw, `a message was dropped as ${flaw}`),
  };
}

export interface CountedUserParts {
  readonly voice: SessionVoice;
  /** Symbols of the session; events about others are the account's, and none of its business. */
  readonly symbols: readonly string[];
  /** Fills so far that the session could make nothing of. */
  readonly refusedFills: () => number;
}

/** The same handlers of the private stream, with what cannot be used counted. Everything that was understood is passed on, repeated or not. */
export function countedUserStream(handlers: UserStreamHandlers, { voice, symbols, refusedFills }: CountedUserParts): UserStreamHandlers {
  const known = new Set(symbols);
  const fills = new Set<string>();
  const orders = new Map<string, number>();
  let refused = refusedFills();
  const watch = (order: VenueOrder, fill: VenueFill | undefined): void => {
    if (!known.has(order.symbol)) voice.bad("private-stream", "unknown-symbol", "an event about a symbol that is not of this session");
    else if (fill !== undefined) {
      const name = `${fill.symbol} ${fill.tradeId} ${fill.venueOrderId}`;
      if (fills.has(name)) voice.bad("private-stream", "duplicated", `trade ${fill.tradeId} was told again`);
      remember(fills, name);
    }
    const name = `${order.symbol} ${order.venueOrderId}`;
    const lastUs = orders.get(name) ?? 0;
    if (order.updatedUs < lastUs) voice.bad("private-stream", "out-of-order", "an event about an order is older than one before it");
    orders.delete(name);
    if (orders.size >= MOST_REMEMBERED) orders.delete(orders.keys().next().value!);
    orders.set(name, Math.max(lastUs, order.updatedUs));
  };
  return {
    ...handlers,
    onOrder: (order, fill) => {
      watch(order, fill);
      handlers.onOrder(order, fill);
      const now = refusedFills();
      if (now > refused) voice.bad("private-stream", "refused", "a fill has figures that are no whole lots");
      refused = now;
    },
    onDoubt: (why) => handlers.onDoubt(voice.redactor.clean(why)),
    onUnreadable: (why, flaw: MessageFlaw = "unreadable") => {
      voice.bad("private-stream", flaw, why);
      handlers.onUnreadable(why, flaw);
    },
    onFlaw: (flaw) => voice.bad("private-stream", flaw, `a message was dropped as ${flaw}`),
  };
}

/** The same outcome with secrets taken out of what the venue said: it enters the journal. */
export function cleanOutcome<T extends object>(outcome: T, { redactor }: SessionVoice): T {
  const said = Object.entries(outcome).filter(([name, value]) => SAID.has(name) && typeof value === "string");
  return said.length === 0
    ? outcome
    : { ...outcome, ...Object.fromEntries(said.map(([name, value]) => [name, redactor.clean(String(value))])) };
}

const SAID: ReadonlySet<string> = new Set(["why", "message"]);

const JOURNAL_FLAWS: Readonly<Record<string, InputFlaw<"journal">>> = {
  TP_JOURNAL_BEHIND: "behind",
  TP_JOURNAL_DISK_FULL: "disk-full",
  TP_JOURNAL_DEAD: "dead",
  TP_JOURNAL_CLOSED: "closed",
};

/** The same journal, with the records that it refused counted. */
export function countedJournal(journal: IntentJournal, voice: SessionVoice): IntentJournal {
  return {
    append: (kind, payload) => {
      try {
        return journal.append(kind, payload);
      } catch (error) {
        const code = error instanceof FailureError ? error.failure.code : "";
        voice.bad("journal", JOURNAL_FLAWS[code] ?? "other", `the journal took no record: ${code}`);
        throw error;
      }
    },
    durable: (seq) => journal.durable(seq),
  };
}

function remember(names: Set<string>, name: string): void {
  if (names.size >= MOST_REMEMBERED) names.delete(names.values().next().value!);
  names.add(name);
}
