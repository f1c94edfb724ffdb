import { type CancelOrder, type CauseName, causeCode, type OrderCommand, type SubmitOrder } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { ExecutionClient, SubmitOutcome } from "@tradepulse/venues";
import { type OrderNews, orderNews } from "../news/order-news.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import type { OrderRegister } from "../session/order-register.ts";
import type { CancelPursuit } from "./cancel-pursuit.ts";
import { clientIdOf } from "./client-id.ts";
import { orderRequestOf } from "./order-request.ts";

/** The matching engine's own refusal: the market had moved, a post-only order would have traded. */
const ENGINE_SAYS_NO = "-2010";

/** What the dispatcher needs of the journal. */
export interface IntentJournal {
  append(kind: string, payload: object): number;
  /** Resolves when the record and all before it are on the disk; rejects when that can no longer be had. */
  durable(seq: number): Promise<void>;
}

/** What the dispatcher tells, and whom it asks. */
export interface DispatcherParts {
  readonly env: Env;
  readonly journal: IntentJournal;
  readonly client: ExecutionClient;
  readonly register: OrderRegister;
  readonly instruments: readonly LiveInstrument[];
  readonly epoch: number;
  /** From the intent to the last instant at which the venue may let the order in. */
  readonly orderLifeUs: number;
  /** Lowest id that a trade from now on can have, as far as the trades of an instrument have been read. */
  readonly readFrom?: (instrumentIndex: number) => number;
  /** Where two orders of ours would trade with each other, the venue ends one of them. */
  readonly preventsSelfTrade?: boolean;
  /** Wall time of the venue, read where it is not known: orders state by it when they expire. */
  venueUs(): number | Promise<number>;
  /** Waited for before permission is asked: see `SendPermit.settled`. */
  settled?: (() => Promise<void>) | undefined;
  /** Why nothing may be sent now, asked right before the bytes leave; `undefined` when it may. Cancels are always allowed. */
  mayNotSend(command: SubmitOrder): CauseName | undefined;
  /** Why an exit that waits for a stop to make way could not be sent now. */
  mayNotExit(orderId: number): CauseName | undefined;
  readonly tell: (news: OrderNews) => void;
  /** The outcome of a send is not known: somebody must find out. */
  onUnknown(orderId: number, why: string): void;
  /** The venue's word on an order is missing or is no proof: it must be read. */
  onDoubt(orderId: number): void;
  readonly pursuit: Pick<CancelPursuit, "begin">;
  /** The venue answered a send with the order and its first fills. */
  onAcknowledged(orderId: number, outcome: Extract<SubmitOutcome, { kind: "acknowledged" }>): void;
  onAlarm(text: string): void;
}

/**
 * Carries commands out, each exactly once: intent durable, one send, and what came of it told as news. No order is ever sent twice; a send whose
 * outcome is not known is handed on and never judged by time. Commands of one order follow each other, those of different orders do not wait.
 */
export class Dispatcher {
  private readonly parts: DispatcherParts;
  private readonly chains = new Map<number, Promise<void>>();
  inFlight = 0;

  constructor(parts: DispatcherParts) {
    this.parts = parts;
  }

  /** `recordSeq`: the command's record in the journal. */
  enqueue(command: OrderCommand, recordSeq: number): void {
    const before = this.chains.get(command.orderId) ?? Promise.resolve();
    this.inFlight += 1;
    const after = before
      .then(() => this.carryOut(command, recordSeq))
      .catch((error: unknown) => this.parts.onAlarm(`command ${command.seq} of order ${command.orderId} failed: ${String(error)}`))
      .finally(() => {
        this.inFlight -= 1;
        if (this.chains.get(command.orderId) === after) this.chains.delete(command.orderId);
      });
    this.chains.set(command.orderId, after);
  }

  /** Resolves when every command so far has been carried out. */
  async drained(): Promise<void> {
    while (this.chains.size > 0) await Promise.all(this.chains.values());
  }

  private carryOut(command: OrderCommand, recordSeq: number): Promise<void> {
    if (command.kind === "submit") return this.submit(command);
    if (command.kind === "cancel") return this.cancel(command, recordSeq);
    // Spot venues change an order only by canceling it; the strategy is told and may do that itself.
    this.parts.tell(orderNews("amend-failed", command.orderId));
    return Promise.resolve();
  }

