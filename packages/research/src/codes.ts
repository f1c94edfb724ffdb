import type { CodeTable } from "@tradepulse/core";

/** Every code that loading a strategy file, running, checking and verifying can end with. */
export const RESEARCH_CODES: CodeTable = {
  TP_STRATEGY_FILE_NOT_FOUND: {
    meaning: "There is no strategy file at the path.",
    remedy: "Check the path, or make one with tradepulse init.",
    exit: 4,
  },
  TP_STRATEGY_FILE_DIRECTORY: { meaning: "The path of a strategy names a directory.", remedy: "Name one file inside it.", exit: 4 },
  TP_STRATEGY_FILE_KIND: {
    meaning: "The strategy file is neither TypeScript nor JavaScript.",
    remedy: "Name a .ts, .mts, .js or .mjs file.",
    exit: 4,
  },
  TP_STRATEGY_FILE_UNREADABLE: { meaning: "The system does not let the strategy file be read.", remedy: "Check its permissions.", exit: 4 },
  TP_STRATEGY_FILE_THREW: {
    meaning: "A strategy file threw while it was loaded, before any run.",
    remedy: "Fix the statement that the message names, or move it into create.",
    exit: 4,
  },
  TP_STRATEGY_NO_DEFAULT: {
    meaning: "A strategy file has no default export.",
    remedy: "Write `export default defineStrategy({ ... })`.",
    exit: 4,
  },
  TP_STRATEGY_NOT_A_STRATEGY: {
    meaning: "The default export of a strategy file was not made by defineStrategy.",
    remedy: "Export what defineStrategy gives, without calling it.",
    exit: 4,
  },
  TP_STRATEGY_SYNTAX: {
    meaning: "A strategy file, or a file that it imports, has a syntax error.",
    remedy: "Correct the line named.",
    exit: 4,
  },
  TP_STRATEGY_TYPESCRIPT: {
    meaning: "A strategy file uses TypeScript that is more than types: an enum, a namespace, a parameter property.",
    remedy: "Write it as plain JavaScript with types, such as a const object instead of an enum.",
    exit: 4,
  },
  TP_STRATEGY_IMPORT_MISSING: {
    meaning: "A strategy file imports a file or a package that does not exist.",
    remedy: "Correct the path with its extension, or install the package beside the strategy.",
    exit: 4,
  },
  TP_STRATEGY_EXPORT_MISSING: {
    meaning: "A strategy file imports a name that the other module does not export.",
    remedy: "Correct the name; types are imported with `import type`.",
    exit: 4,
  },
  TP_RUN_OPTION_UNKNOWN: {
    meaning: "An option of a run has a name that is not known.",
    remedy: "Use the name that the message suggests.",
    exit: 2,
  },
  TP_RUN_OPTION_VALUE: {
    meaning: "An option of a run has a value that is not allowed.",
    remedy: "Choose a value that the message allows.",
    exit: 2,
  },
  TP_RUN_OPTIONS: { meaning: "Two options of a run contradict each other.", remedy: "Change one of the two named.", exit: 2 },
  TP_RUN_FILE_UNREADABLE: {
    meaning: "There is no run file at the path, or it cannot be read.",
    remedy: "Check the path and its permissions.",
    exit: 2,
  },
  TP_RUN_FILE_SYNTAX: { meaning: "A run file is neither TOML nor JSON.", remedy: "Correct the line named.", exit: 2 },
  TP_RUN_FILE_UNKNOWN: { meaning: "A run file sets a name that is not known.", remedy: "Use the name that the message suggests.", exit: 2 },
  TP_RUN_FILE_VALUE: { meaning: "A value in a run file has the wrong form.", remedy: "Write it as the message says.", exit: 2 },
  TP_RUN_INPUTS: {
    meaning: "The inputs of a strategy and the data given do not fit together.",
    remedy: "Give each input its data, and name instruments that the data hold.",
    exit: 2,
  },
  TP_RUN_CURRENCIES: {
    meaning: "The instruments of a run are quoted in several currencies.",
    remedy: "Run the currencies apart.",
    exit: 2,
  },
  TP_RUN_NO_BARS: { meaning: "An input has no bar in the range of the run.", remedy: "Choose a range within the data.", exit: 3 },
  TP_RUN_CAPITAL: {
    meaning: "The capital of a run is too small or too large to be counted exactly in the quote currency.",
    remedy: "Choose a capital within the bounds named.",
    exit: 2,
  },
  TP_RUN_FOLDER_WRITE: {
    meaning: "The folder of a run cannot be written.",
    remedy: "Name another folder with --runs, or make room.",
    exit: 2,
  },
  TP_RUN_NOT_FOUND: { meaning: "The path names no run folder.", remedy: "Name the folder of a run.", exit: 2 },
  TP_RUN_FOLDER: { meaning: "A file of a run folder is damaged or of another version.", remedy: "Run it again.", exit: 2 },
  TP_RUN_NOT_REPEATABLE: {
    meaning: "A run was not made from a strategy file and a named dataset, so it cannot be run again.",
    remedy: "Run it with tradepulse backtest, which records both.",
    exit: 2,
  },
};
