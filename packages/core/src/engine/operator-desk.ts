import { causeCode } from "../model/event.ts";
import type { OperatorFact } from "../model/fact.ts";
import { OrderRole, OrderSource } from "../model/order-terms.ts";
import type { Engine } from "./engine.ts";

const CAUSE_OPERATOR = causeCode("operator");

/** Carries out a person's word, or a guard's, in every engine that takes facts: one that trades at a venue, and one that fills its own orders. */
export class OperatorDesk {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  apply(fact: OperatorFact): void {
    const { options, outbox, venue } = this.engine;
    switch (fact.action) {
      case "halt":
        options.risk?.restrict?.("halted", fact.reason, fact.timeUs);
        return;
      case "reduce-only":
        options.risk?.restrict?.("reduce-only", fact.reason, fact.timeUs);
        return;
      case "enable":
        options.risk?.rearm?.(fact.reason, fact.timeUs);
        return;
      case "cancel-all":
        for (const order of Array.from(this.engine.orders.orders())) {
          // One of unknown outcome may work at the venue: it is asked for too, until it is known to have ended.
          // What a person sells to get out is no order to take back with the others.
          if (order.mayFill && !(order.source === OrderSource.operator && order.isReduceOnly))
            (outbox ?? venue).cancel(order, CAUSE_OPERATOR, fact.timeUs);
        }
        return;
      case "flatten":
        this.flatten(fact);
        return;
      case "hold":
        this.engine.host.isHeld = true;
        return;
      case "release":
        this.engine.host.isHeld = false;
    }
  }

  private flatten(fact: OperatorFact): void {
    const { account, desk, outbox, venue } = this.engine;
    for (let index = 0; index < account.portfolio.instruments.length; index += 1) {
      if (account.signedLots(index) === 0) continue;
      const order = desk.opener.forced(index, OrderRole.entry, fact.reason, fact.timeUs, OrderSource.operator);
      if (outbox === undefined) venue.submit(order, fact.timeUs, 0, true);
      else outbox.submit(order, fact.timeUs);
    }
  }
}
