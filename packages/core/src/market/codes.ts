import type { CodeTable } from "../model/failure.ts";

/** Every failure that bars and instruments can give. */
export const marketCodes: CodeTable = {
  TP_MARKET_INTERVAL: {
    meaning: "Longer bars were asked for that the bars of the data do not fit into, such as 4h bars from daily ones.",
    remedy: "Ask for a multiple of the interval of the data, or load data with shorter bars.",
    exit: 2,
  },
  TP_MARKET_MISSING: {
    meaning: "A test plays a strategy without bars for one of its inputs.",
    remedy: "Give a market by the name of each input with data of its own: play(strategy, { a: bars(...), b: bars(...) }).",
    exit: 4,
  },
  TP_MARKET_SCALES: {
    meaning: "An instrument was described by a price unit, a lot and a currency of which no whole amounts of money can be made.",
    remedy: "Use a coarser price unit or lot, or a finer currency.",
    exit: 2,
  },
};
