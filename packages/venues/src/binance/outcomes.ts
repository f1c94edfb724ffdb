import type { CancelOutcome, OrderRequest, ReadOutcome, SubmitOutcome } from "../port/execution-client.ts";
import type { VenueOrder } from "../port/venue-records.ts";
import type { Answer } from "./answer.ts";
import { parseFillsOfOrder, parseOrder } from "./parse.ts";
import { type Shape, ShapeError, tryRead } from "./schema.ts";

export type Unavailable = ReadOutcome<never> & { kind: "unavailable" };

/** Pause after a read that failed without a word of the venue on when to come back. */
export const RETRY_US = 1_000_000;

/** Nothing was read: it says nothing about what was asked for. */
export function unavailable(why: string, retryAfterUs: number): Unavailable {
  return { kind: "unavailable", why, retryAfterUs };
}

export function unavailableBy(answer: Exclude<Answer, { kind: "answered" }>): Unavailable {
  if (answer.kind === "refused") return unavailable(`${answer.code} ${answer.message}`, RETRY_US);
  return unavailable(answer.why, answer.kind === "not-sent" ? Math.max(RETRY_US, answer.retryAfterUs) : RETRY_US);
}

/** What a cancel has come to; `parse` reads the order of the answer, undefined where there was none. */
export function cancelOutcome(answer: Answer, parse: (shape: Shape) => VenueOrder | undefined): CancelOutcome {
  switch (answer.kind) {
    case "unknown":
      return answer;
    case "not-sent":
      return { kind: "refused", code: "not-sent", message: answer.why, cause: answer.cause };
    case "refused":
      if (answer.code === -2013 || (answer.code === -2011 && answer.message.startsWith("Unknown order sent")))
        return { kind: "not-open", message: answer.message };
      return { kind: "refused", code: String(answer.code), message: answer.message, cause: answer.cause };
    case "answered": {
      const read = tryRead(answer.body, parse);
      if (!read.ok) return { kind: "unknown", why: `the answer cannot be read: ${read.why}` };
      if (read.value === undefined) return { kind: "not-open", message: "no open orders" };
      if (read.value.state !== "canceled") return { kind: "unknown", why: `the answer says that the order is ${read.value.state}` };
      return { kind: "canceled", order: read.value };
    }
  }
}

/** What the one send of an order has come to. An answer that is not about this very order is no answer. */
export function submitOutcome(answer: Answer, order: OrderRequest): SubmitOutcome {
  switch (answer.kind) {
    case "unknown":
      return answer;
    case "refused":
      return { kind: "refused", code: String(answer.code), message: answer.message, cause: answer.cause };
    case "not-sent":
      return { kind: "refused", code: "not-sent", message: answer.why, cause: answer.cause };
    case "answered": {
      const read = tryRead(answer.body, (shape) => {
        const placed = parseOrder(shape);
        if (placed.symbol !== order.symbol || placed.clientId !== order.clientId) throw new ShapeError("$", "is about another order");
        if (placed.side !== order.side) throw new ShapeError("$.side", "is the other side");
        return { order: placed, fills: parseFillsOfOrder(shape, placed) };
      });
      return read.ok ? { kind: "acknowledged", ...read.value } : { kind: "unknown", why: `the answer cannot be read: ${read.why}` };
    }
  }
}
