import type { Env } from "@tradepulse/platform";
import type { ReconciliationReport } from "../truth/reconciler.ts";

export interface LoopParts {
  readonly env: Pick<Env, "monoUs" | "sleep">;
  read(): Promise<ReconciliationReport>;
  /** Pause after a reading that could not be completed. */
  readonly pauseUs: number;
  /** A reading that began at this monotonic instant has been completed. */
  onComplete(report: ReconciliationReport, startedMonoUs: number): void;
  onAlarm(text: string): void;
}

/** Reads the venue's truth whenever somebody wishes it, one reading at a time, and again until one has been completed. */
export class ReconciliationLoop {
  lastReport: ReconciliationReport | undefined;
  private readonly parts: LoopParts;
  private isWanted = false;
  private isReading = false;
  private isStopped = false;

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
        if (report.isComplete) {
          this.parts.onComplete(report, startedUs);
          continue;
        }
        this.parts.onAlarm(`reconciliation could not be completed: ${report.why}`);
        await this.parts.env.sleep(this.parts.pauseUs);
        this.isWanted = true;
      }
    } finally {
      // In the same turn as the last look at what is wanted, so that no wish falls in between.
      this.isReading = false;
    }
  }
}
