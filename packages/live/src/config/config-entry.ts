export const DAY_SECONDS = 86_400;

/** What a value of the configuration may be. `seconds` is a number of seconds or text such as `"500ms"`, `"2s"`, `"1m"`; it is kept in microseconds. */
export type ConfigKind = "text" | "number" | "whole" | "seconds" | "flag" | "choice" | "texts" | "amount" | "amounts" | "loss" | "table";

/** One key of a section: its kind, bounds, default and meaning. Serves the checks, the reference page and the messages. */
export interface ConfigEntry {
  readonly key: string;
  readonly kind: ConfigKind;
  /** `undefined` where leaving it out means that there is none. Seconds are given here in seconds, as in the file. */
  readonly fallback?: unknown;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** True for a key that is known and checked, and that nothing reads yet: setting it is told. */
  readonly isIdle?: boolean;
  readonly about: string;
}

/** A table of the file. */
export interface ConfigSection {
  readonly name: string;
  /** True for `[[name]]`: any number of tables. */
  readonly isList: boolean;
  readonly about: string;
  readonly entries: readonly ConfigEntry[];
}

/** An entry of seconds: its bounds are a day at most unless given. */
export function seconds(key: string, fallback: number | undefined, about: string, min = 0, max = DAY_SECONDS): ConfigEntry {
  return { key, kind: "seconds", ...(fallback === undefined ? {} : { fallback }), min, max, about };
}

/** What a key allows, in words. */
export function describeEntry(entry: ConfigEntry): string {
  const { kind, min, max } = entry;
  const bounds = `${min === undefined ? "" : ` from ${min}`}${max === undefined ? "" : ` up to ${max}`}`;
  switch (kind) {
    case "text":
      return "text";
    case "texts":
      return "a list of texts";
    case "flag":
      return "true or false";
    case "choice":
      return entry.choices!.map((word) => `"${word}"`).join(" or ");
    case "number":
      return `numbers${bounds}`;
    case "whole":
      return `whole numbers${bounds}`;
    case "seconds":
      return `seconds${bounds}, or text such as "500ms", "2s", "1m"`;
    case "amount":
      return max === undefined ? "an amount above 0, as a number or as text" : `an amount above 0${bounds}, as a number or as text`;
    case "amounts":
      return "an amount above 0, or a table of amounts by instrument";
    case "loss":
      return "money above 0, or a fraction up to 1 as in { fraction = 0.05 }";
    case "table":
      return "a table";
  }
}
