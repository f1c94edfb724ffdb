import type { Env } from "@tradepulse/platform";
import { refuseConfig } from "../config/refuse-config.ts";

/** A bundle of credentials as a backend gives it: key and text. */
export type SecretBundle = Readonly<Record<string, string>>;

/** Fetches the bundle at a path: the form of the deployment guide. */
export type ResolveSecret = (path: string) => SecretBundle | Promise<SecretBundle>;

/** A backend that can also say when a bundle has changed. */
export interface SecretBackend {
  fetch(path: string): SecretBundle | Promise<SecretBundle>;
  /** Calls `changed` after the bundle at this path may have changed; returns how to stop. */
  watch?(path: string, changed: () => void): () => void;
}

export type SecretResolver = ResolveSecret | SecretBackend;

/** Time between two looks at a file of secrets. */
export const SECRET_LOOK_US = 2_000_000;

/** JSON in a file, as a Vault agent renders it. Looked at every two seconds, so that a rotation is seen before the next call. */
export function fileBackend(env: Env): SecretBackend {
  const textOf = async (path: string): Promise<string> => new TextDecoder().decode(await env.files.read(path));
  return {
    fetch: async (path) => readBundle(await textOf(path)),
    watch(path, changed) {
      let last: string | undefined;
      let isStopped = false;
      const look = async (): Promise<void> => {
        const text = await textOf(path).catch(() => last);
        if (isStopped) return;
        if (last !== undefined && text !== last) changed();
        last = text;
        timer = env.timer(SECRET_LOOK_US, () => void look());
      };
      let timer = env.timer(0, () => void look());
      return () => {
        isStopped = true;
        timer.cancel();
      };
    },
  };
}

/** A JSON object; that a field of it is text is checked where it is used. The message of a failure quotes nothing of it. */
function readBundle(text: string): SecretBundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new Error("it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("it is no JSON object");
  return value as SecretBundle;
}

/** Backends of the deployment guide and the specification that come later. */
const NOT_BUILT_IN: readonly string[] = ["vault", "aws-secrets-manager", "aws-kms", "gcp-kms"];

/** The backend of a name: registered ones stand over the built-in `file`. Throws `TP_LIVE_SECRET_BACKEND`. */
export function backendOf(env: Env, venue: string, name: string, registered: Readonly<Record<string, SecretResolver>>): SecretBackend {
  const resolver = Object.hasOwn(registered, name) ? registered[name] : undefined;
  if (resolver !== undefined) return typeof resolver === "function" ? { fetch: resolver } : resolver;
  if (name === "file") return fileBackend(env);
  const known = ["env", "file", ...Object.keys(registered)].map((each) => `"${each}"`).join(", ");
  return refuseConfig(
    "TP_LIVE_SECRET_BACKEND",
    `Cannot read credentials of venue "${venue}": secret backend "${name}" is ${NOT_BUILT_IN.includes(name) ? "not built in yet" : "not known"}, usable are ${known}`,
    [["venue", venue]],
    `register a resolver on the runner: new LiveTradingRunner({ secretBackends: { "${name}": async (path) => ... } })`,
  );
}
