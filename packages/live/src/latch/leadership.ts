/** What every way of taking the leadership of an account is asked for. */
export interface LeadershipTerms {
  /** Longest time from sending an order to the last instant at which the venue may let it in. A takeover waits so long, and `staleUs`. */
  readonly orderLifeUs: number;
  /** An epoch that was used for certain, from the journal; default 0. Guards against an old copy of the record of epochs. */
  readonly usedEpoch?: number;
  /** Between looks at the record of epochs; default 0.25 s. */
  readonly pollUs?: number;
  /** A look that is older than this is worth nothing: no leader until the next one; default 2 s. */
  readonly staleUs?: number;
  /** Told before the wait of a takeover, with its length. */
  readonly onWait?: (waitUs: number) => void;
  /** Told once when somebody else has taken over. */
  readonly onLost?: (epoch: number) => void;
}

/**
 * The right to send orders for an account, under an epoch that is higher than any before. Asked before every order, and again when the intent is
 * durable. Files of one host and a database that several hosts share obey the same laws.
 */
export interface Leadership {
  readonly epoch: number;
  /** False after a takeover, after the release, and while the last look is too old: a process that stood still must look before it sends. */
  readonly leads: boolean;
  /** Ends in order, once everything sent has been answered: the next leader need not wait. */
  release(): Promise<void>;
  /** Ends while something sent may still be under way: the next leader waits as after a crash. */
  abandon(): Promise<void>;
}

/** A look that is older is worth nothing. */
export const LEADERSHIP_STALE_US = 2_000_000;

/** Between looks at the record of epochs. */
export const LEADERSHIP_POLL_US = 250_000;
