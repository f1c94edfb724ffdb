import { nearestName } from "@tradepulse/core";
import { type ConfigEntry, describeEntry, sectionOf } from "./config-table.ts";
import type { ConfigOrigin } from "./live-config.ts";
import { isTable, readConfigValue } from "./read-value.ts";
import { type ConfigFile, refuseConfig, refuseConfigValue, refuseUnknownKey } from "./refuse-config.ts";

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
const GUIDE_VARIABLES: Readonly<Record<string, string>> = { "metrics.port": "METRICS_PORT" };

/** Reads tables of the file: flags over variables over the file over defaults; unknown keys are refused. */
export class SectionReader {
  readonly origins: Record<string, ConfigOrigin> = {};
  private readonly file: ConfigFile;
  private readonly layers: ConfigLayers;
  private readonly usedFlags = new Set<string>();

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

  private readonly asked = new Set<string>();

  private value(entry: ConfigEntry, path: string, alias: string, given: unknown): unknown {
    const at = `${path}.${entry.key}`;
    const named = `${alias}.${entry.key}`;
    this.asked.add(named);
    const { flags = {}, variables = {} } = this.layers;
    const flag = flags[named];
    if (flag !== undefined) {
      this.usedFlags.add(named);
      return this.checked(entry, at, flag, "flag");
    }
    const variable = variableOf(named);
    const guide = GUIDE_VARIABLES[named];
    const text = variables[variable] ?? (guide === undefined ? undefined : variables[guide]);
    if (text !== undefined && text !== "") return this.checked(entry, at, text, "environment");
    if (given !== undefined) return this.checked(entry, at, given, "file");
    if (entry.fallback === undefined) return undefined;
    const fallback = readConfigValue(entry, entry.fallback, false);
    return fallback.ok ? fallback.value : undefined;
  }

  private checked(entry: ConfigEntry, at: string, raw: unknown, origin: ConfigOrigin): unknown {
    const read = readConfigValue(entry, raw, origin !== "file");
    if (read.ok) {
      this.origins[at] = origin;
      return read.value;
    }
    const from = origin === "file" ? "" : ` (from a ${origin === "flag" ? "flag" : "variable"})`;
    return refuseConfigValue(this.file, at, `${JSON.stringify(raw)}${from}`, describeEntry(entry), entry.about);
  }
}

/** `risk.max_notional` is `TRADEPULSE_RISK_MAX_NOTIONAL`. */
export function variableOf(path: string): string {
  return `TRADEPULSE_${path.replaceAll(/[^A-Za-z0-9]+/g, "_").toUpperCase()}`;
}
