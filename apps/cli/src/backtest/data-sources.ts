import { existsSync } from "node:fs";
import type { DataSource, DataSourceOptions, RunFile } from "@tradepulse/research";
import { refuseUsage } from "../usage-error.ts";

/** A dataset as `openData` takes it. */
export type RunData = DataSource & { readonly select?: string };

const READING = [
  "from",
  "to",
  "timezone",
  "interval",
  "stamp",
  "side",
  "instrument",
  "tick",
  "lot",
  "quote",
  "calendar",
  "dateOrder",
  "timeUnit",
] as const;

/** The options of {@link addDataOptions} as a load takes them. */
export function readingOptions(options: Readonly<Record<string, unknown>>): DataSourceOptions {
  const chosen: Record<string, unknown> = {};
  for (const name of READING) if (options[name] !== undefined) chosen[name] = options[name];
  const ignored = options["ignoreColumns"];
  if (typeof ignored === "string") chosen["ignoreColumns"] = ignored.split(",").map((name) => name.trim());
  return chosen;
}

/**
 * The data of a run: `--data file`, or `--data name=file` for each input, else what the run file says. Options given as flags
 * win over those of the run file, for every dataset. `undefined` when nothing names data.
 */
export function dataSources(
  texts: readonly string[] | undefined,
  reading: DataSourceOptions,
  runFile: RunFile | undefined,
): RunData | Readonly<Record<string, RunData>> | undefined {
  if (texts === undefined || texts.length === 0) return fromRunFile(reading, runFile);
  const base = runFile?.data?.options ?? {};
  const source = (text: string): RunData => ({ ...splitInstrument(text), options: { ...base, ...reading } });
  const named = texts.map(splitName);
  if (named.every(([name]) => name === undefined)) {
    if (texts.length === 1) return source(texts[0]!);
    return refuseUsage(
      "TP_CLI_OPTION_VALUE",
      `Cannot take ${texts.length} datasets: they do not say for which input, allowed is --data name=file for each`,
      "for example --data a=one.csv --data b=two.csv",
    );
  }
  const sources: Record<string, RunData> = {};
  for (const [i, [name, reference]] of named.entries()) {
    if (name === undefined || sources[name] !== undefined) {
      refuseUsage(
        "TP_CLI_OPTION_VALUE",
        `Cannot take --data "${texts[i]}": ${name === undefined ? "it does not say for which input" : `input "${name}" has data already`}, allowed is one --data name=file for each input`,
        "for example --data a=one.csv --data b=two.csv",
      );
    }
    sources[name] = source(reference);
  }
  return sources;
}

function fromRunFile(reading: DataSourceOptions, runFile: RunFile | undefined): RunData | Readonly<Record<string, RunData>> | undefined {
  if (runFile === undefined) return undefined;
  const over = (data: RunData): RunData => ({ ...data, options: { ...data.options, ...reading } });
  if (Object.keys(runFile.inputs).length > 0)
    return Object.fromEntries(Object.entries(runFile.inputs).map(([name, data]) => [name, over(data)]));
  return runFile.data === undefined ? undefined : over(runFile.data);
}

/** `a=file.csv` names an input; in `synth:seed=1` and `./a=b.csv` nothing is named. */
function splitName(text: string): readonly [name: string | undefined, reference: string] {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.+)$/.exec(text);
  return match === null ? [undefined, text] : [match[1]!, match[2]!];
}

/** `prices.csv#MSFT` means one instrument of a file that holds several. */
function splitInstrument(text: string): { readonly reference: string; readonly select?: string } {
  const match = /^(.+)#([^#/\\]+)$/.exec(text);
  return match === null || existsSync(text) ? { reference: text } : { reference: match[1]!, select: match[2]! };
}
