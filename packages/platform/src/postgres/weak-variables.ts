import { FailureError } from "@tradepulse/core";

/** Variables that drivers and tools obey and that would change what a connection is, not where it goes. */
const STEERING = ["PGSSLNEGOTIATION", "PGOPTIONS", "PGREPLICATION", "PGBINARY", "PGSERVICE", "PGSERVICEFILE"] as const;

/**
 * Refuses a process whose surroundings ask for less than the settings do. The connection would not obey them; a backup or a shell that is started in the
 * same surroundings would. Throws `TP_POSTGRES_INSECURE` and names the variable, never its value.
 */
export function refuseWeakVariables(
  variables: Readonly<Record<string, string | undefined>>,
  sslmode: string,
  caFile: string | undefined,
): void {
  const value = (name: string): string | undefined => (variables[name] === "" ? undefined : variables[name]);
  if (value("NODE_TLS_REJECT_UNAUTHORIZED") === "0") weak("NODE_TLS_REJECT_UNAUTHORIZED", "switches the check of certificates off");
  if (/--tls-(?:min-v1\.[01]|max-v1\.[01]|cipher-list)/.test(value("NODE_OPTIONS") ?? "")) weak("NODE_OPTIONS", "lowers what TLS demands");
  const mode = value("PGSSLMODE");
  if (mode !== undefined && (mode !== "verify-full" || sslmode !== "verify-full"))
    weak("PGSSLMODE", `differs from the sslmode "${sslmode}" of the settings`);
  const root = value("PGSSLROOTCERT");
  if (root !== undefined && root !== caFile) weak("PGSSLROOTCERT", "names another authority than ca_file does");
  const auth = value("PGREQUIREAUTH");
  if (auth !== undefined && auth !== "scram-sha-256") weak("PGREQUIREAUTH", "allows other proofs than scram-sha-256");
  for (const name of STEERING) if (value(name) !== undefined) weak(name, "changes how connections behave");
}

function weak(name: string, why: string): never {
  throw new FailureError({
    code: "TP_POSTGRES_INSECURE",
    message: `Cannot connect to PostgreSQL: variable ${name} ${why}, it must not be set in this process`,
    details: [],
    next: `unset ${name} and start again`,
  });
}
