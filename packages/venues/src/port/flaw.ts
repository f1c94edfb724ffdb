/**
 * What is wrong with a message of a stream. `unreadable` is no JSON, `strange` is JSON of another shape than documented; `duplicated` and
 * `out-of-order` are well formed and change nothing.
 */
export type MessageFlaw = "unreadable" | "strange" | "unknown-type" | "unknown-symbol" | "duplicated" | "out-of-order" | "oversized";

/** An answer to a request that says nothing, and in which way. */
export interface BadAnswer {
  /** Method and path, without parameters: `GET /api/v3/order`. */
  readonly call: string;
  /** `unreadable` is no JSON, `strange` another shape or about something else than was asked for. */
  readonly flaw: "unreadable" | "strange" | "oversized";
  /** Never quotes the answer. */
  readonly why: string;
}
