import type { ReadRecord } from "@tradepulse/live";
import type { SentOrder } from "./port-client.ts";

/** What the judge is told of a process while it runs. */
export interface NodeWitness {
  onSent(order: SentOrder): void;
  onArrived(clientId: string): void;
  onBlind(isBlind: boolean): void;
  onRead(what: "orders" | "fills" | "balances"): void;
  /** `closeUs`: where the bar says when it closed. */
  onSoundBar(symbol: string, closeUs?: number): void;
  onBoot(process: string, epoch: number, records: readonly ReadRecord[]): void;
  onIntent(): void;
  onDurable(seq: number, payload: object): void;
  onKillPressed(): void;
  onKillLatched(): void;
  onOrderFact(orderId: number): void;
  onAlarm(text: string): void;
}
