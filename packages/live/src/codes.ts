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
  TP_LIVE_SESSION: {
    meaning: "A folder holds no session, or one that cannot be understood.",
    remedy: "Name the folder of a paper or live session.",
    exit: 2,
  },
  TP_LIVE_STATE: {
    meaning: "The folder of the state cannot be written, or its disk is full.",
    remedy: "Free room or let the user write there; what is recorded stays as it is, and the start reconciles with the venue.",
    exit: 3,
  },
  TP_LIVE_JOURNAL_PASSWORD: {
    meaning: "The journal of a session is in a database, and its password is not at hand.",
    remedy: "Set the variable POSTGRES_PASSWORD to the password of the user that the session's record names.",
    exit: 2,
  },
  TP_LIVE_SESSION_CHANGED: {
    meaning: "A session would go on as something else than it was begun as.",
    remedy: "Give the strategy a session name of its own, or restore strategy, parameters and instruments.",
    exit: 2,
  },
  TP_LIVE_REAL_MONEY: {
    meaning: "Real money was asked for without everything that says so, or the other way round.",
    remedy: "Set sandbox = false and account in the configuration, and pass --live with the same account.",
    exit: 2,
  },
  TP_LIVE_VENUE: {
    meaning: "A venue cannot be used: its adapter is not built, or it does not answer.",
    remedy: "Name another adapter, or check address, network and keys.",
    exit: 3,
  },
  TP_LIVE_CAPITAL: {
    meaning: "The account has less free money than the strategy is to trade.",
    remedy: "Fund the account, or lower capital.",
    exit: 3,
  },
  TP_LIVE_RANGE: {
    meaning: "The account, or the coins that it would buy, are more than can be counted to the last unit.",
    remedy: "Set capital to a part of the account, as large as the message says, or choose a pair of a higher price.",
    exit: 3,
  },
  TP_LIVE_STRATEGY: {
    meaning: "A strategy file has no strategy as its default export.",
    remedy: "Export what defineStrategy gives as default.",
    exit: 4,
  },
  TP_LIVE_INPUTS: {
    meaning: "The inputs of a strategy and the instruments of a session do not fit.",
    remedy: "Give each input an instrument of its own, all quoted in one currency.",
    exit: 3,
  },
  TP_LIVE_FILTERS: {
    meaning: "A venue states filters for an instrument that cannot be understood.",
    remedy: "Check that the instrument is listed and trading.",
    exit: 3,
  },
  TP_JOURNAL_CORRUPT: {
    meaning: "A segment of the journal is damaged where records were durable.",
    remedy: "Restore the segment that the message names from a copy. Do not delete it.",
    exit: 3,
  },
  TP_JOURNAL_GAP: {
    meaning: "The journal begins after the record from which it must be read.",
    remedy: "Restore the older segments, or start from a snapshot that covers them.",
    exit: 3,
  },
  TP_JOURNAL_SCHEMA: {
    meaning: "The journal holds a record that a later version wrote.",
    remedy: "Start the version that wrote the journal, or a later one.",
    exit: 3,
  },
  TP_JOURNAL_PAYLOAD: {
    meaning: "A fact in the journal lacks a field, or has one of another type, than this version expects.",
    remedy: "Start the version that wrote the journal.",
    exit: 3,
  },
  TP_JOURNAL_KIND: {
    meaning: "A record was appended under a name that the table of record kinds does not have.",
    remedy: "Add the kind to record-kinds.ts.",
    exit: 70,
  },
  TP_JOURNAL_DEAD: {
    meaning: "A write or sync of the journal failed. No later sync can be believed, so it takes no more records.",
    remedy: "Check the disk and start again; the start reconciles with the venue.",
    exit: 3,
  },
  TP_JOURNAL_DISK_FULL: {
    meaning: "There is no room for further records of the journal.",
    remedy: "Free room on the disk. No new order is sent until then; a running session goes on by itself.",
    exit: 3,
  },
  TP_JOURNAL_BEHIND: {
    meaning: "More bytes wait for the disk than the journal allows.",
    remedy: "Find what slows the disk. Orders are sent again once the queue is short.",
    exit: 3,
  },
  TP_JOURNAL_CLOSED: {
    meaning: "A record was appended to a journal after it was closed.",
    remedy: "Open the journal again; inside the program this is a bug.",
    exit: 70,
  },
  TP_JOURNAL_EPOCH: {
    meaning: "The database refused records of an epoch in which nobody leads the account any more. Nothing of them was written.",
    remedy: "Leave the account to its leader, or start again: the start takes the lead when nobody has it.",
    exit: 3,
  },
  TP_JOURNAL_CONFLICT: {
    meaning: "The database holds other records of the session than this process wrote.",
    remedy: "Find out who else writes it, or whether an older copy of the database was restored.",
    exit: 3,
  },
  TP_JOURNAL_AWAY: {
    meaning: "The database of the journal does not answer. No new order is sent until it does.",
    remedy: "See to the database and the way to it. A running session goes on by itself.",
    exit: 3,
  },
  TP_JOURNAL_UNSAFE: {
    meaning: "The database is set so that what it calls committed may be lost.",
    remedy: "Set fsync, full_page_writes and synchronous_commit to on, and data_sync_retry to off.",
    exit: 3,
  },
  TP_JOURNAL_ROLE: {
    meaning: "The user of the journal may change what was written.",
    remedy: "Trade as a user who is neither a superuser nor the owner of the schema; the migration grants what it needs.",
    exit: 3,
  },
  TP_JOURNAL_MIGRATION: {
    meaning: "The schema of the database is not the one of this version.",
    remedy: "Run tradepulse database migrate as its owner, or start the version that made it.",
    exit: 3,
  },
  TP_SNAPSHOT_CORRUPT: {
    meaning: "The snapshot is damaged, of another format, or ahead of the journal.",
    remedy: "None is needed when the journal is complete: an older snapshot is taken, or the journal is read from its first record.",
    exit: 3,
  },
  TP_SNAPSHOT_OTHER: {
    meaning: "The snapshot was taken by other code, another session or another version of TradePulse than start now.",
    remedy: "None is needed when the journal is complete: it is replayed from its first record.",
    exit: 3,
  },
  TP_LATCH_WRITE: {
    meaning: "The change of the trading state could not be written. This process obeys the stricter state; others may not know of it.",
    remedy: "Free or repair the disk, and halt the other processes by hand.",
    exit: 3,
  },
  TP_LATCH_ARM: {
    meaning: "Trading cannot be armed: the reason or the name is missing, or the halt file is still there.",
    remedy: "Remove the halt file, and state who arms and why.",
    exit: 2,
  },
  TP_SENTINEL_NONE: {
    meaning: "A sentinel was asked for, and the configuration says nothing of one.",
    remedy: "Add the sections [sentinel] and [sentinel.credentials].",
    exit: 2,
  },
  TP_SENTINEL_HELD: {
    meaning: "Another sentinel watches this account.",
    remedy: "Leave it to its work, or stop it first.",
    exit: 3,
  },
  TP_LEADER_HELD: {
    meaning: "Another process leads this account.",
    remedy: "Stop it first, or leave it to its work.",
    exit: 3,
  },
  TP_LEADER_EPOCH: {
    meaning: "The file with the last epoch cannot be read. A lower epoch would use client ids again.",
    remedy: "Restore the file, or write an epoch into it that is higher than any used before.",
    exit: 3,
  },
};
