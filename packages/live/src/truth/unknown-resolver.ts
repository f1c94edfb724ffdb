import { causeCode } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { ExecutionClient, VenueFill, VenueOrder } from "@tradepulse/venues";
import { type OrderNews, orderNews } from "../news/order-news.ts";
import type { OrderRegister, RegisteredOrder } from "../session/order-register.ts";

/** Reads that must say "no such order" after the horizon before absence is believed. */
const ABSENT_READS = 2;

export interface ResolverParts {
  readonly env: Env;
  readonly client: ExecutionClient;
  readonly register: OrderRegister;
  /** First pause between reads, and the longest. */
  readonly pauseUs: number;
  readonly maxPauseUs: number;
  /** From a send to the last instant at which the venue may let the order in, on its own clock. */
  readonly orderLifeUs: number;
  /** Added to deadline and horizon: how far a venue's read replicas may lag behind. */
  readonly readLagUs: number;
  /** True when the private stream vouches for everything since this monotonic instant, or a backfill has covered it. */
  wasCovered(sinceMonoUs: number): boolean;
  /** Applies what was found: fills first. */
  adopt(order: VenueOrder, fills: readonly VenueFill[]): void;
  tell(news: OrderNews): void;
  /** An order is unknown for longer than this: a person must look. Told once an order. */
  readonly pageAfterUs: number;
  page(text: string): void;
}

/**
 * Finds out what became of a send whose outcome is not known. Only evidence ends it: the order is found, or it is proved absent - its deadline, the
 * venue's horizon and the lag of its reads have passed, and after that the venue said at least twice that it has no such order, open orders and
 * trades agree, and the private stream was whole. A read that failed says nothing, however often; no count and no clock turns it into a refusal.
 */
export class UnknownResolver {
  private readonly parts: ResolverParts;
  private readonly open = new Map<number, string>();
  private isStopped = false;

  constructor(parts: ResolverParts) {
    this.parts = parts;
  }

  /** Orders whose outcome is not known. */
  get count(): number {
    return this.open.size;
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Starts to find out; a second call for the same order changes nothing. */
  track(orderId: number, why: string): void {
    if (this.open.has(orderId)) return;
    this.open.set(orderId, why);
    void this.resolve(orderId).finally(() => this.open.delete(orderId));
  }

  private async resolve(orderId: number): Promise<void> {
    const { env, register, pauseUs, maxPauseUs } = this.parts;
    const order = register.find(orderId);
    if (order === undefined) return;
    const startedUs = env.monoUs();
    const random = env.random("resolver");
    // On the monotonic clock, from here on: the send lies before, and a wall clock that was set would move the deadline with it.
    const horizonUs = startedUs + this.parts.orderLifeUs + this.parts.client.horizonUs + this.parts.readLagUs;
    let pause = pauseUs;
    let absentReads = 0;
    let isPaged = false;
    for (;;) {
      await env.sleep(Math.round(pause * (0.75 + 0.5 * random.next())));
      if (this.isStopped) return;
      const finding = await this.look(order);
      if (finding === "found") return;
      // Before the horizon a "no" proves nothing: the order may still be on its way.
      const isPastHorizon = env.monoUs() > horizonUs;
      absentReads = finding === "absent" && isPastHorizon ? absentReads + 1 : finding === "absent" ? 0 : absentReads;
      if (absentReads >= ABSENT_READS && this.parts.wasCovered(startedUs) && (await this.leftNoTrace(order))) {
        this.parts.tell(orderNews("rejected", orderId, { cause: causeCode("absent") }));
        return;
      }
      if (!isPaged && env.monoUs() - startedUs > this.parts.pageAfterUs) {
        isPaged = true;
        this.parts.page(
          `order ${order.clientId} on ${order.symbol} has an unknown outcome since ${Math.round((env.monoUs() - startedUs) / 1e6)} s`,
        );
      }
      pause = Math.min(maxPauseUs, pause * 2);
    }
  }

  private async look(order: RegisteredOrder): Promise<"found" | "absent" | "unavailable"> {
    const { client } = this.parts;
    const read = await client.orderByClientId(order.symbol, order.clientId);
    if (read.kind === "unavailable") {
      await this.pauseFor(read.retryAfterUs);
      return "unavailable";
    }
    if (read.value === undefined) return "absent";
    const fills = await client.fillsFrom(order.symbol, order.readFrom ?? 0);
    if (fills.kind === "unavailable") return "unavailable";
    const own = fills.value.filter((fill) => fill.venueOrderId === read.value!.venueOrderId);
    this.parts.adopt(read.value, own);
    return "found";
  }

  /** The second and third witness: neither the open orders nor the trades know its name. */
  private async leftNoTrace(order: RegisteredOrder): Promise<boolean> {
    const open = await this.parts.client.openOrders(order.symbol);
    if (open.kind === "unavailable" || open.value.some((each) => each.clientId === order.clientId)) return false;
    const fills = await this.parts.client.fillsFrom(order.symbol, order.readFrom ?? 0);
    return fills.kind === "read" && !fills.value.some((each) => each.clientId === order.clientId);
  }

  private async pauseFor(us: number): Promise<void> {
    if (us > 0) await this.parts.env.sleep(us);
  }
}
