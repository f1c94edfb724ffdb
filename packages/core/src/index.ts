/** The public face of the core: the model by name, then one table of contents a room. */

export * from "./analytics/index.ts";
export * from "./engine/index.ts";
export * from "./indicators/index.ts";
export * from "./market/index.ts";
export { allocateBarColumns, type Bar, type BarColumns, barColumnsOf, sliceBarColumns } from "./model/bar.ts";
export { ColumnPool } from "./model/column-pool.ts";
export type { AmendOrder, CancelOrder, OrderCommand, SubmitOrder } from "./model/command.ts";
export { type Currency, currency, MONEY_LIMIT } from "./model/currency.ts";
export { formatDecimal, parseDecimal, toNumber } from "./model/decimal.ts";
export {
  type CauseName,
  CauseTable,
  causeCode,
  causeName,
  causeText,
  EVENT_KIND_NAMES,
  EventKind,
  type EventRecord,
} from "./model/event.ts";
export type {
  BarFact,
  ExternalFact,
  Fact,
  OperatorFact,
  OrderFact,
  OrderFactEvent,
  StepFact,
  TimerFact,
  TransferFact,
  TrustFact,
} from "./model/fact.ts";
export {
  type CodeEntry,
  type CodeTable,
  type Failure,
  FailureError,
  fail,
  formatFailure,
  InvariantViolation,
  invariant,
  ok,
  type Result,
  unwrap,
} from "./model/failure.ts";
export type { Fill, FillCause, Liquidity } from "./model/fill.ts";
export {
  type CalendarName,
  type Instrument,
  type InstrumentId,
  type InstrumentOptions,
  instrument,
  lotsOf,
  orderPriceUnits,
  type PriceRole,
  priceOf,
  quantityOf,
  unitsOf,
} from "./model/instrument.ts";
export { greatestCommonDivisor, mulDivFloor, mulDivHalfEven, powerOfTen } from "./model/mul-div.ts";
export { orderCodes } from "./model/order-codes.ts";
export { ORDER_TYPE_NAMES, OrderSource, OrderType, TIME_IN_FORCE_NAMES, TimeInForce } from "./model/order-terms.ts";
export { BILLION, type RatePerBillion, rate } from "./model/rate.ts";
export { type Side, sideName } from "./model/side.ts";
export {
  type CivilTime,
  civilFromTimeUs,
  daysFromCivil,
  formatDate,
  formatInterval,
  formatTimeUs,
  parseInterval,
  type TimeUs,
  timeUsFromCivil,
  US_PER_DAY,
  US_PER_HOUR,
  US_PER_MINUTE,
  US_PER_MS,
  US_PER_SECOND,
} from "./model/time.ts";
export * from "./portfolio/index.ts";
export * from "./risk/index.ts";
export * from "./simulator/index.ts";
export * from "./strategy/index.ts";
