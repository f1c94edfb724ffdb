import type { Redactor } from "@tradepulse/platform";
import { configSections } from "./config-table.ts";
import type { ConfigOrigin, ConfigRow, CredentialConfig, LiveConfig } from "./live-config.ts";
import { isTable } from "./read-value.ts";

/** A value as it will be used, secrets taken out. */
export interface EffectiveValue {
  readonly path: string;
  /** As TOML writes it. */
  readonly text: string;
  readonly origin: ConfigOrigin;
  readonly from: string;
  /** False for a key that is checked and that nothing reads yet. */
  readonly hasEffect: boolean;
}

/** A field of credentials: never its value, only where it will come from. */
export interface SecretOrigin {
  readonly field: string;
  readonly source: string;
}

/** A table of the configuration with the keys that have a value, and those that have none. */
export interface EffectiveTable {
  /** As in the file: `[risk]`, `[[venues]]`. */
  readonly title: string;
  readonly values: readonly EffectiveValue[];
  readonly unset: readonly string[];
  readonly secrets: readonly SecretOrigin[];
}

const SECRET_NAME = /secret|api_?key|private_?key|password|passphrase|token/i;
/** Tables that are shown as sections of their own. */
const OWN_TABLES: ReadonlySet<string> = new Set(["credentials", "secret_backend"]);

/** What a process with this configuration would use, and where each value comes from. Nothing is fetched; secrets are not shown. */
export function effectiveConfig(
  config: LiveConfig,
  variables: Readonly<Record<string, string | undefined>>,
  redactor: Redactor,
): readonly EffectiveTable[] {
  const tables = new Map<string, EffectiveValue[]>();
  for (const row of config.rows) {
    const at = tableOf(row.path);
    const key = row.path.slice(at.length + 1);
    const values = tables.get(at) ?? [];
    tables.set(at, values);
    if (OWN_TABLES.has(key)) continue;
    values.push({
      path: row.path,
      text: tomlText(shown(row.value, redactor)),
      origin: row.origin,
      from: row.from,
      hasEffect: !isIdle(row),
    });
  }
  return [...tables]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([at, values]) => {
      const credentials = credentialsAt(config, at);
      const secrets = credentials === undefined ? [] : secretOrigins(credentials, variables);
      const keys = new Set(values.map(({ path }) => path.slice(at.length + 1)));
      const { entries, isList } = sectionAt(at);
      const unset = entries.map(({ key }) => key).filter((key) => !keys.has(key) && !OWN_TABLES.has(key));
      const name = at.replaceAll(/\[\d+\]/g, "");
      return { title: isList ? `[[${name}]]` : `[${name}]`, values, unset, secrets };
    });
}

/** `venues[0].credentials` of `venues[0].credentials.required`. */
function tableOf(path: string): string {
  return path.slice(0, path.lastIndexOf("."));
}

function sectionName(at: string): string {
  const name = at.replaceAll(/\[\d+\]/g, "");
  return name.replace(/^(?:sentinel|journal)\.credentials/, "venues.credentials");
}

function sectionAt(at: string) {
  return configSections.find(({ name }) => name === sectionName(at))!;
}

function place(at: string): number {
  return configSections.findIndex(({ name }) => name === at.split(/[.[]/, 1)[0]);
}

/** A key that is checked, that somebody set, and that nothing reads yet. */
export function isIdle({ path, origin }: ConfigRow): boolean {
  const at = tableOf(path);
  const entry = sectionAt(at).entries.find(({ key }) => key === path.slice(at.length + 1));
  return entry?.isIdle === true && origin !== "default";
}

function credentialsAt(config: LiveConfig, at: string): CredentialConfig | undefined {
  const match = /^venues\[(\d+)\]\.credentials$/.exec(at);
  if (match !== null) return config.venues[Number(match[1])]?.credentials;
  if (at === "journal.credentials") return config.journal.credentials;
  return at === "sentinel.credentials" ? config.sentinel?.credentials : undefined;
}

/** Where each field will come from: a secret backend stands over variables. */
function secretOrigins(
  { required, optional, envPrefix, secretBackend }: CredentialConfig,
  variables: Readonly<Record<string, string | undefined>>,
): readonly SecretOrigin[] {
  return [...required, ...optional].map((field) => {
    const sources: string[] = [];
    if (secretBackend !== undefined && secretBackend.adapter !== "env") {
      const path = secretBackend.path ?? `the path in ${secretBackend.pathEnv!}`;
      sources.push(`key "${secretBackend.fieldMapping[field] ?? field}" of secret backend "${secretBackend.adapter}" at ${path}`);
    }
    if (envPrefix !== undefined) {
      const name = `${envPrefix}_${field}`;
      sources.push(`variable ${name}, which is ${(variables[name] ?? "") === "" ? "not set" : "set"}`);
    }
    return { field, source: sources.join(", else ") };
  });
}

function shown(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.clean(value);
  if (Array.isArray(value)) return value.map((each) => shown(each, redactor));
  if (!isTable(value)) return value;
  const isHidden = (name: string, each: unknown): boolean => SECRET_NAME.test(name) && typeof each === "string";
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, isHidden(name, each) ? "[redacted]" : shown(each, redactor)]),
  );
}

function tomlText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlText).join(", ")}]`;
  if (isTable(value)) {
    const pairs = Object.entries(value).map(([name, each]) => `${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)} = ${tomlText(each)}`);
    return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
