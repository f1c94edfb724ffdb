import { NumberRows } from "../model/number-rows.ts";
import { Order } from "./order.ts";
import type { OrderLedger } from "./order-ledger.ts";

/** Fields that only the simulated venue writes, links of the ledger, and what is computed from other fields. */
type NotCarried =
  | "touchUnits"
  | "touchFromBelow"
  | "heapIndex"
  | "resting"
  | "queued"
  | "offered"
  | "touchedAtSubmit"
  | "previous"
  | "next"
  | "sameSlot"
  | "leftLots"
  | "isReduceOnly"
  | "isPostOnly"
  | "mayFill"
  | "isWorking"
  | "reset";

type CarriedField = Exclude<keyof Order, NotCarried>;

/** Of an order that has ended: what a late word of the venue may still change, or be compared with. */
const ENDED_FIELDS = [
  "id",
  "instrumentIndex",
  "accountId",
  "strategyId",
  "source",
  "side",
  "type",
  "flags",
  "role",
  "lots",
  "filledLots",
  "filledNotional",
  "feePaid",
  "state",
  // The legs that a late fill still opens.
  "trailDistance",
  "trailIsRatio",
  "trailActivation",
  "trailDistanceAfter",
  "trailHolds",
  "stopForm",
  "stopValue",
  "targetForm",
  "targetValue",
] as const satisfies readonly CarriedField[];

/** Everything about an order that may still fill. */
const OPEN_FIELDS = [
  ...ENDED_FIELDS,
  "timeInForce",
  "feeOwed",
  "limitUnits",
  "triggerUnits",
  "triggered",
  "pendingCancel",
  "pendingAmend",
  "expireUs",
  "submittedUs",
  "parentId",
  "groupId",
  "siblingId",
  "reserved",
  "highWaterUnits",
  "trailActive",
  "trailEntryUnits",
  "stopChildId",
  "targetChildId",
  "budget",
  "fractionAtFill",
] as const satisfies readonly CarriedField[];

type Missing = Exclude<CarriedField, (typeof OPEN_FIELDS)[number]>;
/** A field that is added to an order must be named above, or among those that are not carried. */
const EVERY_FIELD: [Missing] extends [never] ? true : Missing = true;

/** The orders of a live engine, as rows of numbers one after the other. A truth value is 0 or 1. */
export interface CarriedOrders {
  readonly lastId: number;
  readonly open: Float64Array;
  /** In the order of their ends. */
  readonly ended: Float64Array;
}

/** Carries the orders of one ledger, again and again: what has ended is written down once. */
export class OrderCarrier {
  private readonly ledger: OrderLedger;
  private readonly ended = new NumberRows();

  constructor(ledger: OrderLedger) {
    this.ledger = ledger;
  }

  /** With borrowed rows of ended orders, which are good until the next call. */
  carry(isBorrowed: boolean): CarriedOrders {
    const { ledger, ended } = this;
    const { finished, late } = ledger.takeFinished();
    for (const order of finished) for (const name of ENDED_FIELDS) ended.push(Number(order[name]));
    for (const order of late) this.write(order);
    const open: number[] = [];
    for (let order = ledger.first; order !== undefined; order = order.next) for (const name of OPEN_FIELDS) open.push(Number(order[name]));
    return { lastId: ledger.lastId, open: Float64Array.from(open), ended: isBorrowed ? ended.view : ended.view.slice() };
  }

  /** Takes the orders over into a ledger that has opened none. */
  resume(carried: CarriedOrders): void {
    const rows = [...rowsOf(carried.ended, ENDED_FIELDS), ...rowsOf(carried.open, OPEN_FIELDS)].sort((a, b) => a.id - b.id);
    for (const row of rows) this.ledger.adopt(row.id, (order) => row.write(order));
    this.ledger.resumeAfter(carried.lastId);
    this.ended.append(carried.ended);
  }

  /** Late fills are rare, and soon: the row is looked for from the end. */
  private write(order: Order): void {
    const { view } = this.ended;
    let at = view.length - ENDED_FIELDS.length;
    while (view[at] !== order.id) at -= ENDED_FIELDS.length;
    view.set(
      ENDED_FIELDS.map((name) => Number(order[name])),
      at,
    );
  }
}

interface Row {
  readonly id: number;
  write(order: Order): void;
}

function* rowsOf(values: Float64Array, fields: readonly CarriedField[]): Generator<Row, void, undefined> {
  for (let at = 0; at < values.length; at += fields.length) {
    yield {
      id: values[at]!,
      write: (order) => {
        const target = order as unknown as Record<string, number | boolean>;
        for (const [k, name] of fields.entries()) target[name] = BOOLEANS.has(name) ? values[at + k] === 1 : values[at + k]!;
      },
    };
  }
}

const BLANK = new Order();
const BOOLEANS: ReadonlySet<string> = new Set(EVERY_FIELD ? OPEN_FIELDS.filter((name) => typeof BLANK[name] === "boolean") : []);
