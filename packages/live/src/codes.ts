import type { CodeTable } from "@tradepulse/core";

/** Every code that a live or paper session can end with. */
export const LIVE_CODES: CodeTable = {
  TP_LIVE_CONFIG_UNREADABLE: {
    meaning: "The configuration file cannot be read.",
    remedy: "Name a TOML file that exists and may be read.",
    exit: 2,
  },
  TP_LIVE_CONFIG_SYNTAX: { meaning: "The configuration file is not TOML.", remedy: "Correct the line that the message names.", exit: 2 },
  TP_LIVE_CONFIG_UNKNOWN: {
    meaning: "The configuration sets a key that does not exist.",
    remedy: "Use the key that is suggested, or take the line out.",
    exit: 2,
  },
  TP_LIVE_CONFIG_VALUE: {
    meaning: "A key of the configuration has a value that is not allowed, or lacks one that it needs.",
    remedy: "Choose a value as the message says.",
    exit: 2,
  },
  TP_LIVE_SECRET_MISSING: {
    meaning: "A required field of a venue's credentials is not where it should be.",
    remedy: "Put the field into the source that the message names.",
    exit: 2,
  },
  TP_LIVE_SECRET_BACKEND: {
    meaning: "A secret backend is not known, or gave nothing that could be read.",
    remedy: "Register a resolver under its name, or use env or file.",
    exit: 2,
  },
  TP_LIVE_FILTERS: {
    meaning: "A venue states filters for an instrument that cannot be understood.",
    remedy: "Check that the instrument is listed and trading.",
    exit: 3,
  },
};
