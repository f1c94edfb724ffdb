import type { CancelOrder, OrderCommand } from "@tradepulse/core";
import type { Mutant } from "../mutant.ts";

/** Bugs of journal, leadership and recovery. */
export const PROCESS_BUGS: readonly Mutant[] = [
  {
    id: "send-before-durable",
    about: "the order leaves while its intent is on its way to the disk",
    seen: "freqtrade#7882",
    journal: (journal) => Object.assign(Object.create(journal) as typeof journal, { durable: () => Promise.resolve() }),
  },
  {
    id: "sync-skipped",
    about: "a write counts as durable without a sync",
    seen: "nats-server#7564",
    files: { sync: "skipped" },
  },
  {
    id: "sync-failure-swallowed",
    about: "a sync that failed is tried no more and believed",
    seen: "fsyncgate",
    files: { sync: "swallowed" },
  },
  {
    id: "lock-ignored",
    about: "starts beside a process that trades already",
    seen: "kubernetes#44887",
    files: { lock: "ignored" },
  },
  {
    id: "epoch-stands",
    about: "a restart keeps the epoch of the process before",
    seen: "fabric8 kubernetes-client#7249",
    epoch: "never-grows",
  },
  {
    id: "recovery-resends",
    about: "a restart sends again what may have been sent",
    seen: "freqtrade#10403",
    plan: (plan, records) => {
      const submits = records.flatMap(({ kind, payload }) => {
        const command = payload as OrderCommand;
        return kind === "command" && command.kind === "submit" && plan.unknown.includes(command.orderId) ? [command] : [];
      });
      // Nobody would look at what kind they are.
      return { ...plan, cancels: [...plan.cancels, ...submits] as unknown as readonly CancelOrder[] };
    },
  },
  {
    id: "recovery-forgets-orders",
    about: "a restart knows no orders that work",
    seen: "nautilus_trader#5000",
    plan: (plan) => ({ ...plan, orders: [] }),
  },
  {
    id: "recovery-forgets-unknown",
    about: "a restart knows nothing of what was in the air",
    seen: "Krypto-trading-bot#699",
    plan: (plan) => ({ ...plan, unknown: [], orders: plan.orders.filter(({ orderId }) => !plan.unknown.includes(orderId)) }),
  },
  {
    id: "recovery-rejects-unknown",
    about: "what was in the air at the end counts as never sent",
    seen: "hummingbot PR#6107",
    plan: (plan) => ({ ...plan, unknown: [], neverSent: [...plan.neverSent, ...plan.unknown] }),
  },
];
