import type { CodeTable } from "@tradepulse/core";

/** Every code that loading data can end with. */
export const DATA_CODES: CodeTable = {
  TP_DATA_CHANGED: { meaning: "The file changed while it was read.", remedy: "Load it again when nobody writes to it.", exit: 3 },
  TP_DATA_COLUMNS_MISSING: {
    meaning: "A file has no column for a price or the time.",
    remedy: "Name the columns in the first line: time,open,high,low,close,volume.",
    exit: 3,
  },
  TP_DATA_COLUMNS_UNKNOWN: {
    meaning: "A file has a column whose meaning is not known.",
    remedy: "Pass over it with --ignore-columns, or rename it.",
    exit: 3,
  },
  TP_DATA_DATE_ORDER: {
    meaning: "Dates such as 03/04/2021 do not show whether the day or the month comes first.",
    remedy: "Say it with --date-order day-first or month-first.",
    exit: 3,
  },
  TP_DATA_DIRECTORY: { meaning: "The path names a directory.", remedy: "Name one file inside it.", exit: 3 },
  TP_DATA_DUPLICATE: { meaning: "Two rows have the same time.", remedy: "Remove one of them.", exit: 3 },
  TP_DATA_EMPTY: { meaning: "The file is empty.", remedy: "Download or export it again.", exit: 3 },
  TP_DATA_FIELDS: {
    meaning: "A row has more or fewer fields than the first line.",
    remedy: "Correct the row; a download may have been cut off.",
    exit: 3,
  },
  TP_DATA_FILE_KIND: {
    meaning: "The file is not CSV text: compressed, Parquet, an image, JSON, HTML.",
    remedy: "Unpack it or export it as CSV.",
    exit: 3,
  },
  TP_DATA_HEADER: {
    meaning: "The file has no header line and its columns are not plainly bars.",
    remedy: "Put a first line with the names of the columns.",
    exit: 3,
  },
  TP_DATA_INTERVAL: {
    meaning: "The interval of the bars cannot be told.",
    remedy: "Say it with --interval, for example 1m, 1h, 1d, 1mo.",
    exit: 3,
  },
  TP_DATA_KIND: {
    meaning: "The file holds something else than bars: trades, quotes, depth, factors, names, properties.",
    remedy: "Name a file of bars.",
    exit: 3,
  },
  TP_DATA_LOCAL_TIME: {
    meaning: "A local time does not exist or exists twice in the time zone given.",
    remedy: "Write the times in UTC or with their offset.",
    exit: 3,
  },
  TP_DATA_NO_ROWS: { meaning: "The file has a header line and nothing below it.", remedy: "Download or export it again.", exit: 3 },
  TP_DATA_NOT_A_NUMBER: {
    meaning: "A price or volume is missing, NaN, infinite or no number.",
    remedy: "Fill in or remove the row.",
    exit: 3,
  },
  TP_DATA_NOT_FOUND: {
    meaning: "There is no file and no bundled dataset of this name.",
    remedy: "Check the path, or see tradepulse data list.",
    exit: 3,
  },
  TP_DATA_NOT_POSITIVE: { meaning: "A price is zero or below, or a volume is negative.", remedy: "Correct or remove the row.", exit: 3 },
  TP_DATA_OPTION: { meaning: "An option of a load has a value that is not allowed.", remedy: "Give one of the values named.", exit: 2 },
  TP_DATA_PRICE_RANGE: {
    meaning: "Prices are too small or too large for the unit they are counted in.",
    remedy: "Scale the prices, for example quote per 1,000 units.",
    exit: 3,
  },
  TP_DATA_QUOTE: { meaning: "A quoted field does not end on its line.", remedy: "Close the quote.", exit: 3 },
  TP_DATA_RANGE: {
    meaning: "The range of time asked for is empty or holds no bar.",
    remedy: "Choose --from and --to within the dataset.",
    exit: 2,
  },
  TP_DATA_HIGH_LOW: { meaning: "A bar has a high below its low.", remedy: "Correct or remove the row.", exit: 3 },
  TP_DATA_ROW_LENGTH: { meaning: "A row is longer than 256 KB.", remedy: "Check that the file has line ends.", exit: 3 },
  TP_DATA_SIDE: {
    meaning: "A file holds bid and ask bars and no side was chosen.",
    remedy: "Choose with --side bid or --side ask.",
    exit: 2,
  },
  TP_DATA_STAMP: {
    meaning: "It cannot be told which instant of a bar its time names, or the times contradict what was said.",
    remedy: "Say it with --stamp open, close or month-end.",
    exit: 2,
  },
  TP_DATA_SYNTH: {
    meaning: "A synthetic dataset was described in a way that is not understood.",
    remedy: "See the values named, for example synth:seed=1,bars=100000,interval=1m.",
    exit: 2,
  },
  TP_DATA_TIME: {
    meaning: "A time is in no known form, or in another form than the rows before.",
    remedy: "Write times as 2026-03-01T00:04:00Z or as a number of seconds, milliseconds, microseconds or nanoseconds.",
    exit: 3,
  },
  TP_DATA_TIME_UNIT: {
    meaning: "A numeric time lies outside the years 1900 to 2200 in the unit it is read in.",
    remedy: "Say the unit with --time-unit s, ms, us or ns.",
    exit: 3,
  },
  TP_DATA_TIME_ZONE: {
    meaning: "Some rows state a time zone and others do not, or a zone name is not known.",
    remedy: "Write all times alike, or give a name such as America/New_York.",
    exit: 3,
  },
  TP_DATA_UNREADABLE: { meaning: "The system does not let the file be read.", remedy: "Check its permissions.", exit: 3 },
  TP_DATA_UNSORTED: { meaning: "A row is earlier than the row above it.", remedy: "Sort the file by time, oldest first.", exit: 3 },
};
