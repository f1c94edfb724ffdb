import type { CodeTable } from "@tradepulse/core";

/** Codes of connections to PostgreSQL. */
export const PLATFORM_CODES: CodeTable = {
  TP_POSTGRES_SETTINGS: {
    meaning: "The settings of a connection to PostgreSQL are incomplete, contradict each other, or cannot be read.",
    remedy: "Complete them as the message says; a password comes from a variable or a secret backend.",
    exit: 2,
  },
  TP_POSTGRES_INSECURE: {
    meaning: "A connection to PostgreSQL would not be protected, or something around the process asks for less protection.",
    remedy: 'Use sslmode "verify-full" with ca_file, or "local" for a Unix socket or a loopback address, and unset what the message names.',
    exit: 2,
  },
  TP_POSTGRES_REFUSED: {
    meaning: "PostgreSQL does not let the user in, or refuses what is asked.",
    remedy: "Check user, password, database and pg_hba.conf; tradepulse database migrate grants what the user needs.",
    exit: 3,
  },
  TP_POSTGRES_AWAY: {
    meaning: "PostgreSQL cannot be reached.",
    remedy: "See to the server and the way to it, then start again.",
    exit: 3,
  },
};
