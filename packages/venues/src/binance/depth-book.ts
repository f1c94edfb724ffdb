import { checkLevels, DepthSide, type Levels } from "./depth-side.ts";
import type { DepthScan } from "./scan-depth.ts";
import { type Shape, ShapeError } from "./schema.ts";
import { MOST_LEVELS } from "./side-changes.ts";

/** Updates kept while waiting for a snapshot: at ten a second more than ten minutes. */
const MOST_WAITING = 8_192;

export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** `GET /api/v3/depth`: `{ "lastUpdateId": 50093239218, "bids": [["61837.63000000", "3.78826000"]], "asks": [["61837.64000000", "1.54698000"]] }` */
export function parseDepthSnapshot(shape: Shape): DepthSnapshot {
  return {
    lastUpdateId: shape.field("lastUpdateId").integer(0),
    bids: checkLevels(shape.field("bids").value, `${shape.path}.bids`, MOST_LEVELS),
    asks: checkLevels(shape.field("asks").value, `${shape.path}.asks`, MOST_LEVELS),
  };
}

export interface DepthUpdate {
  readonly symbol: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly eventUs: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/**
 * Of the stream `<symbol>@depth@100ms`. Sizes are absolute; `0.00000000` takes the level out:
 *
 * ```json
 * { "e": "depthUpdate", "E": 1767225600124, "s": "BTCUSDT", "U": 50093239208, "u": 50093239224,
 *   "b": [["61820.99000000", "0.00000000"]], "a": [["61837.64000000", "1.60520000"]] }
 * ```
 */
export function parseDepthUpdate(shape: Shape): DepthUpdate {
  const firstId = shape.field("U").integer(0);
  return {
    symbol: shape.field("s").name(),
    firstId,
    lastId: shape.field("u").integer(firstId),
    eventUs: shape.field("E").timeUs(),
    bids: checkLevels(shape.field("b").value, `${shape.path}.b`, MOST_LEVELS),
    asks: checkLevels(shape.field("a").value, `${shape.path}.a`, MOST_LEVELS),
  };
}

/** What became of an update. `gap` and `crossed` mean: the book is not to be used; fetch a snapshot. */
export type DepthOutcome = "applied" | "old" | "waiting" | "gap" | "crossed";

/**
 * The book of one symbol, kept by the venue's own rule: updates are held until a snapshot; those not after the snapshot (`u <= lastUpdateId`) are
 * dropped; the first one after it must continue it (`U <= last + 1`); an update with `U > last + 1` means that something was lost. From then on
 * the book is in quarantine: it answers nothing until a snapshot joins up with what came since.
 * Source: Binance spot API documentation, web-socket-streams.md, "How to manage a local order book correctly".
 */
export class DepthBook {
  readonly symbol: string;
  readonly bids = new DepthSide(true);
  readonly asks = new DepthSide(false);
  #lastUpdateId = -1;
  #isLive = false;
  #waiting: DepthUpdate[] = [];
  #applied = 0;
  #discarded = 0;
  #gaps = 0;
  #crossings = 0;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** Contiguous since a snapshot. Only then may the levels be read as the market. */
  get isLive(): boolean {
    return this.#isLive;
  }

  get lastUpdateId(): number {
    return this.#lastUpdateId;
  }

  get counts(): { readonly applied: number; readonly discarded: number; readonly gaps: number; readonly crossings: number } {
    return { applied: this.#applied, discarded: this.#discarded, gaps: this.#gaps, crossings: this.#crossings };
  }

  /** Throws a {@link ShapeError}, and changes nothing, when it is about another symbol. */
  update(update: DepthUpdate): DepthOutcome {
    if (update.symbol !== this.symbol) throw new ShapeError("$.s", "is another symbol than the book's");
    if (!this.#isLive) {
      // Of too many the oldest go; a snapshot that needs them will not join up and another is fetched.
      if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift();
      this.#waiting.push(update);
      return "waiting";
    }
    return this.#take(update);
  }

  /**
   * An update of this book's symbol as it was scanned, with what {@link update} would have said. `undefined`, and nothing changed, when it would have
   * to be kept (no snapshot yet, or something before it is missing): then it must be read the long way.
   */
  updateScanned(scan: DepthScan): "applied" | "old" | "crossed" | undefined {
    if (!this.#isLive || scan.firstId > this.#lastUpdateId + 1) return undefined;
    if (scan.lastId <= this.#lastUpdateId) return this.#old();
    this.bids.apply(scan.bids);
    this.asks.apply(scan.asks);
    return this.#advance(scan.lastId);
  }

  /**
   * Begins anew from a snapshot and the updates that came since the last doubt. False when they do not join up: the snapshot is too old, or
   * something is missing in between. Then the book stays in quarantine and another snapshot must be fetched.
   */
  snapshot(snapshot: DepthSnapshot): boolean {
    this.bids.clear();
    this.asks.clear();
    for (const level of snapshot.bids) this.bids.set(level);
    for (const level of snapshot.asks) this.asks.set(level);
    this.#lastUpdateId = snapshot.lastUpdateId;
    if (this.#isCrossed()) {
      this.#crossings += 1;
      this.#isLive = false;
      return false;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#isLive = true;
    for (const [at, update] of waiting.entries()) {
      const outcome = this.#take(update);
      if (outcome === "applied" || outcome === "old") continue;
      // What came after the gap still counts for the next snapshot.
      this.#waiting = waiting.slice(at);
      return false;
    }
    return true;
  }

  /** The stream was cut: nothing that is held joins up with what will come. */
  reset(): void {
    this.#isLive = false;
    this.#waiting = [];
  }

  /** Price and size of the best levels, best first. */
  top(count: number): { readonly bids: Levels; readonly asks: Levels } {
    return { bids: this.bids.top(count), asks: this.asks.top(count) };
  }

  #take(update: DepthUpdate): DepthOutcome {
    if (update.lastId <= this.#lastUpdateId) return this.#old();
    if (update.firstId > this.#lastUpdateId + 1) {
      this.#gaps += 1;
      this.#isLive = false;
      this.#waiting = [update];
      return "gap";
    }
    for (const level of update.bids) this.bids.set(level);
    for (const level of update.asks) this.asks.set(level);
    return this.#advance(update.lastId);
  }

  #old(): "old" {
    this.#discarded += 1;
    return "old";
  }

  /** The levels up to this update are in. */
  #advance(lastId: number): "applied" | "crossed" {
    this.#lastUpdateId = lastId;
    this.#applied += 1;
    if (!this.#isCrossed()) return "applied";
    // One engine writes both sides: a bid at or above an ask is damage, not a market.
    this.#crossings += 1;
    this.#isLive = false;
    this.#waiting = [];
    return "crossed";
  }

  #isCrossed(): boolean {
    return this.bids.count > 0 && this.asks.count > 0 && this.bids.bestKey >= this.asks.bestKey;
  }
}
