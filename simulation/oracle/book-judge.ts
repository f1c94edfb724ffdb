import type { DepthBook } from "@tradepulse/venues";
import type { Chronicle } from "../world/chronicle.ts";
import { type BookTruth, bookLine } from "./book-truth.ts";
import type { InvariantId, Violation } from "./violation.ts";

/** A change that was lost is followed by another within seconds: by then a book that lives has it, or is in quarantine. */
const BEHIND_US = 15_000_000;
const MOST_LEVELS = 1_000_000;

/** I14 from outside: a book that is shown as good is the venue's book at the update id that it bears, and not far behind it. */
export class BookJudge {
  readonly violations: Violation[] = [];
  doubts = 0;
  reads = 0;
  private readonly truth: BookTruth;
  private readonly chronicle: Chronicle;
  private readonly now: () => number;
  private readonly behindUs = new Map<string, number>();

  constructor(truth: BookTruth, chronicle: Chronicle, now: () => number) {
    this.truth = truth;
    this.chronicle = chronicle;
    this.now = now;
  }

  violate(invariant: InvariantId, text: string, about: string): void {
    if (this.violations.some((each) => each.invariant === invariant && each.about === about)) return;
    this.violations.push({ invariant, atUs: this.now(), text, about });
    this.chronicle.add("oracle", `${invariant} is violated: ${text}`);
  }

  /** A book as whoever trades on it sees it. */
  look(symbol: string, book: DepthBook): void {
    if (!book.isLive) return;
    this.reads += 1;
    const { lastUpdateId } = book;
    const truth = this.truth.at(symbol, lastUpdateId);
    if (truth === undefined) {
      this.violate("I14", `the book of ${symbol} is shown at update ${lastUpdateId}, which the venue never had`, symbol);
      return;
    }
    const { bids, asks } = book.top(MOST_LEVELS);
    const shown = bookLine(bids, asks);
    if (shown !== truth)
      this.violate("I14", `the book of ${symbol} at update ${lastUpdateId} is shown as ${shown}, it was ${truth}`, symbol);
  }

  /** Every second. `mayHear` is false while nothing can come: then silence is told, and not the book's business. */
  onTick(symbol: string, book: DepthBook, mayHear: boolean, elapsedUs: number): void {
    this.look(symbol, book);
    const isBehind = book.isLive && mayHear && book.lastUpdateId < this.truth.lastId(symbol);
    const behindUs = isBehind ? (this.behindUs.get(symbol) ?? 0) + elapsedUs : 0;
    this.behindUs.set(symbol, book.lastUpdateId === this.lastSeen.get(symbol) ? behindUs : 0);
    this.lastSeen.set(symbol, book.lastUpdateId);
    if (behindUs > BEHIND_US)
      this.violate("I14", `the book of ${symbol} is shown as good ${behindUs / 1e6} s after changes that it has not`, symbol);
  }

  private readonly lastSeen = new Map<string, number>();

  /** A message that nobody could read is a change that is missing: from then on the book is no market. */
  onUnreadable(symbol: string, book: DepthBook): void {
    if (book.isLive) this.violate("I14", `the book of ${symbol} is shown as good after a change that could not be read`, symbol);
  }

  /** Once nothing goes wrong any more: whole again, and level with the venue. */
  conclude(symbol: string, book: DepthBook | undefined): void {
    if (book?.isLive !== true) this.violate("L6", `the book of ${symbol} is not whole again`, symbol);
    else if (book.lastUpdateId !== this.truth.lastId(symbol))
      this.violate("L6", `the book of ${symbol} stands at ${book.lastUpdateId}, the venue at ${this.truth.lastId(symbol)}`, symbol);
    else this.look(symbol, book);
  }
}
