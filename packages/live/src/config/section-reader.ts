import { nearestName } from "@tradepulse/core";
import { type ConfigEntry, describeEntry } from "./config-entry.ts";
import { sectionOf } from "./config-table.ts";
import type { ConfigOrigin, ConfigRow } from "./live-config.ts";
import { isTable, readConfigValue } from "./read-value.ts";
import { type ConfigFile, lineDetail, refuseConfig, refuseConfigValue, refuseUnknownKey } from "./refuse-config.ts";
import { shownValue, writingHint } from "./writing-hint.ts";

/** What stands over the file. */
export interface ConfigLayers {
  /** By path in the file: `risk.max_notional`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Variables of the process. `TRADEPULSE_RISK_MAX_NOTIONAL` stands over `risk.max_notional`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** Checked values of one table; a key that has neither value nor default is absent. */
export type SectionValues = Readonly<Record<string, unknown>>;

/** Variables that the deployment guide names for a key. */
const GUIDE_VARIABLES: Readonly<Record<string, string>> = {
  "metrics.port": "METRICS_PORT",
  "journal.url": "POSTGRES_URL",
  "journal.host": "POSTGRES_HOST",
  "journal.port": "POSTGRES_PORT",
  "journal.database": "POSTGRES_DB",
  "journal.user": "POSTGRES_USER",
  "journal.sslmode": "POSTGRES_SSLMODE",
  "journal.ca_file": "POSTGRES_CA_FILE",
  "journal.cert_file": "POSTGRES_CERT_FILE",
  "journal.key_file": "POSTGRES_KEY_FILE",
};

/** What a cluster puts into every process for each of its services, whatever we call ours. */
const SERVICE_LINK = /_(?:SERVICE_(?:HOST|PORT)(?:_.*)?|PORT_\d+_(?:TCP|UDP)(?:_.*)?)$/;

/** Reads tables of the file: flags over variables over the file over defaults; unknown keys are refused. */
export class SectionReader {
  readonly origins: Record<string, ConfigOrigin> = {};
  /** Every key that has a value, in the order of reading. */
  readonly rows: ConfigRow[] = [];
  private readonly file: ConfigFile;
  private readonly layers: ConfigLayers;
  private readonly usedFlags = new Set<string>();
  private readonly usedVariables = new Set<string>();

  constructor(file: ConfigFile, layers: ConfigLayers) {
    this.file = file;
    this.layers = layers;
  }

  /** `path` is where the table stands: `risk`, `venues[0].credentials`. `alias` is the same by name: `venues.binance`. */
  read(sectionName: string, path: string, given: unknown, alias = path): SectionValues {
    const section = sectionOf(sectionName);
    const table = given ?? {};
    if (!isTable(table)) return refuseConfigValue(this.file, path, JSON.stringify(given), "a table", section.about);
    const known = section.entries.map(({ key }) => key);
    for (const key of Object.keys(table)) if (!known.includes(key)) refuseUnknownKey(this.file, `${path}.${key}`, key, known);
    const values: Record<string, unknown> = {};
    for (const entry of section.entries) {
      const value = this.value(entry, path, alias, table[entry.key]);
      if (value !== undefined) values[entry.key] = value;
    }
    return values;
  }

  /** Flags that no key took. */
  refuseUnusedFlags(): void {
    for (const path of Object.keys(this.layers.flags ?? {})) {
      if (this.usedFlags.has(path)) continue;
      const near = nearestName(path, [...this.asked]);
      refuseConfig(
        "TP_LIVE_CONFIG_UNKNOWN",
        `Cannot set "${path}": the configuration has no such key`,
        [near === undefined ? undefined : ["meant", `"${near}"`]],
        "name it as in risk.max_notional=500",
      );
    }
  }

  /** Variables that begin like one of ours and that no key took: a typing error would otherwise be a limit that is not there. */
  refuseUnusedVariables(sections: readonly string[]): void {
    const known = [...this.asked].map(variableOf);
    for (const name of Object.keys(this.layers.variables ?? {})) {
      const isOurs = sections.some((section) => name.startsWith(`${variableOf(section)}_`));
      if (!isOurs || this.usedVariables.has(name) || known.includes(name) || SERVICE_LINK.test(name)) continue;
      const near = nearestName(name, known);
      refuseConfig(
        "TP_LIVE_CONFIG_UNKNOWN",
        `Cannot read configuration "${this.file.path}": variable "${name}" is set, and there is no such key`,
        [near === undefined ? undefined : ["meant", `"${near}"`]],
        "correct its name, or unset it; variables are TRADEPULSE_<SECTION>_<KEY>",
      );
    }
  }

  private readonly asked = new Set<string>();

  private value(entry: ConfigEntry, path: string, alias: string, given: unknown): unknown {
    const at = `${path}.${entry.key}`;
    const named = `${alias}.${entry.key}`;
    this.asked.add(named);
    const { flags = {}, variables = {} } = this.layers;
    const flag = flags[named];
    if (flag !== undefined) {
      this.usedFlags.add(named);
      return this.checked(entry, at, flag, "flag", `--set ${named}`);
    }
    for (const variable of [variableOf(named), GUIDE_VARIABLES[named]]) {
      if (variable === undefined) continue;
      this.usedVariables.add(variable);
      const text = variables[variable];
      if (text !== undefined && text !== "") return this.checked(entry, at, text, "environment", variable);
    }
    if (given !== undefined) return this.checked(entry, at, given, "file", lineDetail(this.file, at)[1]);
    if (entry.fallback === undefined) return undefined;
    const fallback = readConfigValue(entry, entry.fallback, false);
    if (!fallback.ok) return undefined;
    this.rows.push({ path: at, value: entry.fallback, origin: "default", from: "" });
    return fallback.value;
  }

  private checked(entry: ConfigEntry, at: string, raw: unknown, origin: ConfigOrigin, from: string): unknown {
    const isText = origin !== "file";
    if (isText && String(raw).includes("${")) {
      refuseConfig(
        "TP_LIVE_CONFIG_VALUE",
        `Cannot read configuration "${this.file.path}": ${from} holds "\${", allowed is plain text: variables are not expanded`,
        [],
        "let whatever sets it expand the variable",
      );
    }
    const read = readConfigValue(entry, raw, isText);
    if (read.ok) {
      this.origins[at] = origin;
      this.rows.push({ path: at, value: raw, origin, from });
      return read.value;
    }
    const source = isText ? ` (from ${origin === "flag" ? "the flag" : "the variable"} ${from})` : "";
    const allowed = describeEntry(entry);
    return refuseConfigValue(this.file, at, `${shownValue(at, raw)}${source}`, allowed, entry.about, writingHint(entry, raw));
  }
}

/** `risk.max_notional` is `TRADEPULSE_RISK_MAX_NOTIONAL`. */
export function variableOf(path: string): string {
  return `TRADEPULSE_${path.replaceAll(/[^A-Za-z0-9]+/g, "_").toUpperCase()}`;
}
