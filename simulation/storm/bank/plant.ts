import { causeCode, type Fact } from "@tradepulse/core";
import { type LiveSession, parseClientId } from "@tradepulse/live";
import type { CancelOutcome, ExecutionClient, OrderRequest, ReadOutcome } from "@tradepulse/venues";
import type { TraderNode } from "../../world/trader-node.ts";
import type { Mutant, MutantNode } from "../mutant.ts";

/** A client that does everything as before, but for what is named. */
export function around(client: ExecutionClient, changes: Partial<ExecutionClient>): ExecutionClient {
  return Object.assign(Object.create(client) as ExecutionClient, changes);
}

/** Puts something else in the place of a method that nobody outside may reach. Throws when there is none: a bug that is planted nowhere is never caught. */
export function patch(target: object, name: string, make: (before: (...given: never[]) => unknown) => unknown): void {
  const before: unknown = Reflect.get(target, name);
  if (typeof before !== "function") throw new Error(`there is no method "${name}" to plant a bug in`);
  Reflect.set(target, name, make(before.bind(target) as (...given: never[]) => unknown));
}

export const blank = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false } as const;

export function tell(node: MutantNode, clientId: string, event: "rejected" | "canceled"): void {
  const orderId = parseClientId(clientId)!.orderId;
  node.session!.sequencer.push({ kind: "order", event, orderId, cause: causeCode("absent"), ...blank });
}

export function orNothing<T>(read: ReadOutcome<T>, nothing: T): ReadOutcome<T> {
  return read.kind === "read" ? read : { kind: "read", value: nothing, readUs: 0 };
}

export function changeFacts(change: (fact: Fact, node: TraderNode) => readonly Fact[]): Pick<Mutant, "driver"> {
  return {
    driver: (driver, node) => {
      driver.change = (fact) => change(fact, node);
    },
  };
}

export function onCancel(react: (outcome: CancelOutcome, clientId: string, node: TraderNode) => void): Pick<Mutant, "client"> {
  return {
    client: (client, node) =>
      around(client, {
        cancel: async (symbol, clientId) => {
          const outcome = await client.cancel(symbol, clientId);
          react(outcome, clientId, node);
          return outcome;
        },
      }),
  };
}

/** A send whose outcome is not known is called refused when the reason matches. */
export function callRefused(why: RegExp): Pick<Mutant, "client"> {
  return {
    client: (client) =>
      around(client, {
        submit: async (order, mayLeave) => {
          const outcome = await client.submit(order, mayLeave);
          if (outcome.kind !== "unknown" || !why.test(outcome.why)) return outcome;
          return { kind: "refused", code: "guess", message: outcome.why, cause: "other" };
        },
      }),
  };
}

/** On an unknown outcome the order is sent again. */
export function sendAgain(next: (order: OrderRequest) => OrderRequest): Pick<Mutant, "client"> {
  return {
    client: (client) =>
      around(client, {
        submit: async (order, mayLeave) => {
          const outcome = await client.submit(order, mayLeave);
          return outcome.kind === "unknown" ? client.submit(next(order)) : outcome;
        },
      }),
  };
}

export function inSession(change: (session: LiveSession, node: MutantNode) => void): Pick<Mutant, "session"> {
  return { session: change };
}
