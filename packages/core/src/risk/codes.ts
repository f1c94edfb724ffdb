import type { CodeEntry, CodeTable } from "../model/failure.ts";
import { type LimitEntry, limitTable, protectionTable, standingTable } from "./limit-table.ts";

/** The code of a refusal: `max-order-notional` is `TP_RISK_MAX_ORDER_NOTIONAL`. */
export function refusalCode(cause: string): string {
  return `TP_RISK_${cause.toUpperCase().replaceAll("-", "_")}`;
}

const refusalCodes = Object.fromEntries(
  [...limitTable, ...protectionTable, ...standingTable].map((entry: LimitEntry): [string, CodeEntry] => [
    refusalCode(entry.cause),
    { meaning: entry.meaning, remedy: remedyOf(entry), exit: 1 },
  ]),
);

function remedyOf(entry: LimitEntry): string {
  if (entry.latches) return "Find the cause of the loss, then re-arm on purpose, or wait where the limit is per day.";
  if (entry.name in { halted: 0, "reduce-only": 0 }) return "Re-arm on purpose, with a reason, once the cause is known.";
  if (entry.name in { tick: 0, price: 0, lot: 0 }) return "Round the order to the grid of the instrument.";
  return `Change the order, or change ${entry.name} and restart.`;
}

/** Every failure that risk can give: senseless limits first, then one code for each refusal. */
export const riskCodes: CodeTable = {
  TP_RISK_LIMIT_UNKNOWN: {
    meaning: "The limits name something that is no limit.",
    remedy: "Use one of the names that the message lists; a misspelt limit would protect nothing.",
    exit: 2,
  },
  TP_RISK_LIMIT_VALUE: {
    meaning:
      "A limit or a protection has a value that cannot be meant: negative, zero, no number, below one lot or one quantum, or beyond its bounds.",
    remedy: "Give a value within the bounds that the message states.",
    exit: 2,
  },
  TP_RISK_LIMIT_INSTRUMENT: {
    meaning: "A limit names an instrument that is not part of the run.",
    remedy: "Name an instrument of the run, or remove the limit.",
    exit: 2,
  },
  TP_RISK_LIMIT_CURRENCY: {
    meaning: "A limit in money was given for instruments that are quoted in different currencies.",
    remedy: "Run instruments of one quote currency, or limit by quantity and by fraction.",
    exit: 2,
  },
  TP_RISK_REARM_REASON: {
    meaning: "Trading was to be re-armed without a reason.",
    remedy: "State why it is safe to trade again; the reason is journaled.",
    exit: 2,
  },
  ...refusalCodes,
};
