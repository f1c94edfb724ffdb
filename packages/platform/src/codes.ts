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
};
