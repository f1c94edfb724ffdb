import type { IntentJournal } from "../dispatch/dispatcher.ts";
import type { FactJournal } from "./sequencer.ts";

/**
 * The journal as a session uses it: once it has refused a record it takes no other. A queue that is full for an instant would otherwise leave out
 * one record and keep the next, and what is missing in the middle is a session that never was.
 */
export class SessionJournal implements FactJournal, IntentJournal {
  private readonly journal: FactJournal & IntentJournal;
  private readonly onLost: ((error: unknown) => void) | undefined;
  private loss: { readonly error: unknown } | undefined;

  /** `onLost` is told once; without it the failure is only thrown. */
  constructor(journal: FactJournal & IntentJournal, onLost: ((error: unknown) => void) | undefined) {
    this.journal = journal;
    this.onLost = onLost;
  }

  get isLost(): boolean {
    return this.loss !== undefined;
  }

  /** Throws what the journal has thrown, from its first refusal on. */
  append(kind: string, payload: object): number {
    this.refuseWhenLost();
    try {
      return this.journal.append(kind, payload);
    } catch (error) {
      this.loss = { error };
      this.onLost?.(error);
      throw error;
    }
  }

  /** Records what is no fact and gives the number of its record; undefined when the journal takes no more: then it must not happen either. */
  note(kind: string, payload: object): number | undefined {
    try {
      return this.append(kind, payload);
    } catch (error) {
      if (this.onLost === undefined) throw error;
      return undefined;
    }
  }

  async durable(seq: number): Promise<void> {
    this.refuseWhenLost();
    await this.journal.durable(seq);
    // What comes after it cannot be recorded any more.
    this.refuseWhenLost();
  }

  private refuseWhenLost(): void {
    if (this.loss !== undefined) throw this.loss.error;
  }
}
