import type { TimeUs } from "./time.ts";

/** What happened. Each kind is written the same way by every driver and in every mode. */
export const EventKind = {
  submitted: 1,
  accepted: 2,
  rejected: 3,
  triggered: 4,
  filled: 5,
  canceled: 6,
  expired: 7,
  amended: 8,
  refused: 9,
  cancelRefused: 10,
  amendRefused: 11,
  shrunk: 12,
  tradingState: 13,
  liquidation: 14,
  ledger: 15,
  external: 16,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

export const EVENT_KIND_NAMES: readonly string[] = [
  "",
  "submitted",
  "accepted",
  "rejected",
  "triggered",
  "filled",
  "canceled",
  "expired",
  "amended",
  "refused",
  "cancel-refused",
  "amend-refused",
  "shrunk",
  "trading-state",
  "liquidation",
  "ledger",
  "external",
];

/**
 * Words of one event: eight common ones, then eight whose meaning depends on the kind.
 *
 * | kind | f0 | f1 | f2 | f3 | f4 | f5 | f6 | f7 |
 * | --- | --- | --- | --- | --- | --- | --- | --- | --- |
 * | submitted | type, time in force, flags, role packed | signed lots | limit | trigger | parent | group | expiry | trail |
 * | filled | trade id | signed lots | notional | fee | slippage | liquidity and cause packed | position after | reference price |
 * | triggered | price | | | | | | | |
 * | canceled, expired, rejected | cause | lots left | | | | | | |
 * | amended | lots | limit | trigger | | | | | |
 * | refused, cancel-refused, amend-refused | cause | present value | limit | signed lots | | | | |
 * | shrunk | lots wanted | lots done | | | | | | |
 * | trading-state | state | cause | | | | | | |
 * | liquidation | price | lots held | | | | | | |
 * | ledger | account | quanta | cause | | | | | |
 * | external | trade id | signed lots | notional | fee | | | position after | |
 */
export const EVENT_WORDS = 16;

/** Positions of the words. */
export const EventWord = {
  kind: 0,
  timeUs: 1,
  receiveUs: 2,
  orderId: 3,
  instrumentIndex: 4,
  accountId: 5,
  strategyId: 6,
  source: 7,
  f0: 8,
  f1: 9,
  f2: 10,
  f3: 11,
  f4: 12,
  f5: 13,
  f6: 14,
  f7: 15,
} as const;

/** One event, decoded for reading. `fields` are f0 to f7. */
export interface EventRecord {
  readonly seq: number;
  readonly kind: EventKind;
  readonly timeUs: TimeUs;
  readonly receiveUs: TimeUs;
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly accountId: number;
  readonly strategyId: number;
  readonly source: number;
  readonly fields: readonly number[];
}

/** Why an order was refused, rejected, canceled or expired. The number is stable: it enters the run hash. */
export const CauseTable = [
  ["none", ""],
  ["strategy", "the strategy asked for it"],
  ["oco", "the other leg of its group filled"],
  ["flat", "the position it would reduce is closed"],
  ["expired", "its time in force ended"],
  ["ioc", "immediate-or-cancel: nothing more could fill at once"],
  ["fok", "fill-or-kill: not all of it could fill at once"],
  ["would-take", "post-only: it would have traded at once"],
  ["end-of-data", "the data ended"],
  ["parent", "its entry order ended unfilled"],
  ["liquidation", "the account was liquidated"],
  ["insufficient-funds", "less money than the fill needs"],
  ["zero-quantity", "the size rounds down to zero lots"],
  ["price", "its price is not a positive finite number"],
  ["off-tick", "its price is off the tick"],
  ["wrong-side", "the stop or the target stands on the wrong side of the entry"],
  ["unknown-order", "no working order has that id or tag"],
  ["no-position", "there is no position to close"],
  ["unknown-input", "the strategy has no input of that name"],
  ["size", "its size is not a positive finite number"],
  ["money-limit", "its notional passes the largest exact amount of money"],
  ["trading-halted", "trading is halted"],
  ["reduce-only-state", "trading is reduce-only"],
  ["max-order-notional", "its notional is above the limit"],
  ["max-order-quantity", "its quantity is above the limit"],
  ["max-position", "the position would be above the limit"],
  ["max-gross-exposure", "gross exposure would be above the limit"],
  ["max-net-exposure", "net exposure would be above the limit"],
  ["max-open-orders", "as many orders are working as the limit allows"],
  ["order-rate", "as many orders were sent in the interval as the limit allows"],
  ["price-collar", "its price is further from the last price than the collar allows"],
  ["stale-data", "the last price is older than the limit"],
  ["max-daily-loss", "the loss of the day reached the limit"],
  ["max-drawdown", "the drawdown reached the limit"],
  ["max-consecutive-losses", "as many trades lost in a row as the limit allows"],
  ["min-notional", "its notional is below the smallest the instrument allows"],
  ["self-trade", "it could trade against an order of our own"],
  ["duplicate-order", "the same order is already working"],
  ["protection-cooldown", "a protection waits after an exit"],
  ["protection-stop-guard", "a protection stopped trading after stop losses"],
  ["protection-low-profit", "a protection stopped an instrument with low profit"],
  ["protection-drawdown", "a protection stopped trading after a drawdown"],
  ["intent-limit", "the strategy returned more intents than the limit allows"],
  ["no-short", "a cash account cannot sell what it does not hold"],
  ["reduce-only", "reduce-only: there is no position it would reduce"],
  ["stop-missing", "sizing by risk needs a stop"],
  ["ruined", "equity is zero or below"],
  ["market-closed", "the market of the instrument is shut at the fill"],
  ["replaced", "a new target replaced it"],
  ["in-doubt", "its data or the outcome of another order of its instrument is in doubt"],
  ["absent", "the venue never had it: proved by reading after its deadline"],
  ["venue", "the venue refused it"],
  ["operator", "an operator asked for it"],
  ["has-passed", "the price had passed its trigger when it arrived"],
] as const;

export type CauseName = (typeof CauseTable)[number][0];

const CAUSE_CODES = new Map<string, number>(CauseTable.map(([name], code) => [name, code]));

/** The stable number of a cause. */
export function causeCode(name: CauseName): number {
  return CAUSE_CODES.get(name)!;
}

export function causeName(code: number): CauseName {
  return CauseTable[code]![0];
}

export function causeText(code: number): string {
  return CauseTable[code]![1];
}