  private async submit(command: SubmitOrder): Promise<void> {
    const { env, journal, client, register, epoch, tell } = this.parts;
    const { orderId, instrumentIndex } = command;
    const { instrument, symbol } = this.parts.instruments[instrumentIndex]!;
    if (this.parts.settled !== undefined) await this.parts.settled();
    const early = this.parts.mayNotSend(command);
    if (early !== undefined) return tell(orderNews("rejected", orderId, { cause: causeCode(early) }));
    const clientId = clientIdOf(epoch, orderId);
    // What expires sooner than that must not enter later either.
    const leftUs = command.expireUs === undefined ? Number.POSITIVE_INFINITY : command.expireUs - (await this.parts.venueUs());
    const lifeUs = Math.min(this.parts.orderLifeUs, leftUs);
    if (lifeUs <= 0) return tell(orderNews("rejected", orderId, { cause: causeCode("expired") }));
    const deadlineUs = env.wallUs() + lifeUs;
    const request = orderRequestOf(command, instrument, symbol, clientId, deadlineUs, this.parts.preventsSelfTrade);
    if (request === undefined) return tell(orderNews("rejected", orderId, { cause: causeCode("venue") }));
    const readFrom = this.parts.readFrom?.(instrumentIndex) ?? 0;
    const registered = {
      orderId,
      instrumentIndex,
      symbol,
      clientId,
      deadlineUs,
      readFrom,
      wasSent: false,
      venueOrderId: "",
      hasEnded: false,
    };
    register.add(registered);
    const startedUs = env.monoUs();
    const intentSeq = journal.append("intent", { orderId, instrumentIndex, epoch, clientId, deadlineUs, commandSeq: command.seq, request });
    const isDurable = await this.isDurableWithin(intentSeq, lifeUs);
    if (isDurable && this.parts.settled !== undefined) await this.parts.settled();
    // Between the intent and here anything may have happened: a kill, a new leader, a stall past the deadline.
    const permit: { refusal: CauseName | undefined } = { refusal: undefined };
    const mayLeave = (): boolean => {
      permit.refusal = env.monoUs() - startedUs >= lifeUs ? "expired" : this.parts.mayNotSend(command);
      return permit.refusal === undefined;
    };
    registered.wasSent = mayLeave();
    if (!isDurable)
      this.parts.onAlarm(
        `order ${orderId} was not sent: the journal did not have its intent on the disk within ${Math.round(lifeUs / 1_000)} ms`,
      );
    const outcome = registered.wasSent ? await client.submit(request, mayLeave) : undefined;
    if (outcome === undefined || permit.refusal !== undefined) {
      registered.wasSent = false;
      journal.append("not-sent", { orderId, cause: permit.refusal });
      return tell(orderNews("rejected", orderId, { cause: causeCode(permit.refusal ?? "trading-halted") }));
    }
    journal.append("outcome", { orderId, outcome });
    this.conclude(orderId, outcome);
  }

  /** False when the deadline of the order passes first: what waits longer for a full or dead disk will not be sent, and must not hang between. */
  private isDurableWithin(seq: number, lifeUs: number): Promise<boolean> {
    const { env, journal } = this.parts;
    return new Promise((resolve, reject) => {
      const timer = env.timer(lifeUs, () => resolve(false));
      journal.durable(seq).then(
        () => {
          timer.cancel();
          resolve(true);
        },
        (error: unknown) => {
          timer.cancel();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  private conclude(orderId: number, outcome: SubmitOutcome): void {
    const { register, tell } = this.parts;
    switch (outcome.kind) {
      case "acknowledged":
        register.place(register.find(orderId)!, outcome.order.venueOrderId);
        this.parts.onAcknowledged(orderId, outcome);
        return;
      case "refused":
        tell(orderNews("rejected", orderId, { cause: causeCode(outcome.cause === "has-passed" ? "has-passed" : "venue") }));
        // A strategy may wish for more than there is, or at a bad hour; every other refusal says that we took the venue for something else.
        if (outcome.cause !== "funds" && outcome.cause !== "market-closed" && outcome.code !== ENGINE_SAYS_NO)
          this.parts.onAlarm(`order ${orderId} was refused by the venue: ${outcome.code} ${outcome.message}`);
        return;
      case "unknown":
        // The private stream was faster than the answer that was lost: there is such an order, and reading it tells the rest.
        if (register.find(orderId)!.venueOrderId !== "") {
          this.parts.onDoubt(orderId);
          return;
        }
        tell(orderNews("unknown", orderId));
        this.parts.onUnknown(orderId, outcome.why);
        return;
    }
  }

  private async cancel({ orderId, makesWayFor }: CancelOrder, recordSeq: number): Promise<void> {
    const { register, tell, pursuit } = this.parts;
    // Never sent: there is nothing to cancel at the venue, and the refusal of its send has been told.
    if (register.find(orderId)?.wasSent !== true) return tell(orderNews("cancel-failed", orderId));
    const refusal = makesWayFor === undefined ? undefined : await this.mayNotMakeWay(orderId, makesWayFor, recordSeq);
    if (refusal !== undefined) return tell(orderNews("cancel-failed", orderId, { cause: causeCode(refusal) }));
    await pursuit.begin(orderId);
  }

  /**
   * Every other cancel is always allowed. This one leaves a position bare until its exit is sent, which takes a permission and an intent on the disk: without
   * them the stop stays.
   */
  private async mayNotMakeWay(stopId: number, exitId: number, recordSeq: number): Promise<CauseName | undefined> {
    const { orderLifeUs } = this.parts;
    if (!(await this.isDurableWithin(recordSeq, orderLifeUs))) {
      this.parts.onAlarm(
        `stop ${stopId} stays and order ${exitId} is not sent: the journal did not have its record on the disk within ${orderLifeUs / 1_000} ms`,
      );
      return "expired";
    }
    if (this.parts.settled !== undefined) await this.parts.settled();
    return this.parts.mayNotExit(exitId);
  }
}
