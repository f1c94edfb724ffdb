import type { Env } from "@tradepulse/platform";
import type {
  CancelOutcome,
  ExecutionClient,
  OrderRequest,
  RateBudget,
  ReadOutcome,
  SubmitOutcome,
  UserStream,
  UserStreamHandlers,
  VenueBalance,
  VenueFill,
  VenueInstrument,
  VenueOrder,
} from "@tradepulse/venues";
import { type Decimal, decimal } from "../news/decimal-money.ts";
import { type CountedUserParts, cleanOutcome, countedUserStream } from "./entrances.ts";

export interface SessionExecutionParts {
  readonly env: Env;
  readonly client: ExecutionClient;
  /** Before every call: fresh keys when there is a reason. */
  readonly prepare: () => Promise<void>;
  /** Least time between two orders. */
  readonly submissionIntervalUs: number;
  /** What was on the account when the session began and is none of its business, by asset, as exact decimals. */
  readonly unmanaged: Readonly<Record<string, string>>;
  /** Counts what comes through the private stream and cannot be used. Nobody counts where it is absent. */
  readonly counted?: CountedUserParts;
}

/**
 * An account as a session sees it: its own part of the balances, keys fetched before every call, orders no closer together than the configuration
 * allows, and the private stream within reach of the guards.
 */
export class SessionExecution implements ExecutionClient {
  readonly venue: string;
  readonly budget: RateBudget;
  readonly horizonUs: number;
  private readonly parts: SessionExecutionParts;
  private nextSubmitUs = Number.NEGATIVE_INFINITY;
  private stream: UserStream | undefined;

  constructor(parts: SessionExecutionParts) {
    this.parts = parts;
    this.venue = parts.client.venue;
    this.budget = parts.client.budget;
    this.horizonUs = parts.client.horizonUs;
  }

  /** Silence of the private stream; 0 before it is opened. */
  get silentUs(): number {
    return this.stream?.silentUs ?? 0;
  }

  async submit(order: OrderRequest, mayLeave?: () => boolean): Promise<SubmitOutcome> {
    const { env, client, prepare, submissionIntervalUs } = this.parts;
    const nowUs = env.monoUs();
    const atUs = Math.max(nowUs, this.nextSubmitUs);
    this.nextSubmitUs = atUs + submissionIntervalUs;
    if (env.wallUs() + (atUs - nowUs) >= order.deadlineUs) {
      // Not one byte of it has left.
      return { kind: "refused", code: "not-sent", message: "its deadline passes before submission_interval allows it", cause: "other" };
    }
    if (atUs > nowUs) await env.sleep(atUs - nowUs);
    await prepare();
    // A kill may have come while this order waited for its turn or for keys.
    if (mayLeave?.() === false) return { kind: "refused", code: "not-sent", message: "it may not leave any more", cause: "other" };
    return this.clean(await client.submit(order, mayLeave));
  }

  async cancel(symbol: string, clientId: string): Promise<CancelOutcome> {
    await this.parts.prepare();
    return this.clean(await this.parts.client.cancel(symbol, clientId));
  }

  async cancelAll(symbol: string): Promise<CancelOutcome> {
    await this.parts.prepare();
    return this.clean(await this.parts.client.cancelAll(symbol));
  }

  async instruments(): Promise<ReadOutcome<readonly VenueInstrument[]>> {
    return await this.parts.client.instruments();
  }

  async measureClock(): Promise<ReadOutcome<{ readonly offsetUs: number; readonly errorUs: number }>> {
    return this.clean(await this.parts.client.measureClock());
  }

  async openOrders(symbol?: string): Promise<ReadOutcome<readonly VenueOrder[]>> {
    await this.parts.prepare();
    return this.clean(await this.parts.client.openOrders(symbol));
  }

  async orderByClientId(symbol: string, clientId: string): Promise<ReadOutcome<VenueOrder | undefined>> {
    await this.parts.prepare();
    return this.clean(await this.parts.client.orderByClientId(symbol, clientId));
  }

  async fillsFrom(symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>> {
    await this.parts.prepare();
    return this.clean(await this.parts.client.fillsFrom(symbol, fromTradeId));
  }

  async balances(): Promise<ReadOutcome<readonly VenueBalance[]>> {
    await this.parts.prepare();
    const read = await this.parts.client.balances();
    if (read.kind === "unavailable") return this.clean(read);
    return {
      ...read,
      value: read.value.map((balance) => ({ ...balance, free: less(balance.free, this.parts.unmanaged[balance.asset] ?? "0") })),
    };
  }

  private clean<T extends object>(outcome: T): T {
    const { counted } = this.parts;
    return counted === undefined ? outcome : cleanOutcome(outcome, counted.voice);
  }

  openUserStream(handlers: UserStreamHandlers): UserStream {
    const { client, counted } = this.parts;
    this.stream = client.openUserStream(counted === undefined ? handlers : countedUserStream(handlers, counted));
    return this.stream;
  }
}

/** `a - b` of two decimal texts, exact; a text that is no decimal stays as it is. */
export function less(a: string, b: string): string {
  const left = decimal(a);
  const right = decimal(b);
  if (left === undefined || right === undefined) return a;
  const scale = Math.max(left.scale, right.scale);
  return textOf(digitsAt(left, scale) - digitsAt(right, scale), scale);
}

function digitsAt({ digits, scale }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - scale);
}

function textOf(digits: bigint, scale: number): string {
  const negative = digits < 0n;
  const text = String(negative ? -digits : digits).padStart(scale + 1, "0");
  const fraction = text.slice(text.length - scale);
  return `${negative ? "-" : ""}${text.slice(0, text.length - scale)}${scale === 0 ? "" : `.${fraction}`}`;
}
