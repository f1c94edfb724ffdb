import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { orderNews } from "../news/order-news.ts";
import { NEVER_SENT, type RecoveryPlan } from "../recovery/recover.ts";
import type { Reconciler } from "../truth/reconciler.ts";
import type { UnknownResolver } from "../truth/unknown-resolver.ts";
import type { BarAssembler } from "./bar-assembler.ts";
import type { OrderRegister } from "./order-register.ts";
import type { Sequencer } from "./sequencer.ts";
import type { SessionJournal } from "./session-journal.ts";

/** The parts of a session that has not started yet, which a recovery sets where its predecessor's stood. */
export interface TakeOverParts {
  readonly journal: SessionJournal;
  readonly register: OrderRegister;
  readonly reconciler: Reconciler;
  readonly assembler: BarAssembler;
  readonly sequencer: Sequencer;
  readonly resolver: UnknownResolver;
  readonly dispatcher: Dispatcher;
}

/** Takes over where a journal ended: what was never sent is ended, what may have been sent is read, cancels that were not proved are asked for again. */
export function takeOver(plan: RecoveryPlan, parts: TakeOverParts): void {
  const { journal, register, reconciler, assembler, sequencer, resolver, dispatcher } = parts;
  // Before any further fact: a replay looks for the commands of a fact right behind it.
  for (const { command, factSeq } of plan.replay.unrecorded) journal.note("command", { ...command, factSeq });
  // What was read up to there was told of every order; what is missing of one comes after it.
  for (const order of plan.orders) register.add({ ...order, readFrom: (plan.readUpTo[order.instrumentIndex] ?? -1) + 1 });
  plan.readUpTo.forEach((tradeId, index) => {
    reconciler.readUpTo[index] = tradeId;
  });
  if (plan.bars !== undefined) assembler.resume(plan.bars.carry());
  else
    plan.lastCloseUs.forEach((closeUs, seriesIndex) => {
      assembler.resumeAfter(seriesIndex, closeUs);
    });
  sequencer.lastUs = plan.replay.lastUs;
  sequencer.lastSeq = plan.replay.lastSeq;
  for (const orderId of plan.neverSent) sequencer.push({ kind: "order", ...orderNews("rejected", orderId, { cause: NEVER_SENT }) });
  for (const orderId of plan.unknown) {
    sequencer.push({ kind: "order", ...orderNews("unknown", orderId) });
    resolver.track(orderId, "the process ended before the outcome was known");
  }
  // Each may have been sent, so it is asked for again in any case; an exit that it made way for is judged when it is sent itself.
  for (const { makesWayFor: _, ...command } of plan.cancels) dispatcher.enqueue(command, 0);
}
