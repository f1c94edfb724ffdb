import { parse, TomlError } from "smol-toml";
import { isTable } from "./read-value.ts";
import { type ConfigFile, lineDetail, refuseConfig } from "./refuse-config.ts";
import { tomlPlaces } from "./toml-places.ts";

export interface ParsedConfig {
  readonly file: ConfigFile;
  readonly root: Readonly<Record<string, unknown>>;
}

/** TOML text with the lines of its keys. Throws `TP_LIVE_CONFIG_SYNTAX`, and `TP_LIVE_CONFIG_VALUE` for `${...}`, which is not expanded. */
export function parseConfig(path: string, text: string): ParsedConfig {
  let root: Readonly<Record<string, unknown>>;
  try {
    root = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const why = error.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
    return refuseConfig(
      "TP_LIVE_CONFIG_SYNTAX",
      `Cannot read configuration "${path}": it is not TOML, ${why}`,
      [["at", `${path}:${error.line}:${error.column}`]],
      "correct the line",
      error,
    );
  }
  const file: ConfigFile = { path, places: tomlPlaces(text) };
  refusePlaceholders(file, root, "");
  return { file, root };
}

/** A file that looks as if it expanded variables, and does not, would trade with the text of a placeholder. */
function refusePlaceholders(file: ConfigFile, value: unknown, at: string): void {
  if (typeof value === "string" && value.includes("${")) {
    refuseConfig(
      "TP_LIVE_CONFIG_VALUE",
      `Cannot read configuration "${file.path}": ${at} holds "\${", allowed is plain text: variables are not expanded`,
      [lineDetail(file, at)],
      "leave the key out and set the variable TRADEPULSE_<SECTION>_<KEY>, or name a secret backend",
    );
  }
  if (Array.isArray(value)) for (const [k, each] of value.entries()) refusePlaceholders(file, each, `${at}[${k}]`);
  if (isTable(value)) for (const [key, each] of Object.entries(value)) refusePlaceholders(file, each, at === "" ? key : `${at}.${key}`);
}
