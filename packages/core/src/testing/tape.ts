import type { EventList } from "../engine/event-list.ts";
import { causeName, EVENT_KIND_NAMES, EventKind, type EventRecord } from "../model/event.ts";
import { type Instrument, priceOf, quantityOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { ORDER_TYPE_NAMES } from "../model/order-terms.ts";
import { civilFromTimeUs, formatTimeUs, US_PER_DAY } from "../model/time.ts";

/** How much a tape tells. `orders` and `fills` is what a strategy test wants; `all` adds every state change. */
export type TapeDetail = "orders" | "all";

/** A run as lines to read: `00:05  order buy 9: fast average crossed above slow`. */
export function tape(events: EventList, instruments: readonly Instrument[], detail: TapeDetail = "orders"): string {
  const lines: string[] = [];
  for (const record of events.records()) {
    const text = describe(record, instruments, events, detail);
    if (text !== undefined) lines.push(`${clock(record.timeUs)}  ${text}`);
  }
  return lines.length === 0 ? "nothing happened" : lines.join("\n");
}

function describe(record: EventRecord, instruments: readonly Instrument[], events: EventList, detail: TapeDetail): string | undefined {
  const instrument = instruments[record.instrumentIndex]!;
  const [f0, f1, f2, f3] = record.fields as [number, number, number, number];
  const name = instruments.length > 1 ? ` ${instrument.id}` : "";
  const id = detail === "all" ? ` #${record.orderId}` : "";
  switch (record.kind) {
    case EventKind.submitted: {
      const reason = events.reasonOf(record.orderId);
      return `order${id} ${side(f1)} ${size(instrument, f1)}${name}${terms(record, instrument)}${reason === "" ? "" : `: ${reason}`}`;
    }
    case EventKind.filled:
      return `fill ${id} ${side(f1)} ${size(instrument, f1)}${name} @ ${fillPrice(instrument, f2, f1)}`;
    case EventKind.refused:
      return `refused${id} ${f3 === 0 ? "" : `${side(f3)} ${size(instrument, f3)}${name} `}(${causeName(f0)})`;
    case EventKind.cancelRefused:
    case EventKind.amendRefused:
      return `${EVENT_KIND_NAMES[record.kind]} (${causeName(f0)})`;
    case EventKind.canceled:
    case EventKind.expired:
    case EventKind.rejected:
      return `${EVENT_KIND_NAMES[record.kind]}${id} ${side(f1)} ${size(instrument, f1)}${name} (${causeName(f0)})`;
    case EventKind.triggered:
      return detail === "all" ? `triggered${id} at ${priceOf(instrument, f0)}` : undefined;
    case EventKind.amended:
      return `amended${id} to ${size(instrument, f0)}${f1 === 0 ? "" : ` limit ${priceOf(instrument, f1)}`}${f2 === 0 ? "" : ` stop ${priceOf(instrument, f2)}`}`;
    case EventKind.shrunk:
      return `shrunk${id} from ${size(instrument, f0)} to ${size(instrument, f1)}`;
    case EventKind.tradingState:
      return `trading is ${["enabled", "reduce-only", "halted"][f0]} (${causeName(f1)})`;
    case EventKind.liquidation:
      return `liquidation of ${size(instrument, f1)}${name} at ${priceOf(instrument, f0)}`;
    case EventKind.accepted:
      return detail === "all" ? `accepted${id}` : undefined;
    default:
      return EVENT_KIND_NAMES[record.kind];
  }
}

function terms(record: EventRecord, instrument: Instrument): string {
  const [packed, , limit, trigger] = record.fields as [number, number, number, number];
  const type = ORDER_TYPE_NAMES[packed % 8]!;
  const limitText = limit === 0 ? "" : ` limit ${priceOf(instrument, limit)}`;
  const word = type === "limit-if-touched" || type === "market-if-touched" ? "touch" : "stop";
  const triggerText = trigger === 0 ? (type === "trailing-stop" ? " trailing" : "") : ` ${word} ${priceOf(instrument, trigger)}`;
  return triggerText + limitText;
}

function fillPrice(instrument: Instrument, notional: number, lots: number): number {
  const { numerator, denominator } = instrument.notional;
  const price = (notional * denominator) / (Math.abs(lots) * numerator) / powerOfTen(instrument.priceScale);
  return Number(price.toPrecision(12));
}

function size(instrument: Instrument, lots: number): number {
  return quantityOf(instrument, Math.abs(lots));
}

function side(lots: number): string {
  return lots > 0 ? "buy" : "sell";
}

function clock(timeUs: number): string {
  if (timeUs >= US_PER_DAY || timeUs < 0) return formatTimeUs(timeUs);
  const { hour, minute } = civilFromTimeUs(timeUs);
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
