import type { BookSubscription } from "../../../packages/venues/src/binance/book-subscription.ts";
import type { DepthBook, DepthOutcome, DepthSnapshot, DepthUpdate } from "../../../packages/venues/src/binance/depth-book.ts";
import type { Mutant } from "../mutant.ts";

type Update = (update: DepthUpdate) => DepthOutcome;

/** Another way to take changes; all of them come as objects then. */
function onUpdate(make: (before: Update, book: DepthBook) => Update): Pick<Mutant, "edge" | "book"> {
  return {
    edge: "book",
    book: ({ book }: BookSubscription) => {
      const before = book.update.bind(book);
      Object.assign(book, { updateScanned: () => undefined, update: make(before, book) });
    },
  };
}

function onBook(change: (book: DepthBook) => Partial<DepthBook>): Pick<Mutant, "edge" | "book"> {
  return { edge: "book", book: ({ book }) => void Object.assign(book, change(book)) };
}

function alwaysLive(book: DepthBook): void {
  Object.defineProperty(book, "isLive", { get: () => book.lastUpdateId >= 0 });
}

/** Bugs of books that others had. */
export const BOOK_BUGS: readonly Mutant[] = [
  {
    id: "book-gap-unseen",
    about: "a change is applied whatever came before it",
    seen: "ccxt#17827",
    ...onUpdate((before, book) => (update) => before({ ...update, firstId: Math.min(update.firstId, book.lastUpdateId + 1) })),
  },
  {
    id: "book-old-change-applied",
    about: "a change that is older than the book is applied",
    seen: "ccxt#6658",
    ...onUpdate((before, book) => (update) => {
      if (!book.isLive || update.lastId > book.lastUpdateId) return before(update);
      for (const level of update.bids) book.bids.set(level);
      for (const level of update.asks) book.asks.set(level);
      return "applied";
    }),
  },
  {
    id: "book-crossed-goes-on",
    about: "a bid above the ask is a market like any other",
    seen: "tardis-node#62",
    ...onUpdate((before, book) => {
      let isCrossed = false;
      const isLive = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(book), "isLive")!.get!.bind(book) as () => boolean;
      Object.defineProperty(book, "isLive", { get: () => isCrossed || isLive() });
      return (update) => {
        const outcome = before(update);
        isCrossed = outcome === "crossed" || (isCrossed && outcome === "waiting");
        return outcome;
      };
    }),
  },
  {
    id: "book-live-while-waiting",
    about: "a book that waits for its snapshot is still read",
    seen: "ccxt#16396",
    edge: "book",
    book: ({ book }) => {
      alwaysLive(book);
    },
  },
  {
    id: "book-waiting-dropped",
    about: "changes that come while a snapshot is under way are thrown away, and the snapshot is believed",
    seen: "ccxt#17733",
    ...onUpdate((before, book) => (update) => {
      if (!book.isLive) return "waiting";
      return before({ ...update, firstId: Math.min(update.firstId, book.lastUpdateId + 1) });
    }),
  },
  {
    id: "book-empty-level-kept",
    about: "a level of size 0 stays",
    seen: "Krypto-trading-bot#934",
    ...onUpdate((before, book) => (update) => {
      const rows = (levels: DepthUpdate["bids"]): DepthUpdate["bids"] =>
        levels.filter(([, size]) => Number(size) !== 0 || book.lastUpdateId % 5 !== 0);
      return before({ ...update, bids: rows(update.bids), asks: rows(update.asks) });
    }),
  },
  {
    id: "book-sizes-added",
    about: "the size of a change is added to what stands there",
    seen: "coinbase-exchange-node#4",
    ...onUpdate(
      (before) => (update) =>
        before({
          ...update,
          bids: update.bids.map(([price, size]) => [price, Number(size) === 0 ? size : `${Number(size) + 1}.00000000`] as const),
        }),
    ),
  },
  {
    id: "book-survives-a-cut",
    about: "a new connection goes on with the old book",
    seen: "ccxt#19479",
    ...onUpdate((before, book) => {
      const reset = book.reset.bind(book);
      let wasCut = false;
      book.reset = () => {
        wasCut = book.isLive;
        if (!wasCut) reset();
      };
      return (update) => before(wasCut ? { ...update, firstId: Math.min(update.firstId, book.lastUpdateId + 1) } : update);
    }),
  },
  {
    id: "book-unreadable-skipped",
    about: "a change that cannot be read is passed over",
    seen: "ccxt#22758",
    edge: "book",
    book: ({ book }) => {
      book.reset = () => undefined;
    },
  },
  {
    id: "book-one-snapshot",
    about: "the first snapshot is used again after every doubt",
    seen: "ccxt#14872",
    ...onBook((book) => {
      const before = book.snapshot.bind(book);
      let first: DepthSnapshot | undefined;
      return {
        snapshot: (read) => {
          first ??= read;
          return before({ ...first, lastUpdateId: read.lastUpdateId });
        },
      };
    }),
  },
  {
    id: "book-never-asks-again",
    about: "a snapshot that does not join up is the last one asked for",
    seen: "ccxt#15510",
    ...onBook((book) => {
      const before = book.snapshot.bind(book);
      return {
        snapshot: (read) => {
          before(read);
          return true;
        },
      };
    }),
  },
];
