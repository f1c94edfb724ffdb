import type { CodeTable } from "../model/failure.ts";

/** Failures of the analytics. */
export const analyticsCodes = {
  TP_ANALYTICS_WINDOW: {
    meaning: "A rolling figure was asked for with a window that is no whole number of at least 1.",
    remedy: "Give the window as a whole number of returns.",
    exit: 2,
  },
  TP_ANALYTICS_BLOCKS: {
    meaning: "The overfitting test was asked to split its rows into an odd number of blocks, or into too many.",
    remedy: "Give an even number of blocks from 2 to 20.",
    exit: 2,
  },
  TP_ANALYTICS_CURRENCIES: {
    meaning: "A summary was asked for over instruments that are quoted in different currencies.",
    remedy: "Summarize the instruments of each currency apart.",
    exit: 2,
  },
} as const satisfies CodeTable;
