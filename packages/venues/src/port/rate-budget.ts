/** What a call is for. Cancels and reads that establish the truth may use the reserve; new risk may not. */
export type CallPurpose = "new-risk" | "reduce" | "truth" | "data";

/** The venue's request limits as far as we know them. A share stays reserved for cancels and reconciliation. */
export interface RateBudget {
  /** Microseconds to wait before a call of this weight and purpose is allowed; 0 for now. */
  waitUs(weight: number, purpose: CallPurpose): number;
  spend(weight: number): void;
  /** The venue told us what it counted: takes the larger of the two views. */
  observe(usedWeight: number): void;
  /** 429 or 418: silence until the given monotonic instant. */
  ban(untilMonoUs: number): void;
  readonly bannedUntilUs: number;
}
