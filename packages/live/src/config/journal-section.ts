import type { ConfigSection } from "./config-entry.ts";

/** Where a live session keeps its journal. Paper sessions keep theirs in files. */
export const journalSection: ConfigSection = {
  name: "journal",
  isList: false,
  about: "Where the journal of a live session is kept, and who decides which process leads the account.",
  entries: [
    {
      key: "kind",
      kind: "choice",
      choices: ["file", "postgres"],
      fallback: "file",
      about: "Files below state_dir for one host, or a PostgreSQL database that several hosts share. The other keys are of the database.",
    },
    {
      key: "url",
      kind: "text",
      about: "postgresql://user@host:5432/database?sslmode=verify-full, without a password; what is also a key must agree.",
    },
    { key: "host", kind: "text", about: "Name or address of the server, or the absolute folder of its Unix socket." },
    { key: "port", kind: "whole", min: 1, max: 65_535, about: "Port of the server; 5432 otherwise." },
    { key: "database", kind: "text", about: "Name of the database." },
    { key: "user", kind: "text", about: "A role that may read the tables and call the functions of the schema, and nothing else." },
    {
      key: "sslmode",
      kind: "text",
      about: "verify-full, or local for a Unix socket and for 127.0.0.1. Everything weaker is refused, and so is a missing one.",
    },
    { key: "ca_file", kind: "text", about: "Certificates of the authority that signed the server's, in PEM. No other is trusted." },
    { key: "cert_file", kind: "text", about: "Certificate of this client in PEM, where the server asks for one." },
    { key: "key_file", kind: "text", about: "Private key of that certificate in PEM." },
    {
      key: "connect_timeout",
      kind: "seconds",
      fallback: 5,
      min: 0.1,
      max: 60,
      about: "From the attempt to a connection that takes statements.",
    },
    {
      key: "answer_timeout",
      kind: "seconds",
      fallback: 10,
      min: 0.1,
      max: 600,
      about: "Longest wait for a commit; then the connection counts as lost.",
    },
    {
      key: "give_up",
      kind: "seconds",
      fallback: 300,
      min: 1,
      max: 86_400,
      about: "Longest time without a commit while records wait; then the session ends. No order is sent meanwhile.",
    },
    {
      key: "credentials",
      kind: "table",
      about:
        "Where PASSWORD comes from: [journal.credentials], with the keys of [venues.credentials]. The variable POSTGRES_PASSWORD otherwise.",
    },
  ],
};
