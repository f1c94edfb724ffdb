/** What one line of a verification compared. */
export interface VerifyRow {
  readonly what: "engine version" | "node version" | "code digest" | "data digest" | "run hash";
  /** Which input's data, or empty. */
  readonly about: string;
  readonly recorded: string;
  readonly now: string;
  readonly same: boolean;
}

/** Whether a run repeats from its manifest. */
export interface VerifyReport {
  readonly schema: 1;
  /** Absolute path of the run folder. */
  readonly folder: string;
  /** The run hash is the same. A different engine, node or file that leaves the run unchanged is shown and is no mismatch. */
  readonly ok: boolean;
  readonly rows: readonly VerifyRow[];
}
