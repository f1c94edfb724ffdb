import { type Instrument, quantityOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { sideName } from "../model/side.ts";
import type { FillView } from "../strategy/strategy-view.ts";
import type { FillNotice } from "./fill-desk.ts";

/** A fill as its strategy is told of it: decimal views of exact counts. */
export function fillView(notice: FillNotice, instrument: Instrument, tag: string, input: string): FillView {
  const { numerator, denominator } = instrument.notional;
  const units = (notice.notional * denominator) / (notice.lots * numerator);
  return {
    orderId: notice.orderId,
    tag,
    input,
    side: sideName(notice.side),
    quantity: quantityOf(instrument, notice.lots),
    price: units / powerOfTen(instrument.priceScale),
    fee: notice.fee / powerOfTen(instrument.quote.scale),
    timeUs: notice.timeUs,
    isEntry: notice.isEntry,
    isComplete: notice.isComplete,
  };
}
