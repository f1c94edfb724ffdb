import { FailureError, nearestName } from "@tradepulse/core";
import { placeOf } from "./toml-places.ts";

/** The file under the reader: its name as it was given, and the lines of its keys. */
export interface ConfigFile {
  readonly path: string;
  readonly places: ReadonlyMap<string, number>;
}

type Details = readonly (readonly [string, string] | undefined)[];

/** Throws a coded failure about a configuration. */
export function refuseConfig(code: string, message: string, details: Details, next: string, cause?: unknown): never {
  throw new FailureError({ code, message, details: details.filter((each) => each !== undefined), next }, cause);
}

/** `at configs/live/default.toml:12`. */
export function lineDetail(file: ConfigFile, path: string): readonly [string, string] {
  const line = placeOf(file.places, path);
  return ["at", line === undefined ? file.path : `${file.path}:${line}`];
}

const LOOKS_SECRET = /secret|api_?key|private_?key|password|passphrase|token/i;

export function refuseUnknownKey(file: ConfigFile, path: string, key: string, known: readonly string[]): never {
  const near = nearestName(key, known);
  const isSecret = LOOKS_SECRET.test(key) && near === undefined;
  return refuseConfig(
    "TP_LIVE_CONFIG_UNKNOWN",
    `Cannot read configuration "${file.path}": it sets "${path}", known there are ${known.join(", ")}`,
    [lineDetail(file, path), near === undefined ? undefined : ["meant", `"${near}"`]],
    isSecret
      ? "take it out: keys do not stand in this file but in variables or in a secret backend; one that was shared with it must be replaced"
      : "use one of the known keys, or take the line out",
  );
}

/** `next` says how to write it, where that can be guessed. */
export function refuseConfigValue(
  file: ConfigFile,
  path: string,
  shown: string,
  allowed: string,
  about: string,
  next = "correct the value",
): never {
  return refuseConfig(
    "TP_LIVE_CONFIG_VALUE",
    `Cannot read configuration "${file.path}": ${path} is ${shown}, allowed is ${allowed}`,
    [lineDetail(file, path), ["means", about]],
    next,
  );
}
