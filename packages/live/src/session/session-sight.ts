/** What a session sees by: each of the two is whole when it says so itself and is not silent. */
export interface Sight {
  readonly isStreamReady: boolean;
  readonly isStreamSilent: boolean;
  readonly isFeedReady: boolean;
  readonly isFeedSilent: boolean;
}

export interface SightParts {
  monoUs(): number;
  /** Both are whole: the venue must be read, from now on. */
  onWhole(): void;
  /** What was read covers everything that was missed: new risk may be taken again. */
  onTrusted(): void;
  /** Something may be missed from now on; once until it is trusted again. */
  onDoubt(why: string): void;
}

/**
 * Whether what we know of the venue may be trusted. Blind as soon as the private stream or the market data is not whole; seeing again only after a reading
 * that began when both were: what an earlier one has read does not cover what they missed. A session begins blind.
 */
export class SessionSight {
  private readonly parts: SightParts;
  private sight: Sight = { isStreamReady: false, isStreamSilent: false, isFeedReady: false, isFeedSilent: false };
  /** Monotonic instant since which private events are whole; Infinity while they are not. */
  private coveredSinceUs = Number.POSITIVE_INFINITY;
  /** Monotonic instant since which both are whole: only what was read after it covers what they missed. */
  private wholeSinceUs = Number.POSITIVE_INFINITY;
  private isSeeing = false;

  constructor(parts: SightParts) {
    this.parts = parts;
  }

  get isTrusted(): boolean {
    return this.isSeeing;
  }

  /** True when the private stream vouches for everything since this monotonic instant, or a reading has covered it. */
  wasCovered(sinceMonoUs: number): boolean {
    return this.coveredSinceUs <= sinceMonoUs;
  }

  /** The session starts: nothing is known. */
  begin(why: string): void {
    this.isSeeing = false;
    this.parts.onDoubt(why);
  }

  /** Something changed in what we see by. */
  see(change: Partial<Sight>, why: string): void {
    this.sight = { ...this.sight, ...change };
    const { isStreamReady, isStreamSilent, isFeedReady, isFeedSilent } = this.sight;
    const isStreamWhole = isStreamReady && !isStreamSilent;
    if (!isStreamWhole) this.coveredSinceUs = Number.POSITIVE_INFINITY;
    if (isStreamWhole && isFeedReady && !isFeedSilent) {
      this.wholeSinceUs = this.parts.monoUs();
      this.coveredSinceUs = Math.min(this.coveredSinceUs, this.wholeSinceUs);
      this.parts.onWhole();
      return;
    }
    this.wholeSinceUs = Number.POSITIVE_INFINITY;
    if (!this.isSeeing) return;
    this.isSeeing = false;
    this.parts.onDoubt(why);
  }

  /** Looks at how long both have been silent. */
  listen(streamSilentUs: number, feedSilentUs: number, silenceUs: number): void {
    const isStreamSilent = streamSilentUs > silenceUs;
    const isFeedSilent = feedSilentUs > silenceUs;
    if (isStreamSilent !== this.sight.isStreamSilent) this.see({ isStreamSilent }, "private stream: silent");
    if (isFeedSilent !== this.sight.isFeedSilent) this.see({ isFeedSilent }, "market data: silent");
  }

  /** A complete reading of the venue has ended that began at this monotonic instant. */
  wasRead(startedMonoUs: number): void {
    // What was missed before both were whole has been read only if the reading began after that.
    if (startedMonoUs < this.wholeSinceUs) return;
    this.coveredSinceUs = Number.NEGATIVE_INFINITY;
    if (this.isSeeing) return;
    this.isSeeing = true;
    this.parts.onTrusted();
  }
}
