import type { CodeTable } from "../model/failure.ts";

/** Every failure that series of bars can give. */
export const marketCodes: CodeTable = {
  TP_MARKET_INTERVAL: {
    meaning: "Longer bars were asked for that the bars of the data do not fit into, such as 4h bars from daily ones.",
    remedy: "Ask for a multiple of the interval of the data, or load data with shorter bars.",
    exit: 2,
  },
};
