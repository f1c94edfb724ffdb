/** Terms of a session. Times are in microseconds. */
export interface SessionSettings {
  readonly epoch: number;
  /** Where two orders of ours would trade with each other, the venue ends one of them. */
  readonly preventsSelfTrade: boolean;
  /** From the intent to the last instant at which the venue may let the order in. */
  readonly orderLifeUs: number;
  /** A decision on bars that closed longer ago opens no risk: the process stood still, or the bars were held up. At least a twentieth of their interval. */
  readonly decisionLifeUs: number;
  /** How long an instant waits for the bars of the other instruments. */
  readonly syncTimeoutUs: number;
  readonly reconcileEveryUs: number;
  /** A feed or a private stream that is silent for longer than this is in doubt. */
  readonly silenceUs: number;
  readonly resolverPauseUs: number;
  readonly resolverMaxPauseUs: number;
  /** Before a cancel that is not proved is asked for again: the first pause, and the longest. */
  readonly cancelPauseUs: number;
  readonly cancelMaxPauseUs: number;
  readonly readLagUs: number;
  readonly pageAfterUs: number;
  /** How long a balance must differ, always by the same, until it is booked as moved by others. */
  readonly balanceSettleUs: number;
}

/** All but what each session says for itself: whom it speaks for, and what its risk rules ask of the venue. */
export const defaultSessionSettings: Omit<SessionSettings, "epoch" | "preventsSelfTrade"> = {
  orderLifeUs: 2_000_000,
  decisionLifeUs: 60_000_000,
  syncTimeoutUs: 5_000_000,
  reconcileEveryUs: 60_000_000,
  silenceUs: 30_000_000,
  resolverPauseUs: 500_000,
  resolverMaxPauseUs: 15_000_000,
  cancelPauseUs: 1_000_000,
  cancelMaxPauseUs: 60_000_000,
  readLagUs: 10_000_000,
  pageAfterUs: 30_000_000,
  balanceSettleUs: 120_000_000,
};
