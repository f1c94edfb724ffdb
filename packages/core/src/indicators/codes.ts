import type { CodeTable } from "../model/failure.ts";

/** Every failure that an indicator can give. */
export const indicatorCodes: CodeTable = {
  TP_INDICATOR_PARAMETER: {
    meaning: "An indicator was created with a parameter outside its bounds.",
    remedy: "Pass a value within the bounds that the message states.",
    exit: 2,
  },
  TP_INDICATOR_INPUTS: {
    meaning: "An indicator was given another number of inputs than it reads, or columns of unequal length.",
    remedy: "Pass one column, or one number, for each input that the message lists, in that order.",
    exit: 4,
  },
  TP_INDICATOR_LINE: {
    meaning: "A line was read by a name that the indicator does not have.",
    remedy: "Use one of the names that the message lists.",
    exit: 4,
  },
  TP_INDICATOR_STATE: {
    meaning: "A saved state was restored into an indicator that did not write it.",
    remedy: "Restore into the same indicator with the same parameters, or let it warm up again.",
    exit: 4,
  },
};
