import type { Env } from "@tradepulse/platform";
import type { ReconciliationReport } from "../truth/reconciler.ts";

export interface LoopParts {
  readonly env: Pick<Env, "monoUs" | "sleep">;
  read(): Promise<ReconciliationReport>;
  /** Pause after a reading that could not be completed. */
  readonly pauseUs: number;
  /** A reading that began at this monotonic instant has been completed. */
  onComplete(report: ReconciliationReport, startedMonoUs: number): void;
  /** What nobody can vouch for when the venue's orders, or all but those, could not be read: a part of a sentence. */
  unverified(knowsOrders: boolean): string;
  onAlarm(text: string): void;
}

/** How long the venue's truth may not be read until it is told what that means, and how often it is told again. */
const BLIND_US = 60_000_000;
const TELL_AGAIN_US = 120_000_000;

/**
 * Reads the venue's truth whenever somebody wishes it, one reading at a time, and again until one has been completed. That a reading failed is told once;
 * when none can be completed for a minute, a person is told what cannot be verified, and again every other minute until it can.
 */
export class ReconciliationLoop {
  lastReport: ReconciliationReport | undefined;
  private readonly parts: LoopParts;
  private isWanted = false;
  private isReading = false;
  private isStopped = false;
  /** When the first of the readings began that failed one after the other; undefined when the last was completed. */
  private failingSinceUs: number | undefined;
  private tellAtUs = 0;
  /** When the last reading began that told what works at the venue; what failed then was something else. */
  private knewOrdersUs = 0;

  constructor(parts: LoopParts) {
    this.parts = parts;
  }

  /** Reads now, or once more when the reading under way has ended: it may have passed by what happened since. */
  soon(): void {
    this.isWanted = true;
    if (this.isReading || this.isStopped) return;
    this.isReading = true;
    void this.readWhileWanted();
  }

  stop(): void {
    this.isStopped = true;
  }

  private async readWhileWanted(): Promise<void> {
    try {
      while (this.isWanted && !this.isStopped) {
        this.isWanted = false;
        const startedUs = this.parts.env.monoUs();
        const report = await this.parts.read();
        this.lastReport = report;
        if (report.knowsOrders) this.knewOrdersUs = startedUs;
        if (report.isComplete) {
          this.failingSinceUs = undefined;
          this.parts.onComplete(report, startedUs);
          continue;
        }
        this.tellFailure(report.why, startedUs);
        await this.parts.env.sleep(this.parts.pauseUs);
        this.isWanted = true;
      }
    } finally {
      // In the same turn as the last look at what is wanted, so that no wish falls in between.
      this.isReading = false;
    }
  }

  private tellFailure(why: string, startedUs: number): void {
    const nowUs = this.parts.env.monoUs();
    if (this.failingSinceUs === undefined) {
      this.failingSinceUs = startedUs;
      this.tellAtUs = startedUs + BLIND_US;
      this.parts.onAlarm(`reconciliation could not be completed: ${why}`);
    }
    if (nowUs < this.tellAtUs) return;
    this.tellAtUs = nowUs + TELL_AGAIN_US;
    const seconds = Math.round((nowUs - this.failingSinceUs) / 1e6);
    const unverified = this.parts.unverified(nowUs - this.knewOrdersUs < BLIND_US);
    this.parts.onAlarm(`the venue's truth could not be read for ${seconds} s (${why}): ${unverified} cannot be verified`);
  }
}
