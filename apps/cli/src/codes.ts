import type { CodeTable } from "@tradepulse/core";

/** Every code that the command line itself can end with. */
export const CLI_CODES: CodeTable = {
  TP_CLI_COMMAND_UNKNOWN: { meaning: "There is no such command.", remedy: "See tradepulse --help for the commands.", exit: 2 },
  TP_CLI_OPTION_UNKNOWN: { meaning: "The command has no such option.", remedy: "See its --help for the options.", exit: 2 },
  TP_CLI_OPTION_VALUE: {
    meaning: "An option of the command line has a value that is not allowed, or none.",
    remedy: "Give a value as the message says.",
    exit: 2,
  },
  TP_CLI_OPTION_TWICE: { meaning: "Two options say different things about the same.", remedy: "Keep one of them.", exit: 2 },
  TP_CLI_ARGUMENT: {
    meaning: "The command was given fewer or more arguments than it takes.",
    remedy: "See its --help for how it is called.",
    exit: 2,
  },
  TP_CLI_DATA_MISSING: {
    meaning: "A command that needs data was given none.",
    remedy: "Name a file or a bundled dataset with --data; tradepulse data list shows the bundled ones.",
    exit: 2,
  },
  TP_CLI_STRATEGY_MISSING: {
    meaning: "Neither the command line nor the run file names a strategy.",
    remedy: "Name the strategy file first, as in tradepulse backtest my-strategy.ts.",
    exit: 2,
  },
  TP_CLI_RUN: {
    meaning: "A word names no run, or more than one.",
    remedy: "Name the run folder, more of its name, or last; tradepulse runs list shows them.",
    exit: 2,
  },
  TP_CLI_SESSION: {
    meaning: "A word names no session, more than one, or one that cannot be used so.",
    remedy: "Name the session folder, more of its name, or last.",
    exit: 2,
  },
  TP_CLI_INIT_NAME: {
    meaning: "A new strategy was given a name that is not allowed.",
    remedy: "Use lower-case words and dashes, such as ema-cross.",
    exit: 2,
  },
  TP_CLI_INIT_EXISTS: {
    meaning: "The folder of a new strategy holds files that would be overwritten.",
    remedy: "Choose another name or folder; nothing was written.",
    exit: 2,
  },
  TP_CLI_FOLDER: {
    meaning: "A folder or file cannot be written.",
    remedy: "Check that it exists, may be written and has room.",
    exit: 2,
  },
  TP_CLI_NO_TESTS: {
    meaning: "There is no test file to run.",
    remedy: "Name one, or put it beside the strategy as <name>.test.ts.",
    exit: 2,
  },
  TP_CLI_ENDED: {
    meaning: "The process ended before the command was done: a strategy called process.exit, or waits for something that never comes.",
    remedy: "Remove process.exit and waits at the top of the file from the strategy and from what it imports.",
    exit: 4,
  },
  TP_CLI_BUG: {
    meaning: "Something happened in TradePulse that its authors did not foresee.",
    remedy: "Report it with the file that the message names.",
    exit: 70,
  },
};
