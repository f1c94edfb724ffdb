import type { CodeTable } from "../model/failure.ts";

/** Every failure that defining or running a strategy can give. */
export const strategyCodes: CodeTable = {
  TP_STRATEGY_NAME: {
    meaning: "A strategy was defined with a name that is not made of lower-case words and dashes.",
    remedy: 'Use a name such as "ema-cross", 64 characters at most.',
    exit: 4,
  },
  TP_STRATEGY_INPUTS: {
    meaning: "A strategy declares inputs that cannot be: none, a reserved name, an unknown source or no interval.",
    remedy: 'Declare inputs as in { main: bars(), slow: bars({ of: "main", interval: "4h" }) }.',
    exit: 4,
  },
  TP_STRATEGY_INPUT_UNKNOWN: {
    meaning: "A strategy asked for an input by a name that it did not declare.",
    remedy: "Use one of the names that the message lists.",
    exit: 4,
  },
  TP_STRATEGY_TIMER: {
    meaning: "A strategy declares a timer whose interval cannot be read.",
    remedy: "Give the interval as a number and s, m, h, d or w.",
    exit: 4,
  },
  TP_STRATEGY_PARAM_UNKNOWN: {
    meaning: "A parameter was set that the strategy does not declare.",
    remedy: "Use one of the names that the message lists.",
    exit: 2,
  },
  TP_STRATEGY_PARAM_VALUE: {
    meaning: "A parameter was set to a value outside what the strategy allows.",
    remedy: "Choose a value within the bounds that the message states.",
    exit: 2,
  },
  TP_STRATEGY_CREATE: {
    meaning: "The create function of a strategy gave something else than an object of reactions.",
    remedy: "Return { onBar(bar, view) { ... } } from create, not a promise.",
    exit: 4,
  },
  TP_STRATEGY_INDICATOR_LATE: {
    meaning: "An indicator was made while the strategy ran.",
    remedy: "Make indicators in create and keep the handles.",
    exit: 4,
  },
  TP_STRATEGY_INDICATOR_INPUTS: {
    meaning: "An indicator was given another number of lines than it reads.",
    remedy: "Pass as many lines as it reads with { of: [...] }, or a whole input with { of: input }.",
    exit: 4,
  },
  TP_STRATEGY_READS_AHEAD: {
    meaning: "A strategy asked a line for a row that lies in the future.",
    remedy: "Read ago(0) or earlier.",
    exit: 4,
  },
  TP_STRATEGY_READS_BEFORE_START: {
    meaning: "A strategy asked a line for a row before the first one.",
    remedy: "Wait until enough bars have been seen, for example with `if (!indicator.ready) return`.",
    exit: 4,
  },
  TP_STRATEGY_READS_BETWEEN_ROWS: {
    meaning: "A strategy asked a line for a row by a number that is not whole.",
    remedy: "Round the number of rows, for example with Math.round.",
    exit: 4,
  },
  TP_STRATEGY_SAID_TWICE: {
    meaning: "An intent was given two values of which one excludes the other, such as a quantity and a fraction.",
    remedy: "Give one of them.",
    exit: 4,
  },
  TP_STRATEGY_NOT_AN_INTENT: {
    meaning: "A reaction returned something that is no intent.",
    remedy: "Return nothing, or what buy, sell, bracket, close, target, cancel, cancelAll or amend give.",
    exit: 4,
  },
  TP_STRATEGY_PROMISE: {
    meaning: "A reaction returned a promise.",
    remedy: "Make the reaction a plain function without async and await.",
    exit: 4,
  },
  TP_STRATEGY_MEMORY: {
    meaning:
      "A strategy's memory cannot be kept over a restart: save without restore, something that is no plain data, or one of the two threw.",
    remedy:
      "Give save and restore together from create, and save plain data: null, truth values, numbers, texts, Float64Array, lists, objects.",
    exit: 4,
  },
  TP_STRATEGY_THREW: {
    meaning: "A reaction, or create, threw something.",
    remedy: "Fix the strategy; where it threw is in the stack of the cause, and the command line prints it.",
    exit: 4,
  },
};
