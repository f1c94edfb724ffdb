import { FailureError } from "@tradepulse/core";
import { type Env, redact, Secret } from "@tradepulse/platform";
import type { CredentialConfig } from "../config/live-config.ts";
import { refuseConfig } from "../config/refuse-config.ts";
import { backendOf, type SecretBackend, type SecretBundle, type SecretResolver } from "./secret-backend.ts";

/** Keys of one account: field and secret. `version` grows by one with each set that differs from the one before. */
export interface Credentials {
  readonly fields: Readonly<Record<string, Secret>>;
  readonly version: number;
}

export interface CredentialSourceParts {
  readonly env: Env;
  readonly venue: string;
  readonly config: CredentialConfig;
  /** Resolvers registered on the runner, by the name that `adapter` gives. */
  readonly backends: Readonly<Record<string, SecretResolver>>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  onAlarm(text: string): void;
  /** Told of the secrets of a new set before they are used, so that they are taken out of every text. */
  onSecrets?(secrets: readonly Secret[]): void;
  /** A bundle could not be had or understood. */
  onBadBundle?(flaw: "unreadable" | "refused", why: string): void;
}

/** After a set could not be had, so long passes before it is asked for again: a backend that is down must not be hammered by every call. */
const ASK_AGAIN_US = 2_000_000;

/**
 * The keys of one venue. They are fetched once, and anew before the next use after a notice of the backend, after their time to live, or after one
 * failed authentication. While a new set cannot be had the old one stays in use and an alarm is raised; without a first one nothing starts.
 */
export class CredentialSource {
  private readonly parts: CredentialSourceParts;
  private readonly backend: SecretBackend | undefined;
  private readonly path: string;
  private readonly stopWatch: (() => void) | undefined;
  private current_: Credentials | undefined;
  private fetchedUs = Number.NEGATIVE_INFINITY;
  private isStale = true;
  private failedUs = Number.NEGATIVE_INFINITY;
  private pending: Promise<Credentials> | undefined;

  /** Throws `TP_LIVE_SECRET_BACKEND` for a backend that is not there, `TP_LIVE_SECRET_MISSING` when its path is in no variable. */
  constructor(parts: CredentialSourceParts) {
    this.parts = parts;
    const { config, env, venue, backends } = parts;
    const { secretBackend } = config;
    const isEnv = secretBackend === undefined || secretBackend.adapter === "env";
    this.backend = isEnv ? undefined : backendOf(env, venue, secretBackend.adapter, backends);
    this.path = isEnv ? "" : (secretBackend.path ?? this.pathFromVariable(secretBackend.pathEnv!));
    this.stopWatch = this.backend?.watch?.(this.path, () => {
      this.isStale = true;
    });
  }

  /** The keys, fresh when there is a reason. Throws `TP_LIVE_SECRET_MISSING` or `TP_LIVE_SECRET_BACKEND` only while there have never been any. */
  async current(): Promise<Credentials> {
    const { ttlUs } = this.parts.config;
    const isOld = ttlUs !== undefined && this.parts.env.monoUs() - this.fetchedUs >= ttlUs;
    const isEarly = this.parts.env.monoUs() - this.failedUs < ASK_AGAIN_US;
    if (this.current_ !== undefined && ((!this.isStale && !isOld) || isEarly)) return this.current_;
    this.pending ??= this.refresh().finally(() => {
      this.pending = undefined;
    });
    return await this.pending;
  }

  /** The venue refused a signature or a key: the next use fetches first. */
  authenticationFailed(): void {
    this.isStale = true;
  }

  /** What must appear in no text. */
  get secrets(): readonly Secret[] {
    return Object.values(this.current_?.fields ?? {});
  }

  close(): void {
    this.stopWatch?.();
  }

  private async refresh(): Promise<Credentials> {
    this.isStale = false;
    this.fetchedUs = this.parts.env.monoUs();
    const before = this.current_;
    try {
      const fields = this.pick(await this.fetch());
      this.parts.onSecrets?.(Object.values(fields));
      const isSame = before !== undefined && sameFields(before.fields, fields);
      this.current_ = isSame ? before : { fields, version: (before?.version ?? 0) + 1 };
      return this.current_;
    } catch (error) {
      const why = redact(error instanceof FailureError ? error.failure.message : "the backend failed", this.secrets);
      const isMissing = error instanceof FailureError && error.failure.code === "TP_LIVE_SECRET_MISSING";
      this.parts.onBadBundle?.(isMissing ? "refused" : "unreadable", why);
      // Whatever made it stale is still true.
      this.isStale = true;
      if (before === undefined) throw error;
      this.failedUs = this.parts.env.monoUs();
      this.parts.onAlarm(`the keys stay as they are: ${why}`);
      return before;
    }
  }

  private async fetch(): Promise<SecretBundle> {
    if (this.backend === undefined) return {};
    const { venue, config } = this.parts;
    try {
      const bundle: unknown = await this.backend.fetch(this.path);
      if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) throw new Error("what it gave is no table of texts");
      return bundle as SecretBundle;
    } catch (error) {
      const why = error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
      return refuseConfig(
        "TP_LIVE_SECRET_BACKEND",
        `Cannot read credentials of venue "${venue}": secret backend "${config.secretBackend!.adapter}" gave none, ${redact(why, this.secrets)}`,
        [["path", this.path]],
        "check that the backend runs and the path holds a bundle",
      );
    }
  }

  private pick(bundle: SecretBundle): Readonly<Record<string, Secret>> {
    const { config, variables } = this.parts;
    const fields: Record<string, Secret> = {};
    for (const field of [...config.required, ...config.optional]) {
      const given = this.own(bundle, field) ?? (config.envPrefix === undefined ? undefined : variables[`${config.envPrefix}_${field}`]);
      // The line end of a file that a key was copied from is no part of it, and no header may hold one.
      const text = given?.trim();
      if (text !== undefined && text !== "") fields[field] = new Secret(text);
      else if (config.required.includes(field)) this.missing(field);
    }
    return fields;
  }

  /** The text that the bundle has for a field. Something else under its key is no reason to look elsewhere: the backend stands over variables. */
  private own(bundle: SecretBundle, field: string): string | undefined {
    const key = this.keyOf(field);
    const value: unknown = Object.hasOwn(bundle, key) ? bundle[key] : undefined;
    if (value === undefined || typeof value === "string") return value;
    const { venue, config } = this.parts;
    return refuseConfig(
      "TP_LIVE_SECRET_BACKEND",
      `Cannot read credentials of venue "${venue}": key "${key}" of secret backend "${config.secretBackend?.adapter ?? "env"}" is ${typeof value}, allowed is text`,
      [["path", this.path]],
      "put the secret there as text",
    );
  }

  private keyOf(field: string): string {
    return this.parts.config.secretBackend?.fieldMapping[field] ?? field;
  }

  private missing(field: string): never {
    const { venue, config } = this.parts;
    const sources: (readonly [string, string])[] = [];
    if (this.backend !== undefined)
      sources.push([
        "source",
        `key "${this.keyOf(field)}" of the bundle "${this.path}" of secret backend "${config.secretBackend!.adapter}"`,
      ]);
    if (config.envPrefix !== undefined) sources.push(["source", `variable ${config.envPrefix}_${field}`]);
    return refuseConfig(
      "TP_LIVE_SECRET_MISSING",
      `Cannot use venue "${venue}": its field "${field}" is missing, required are ${config.required.join(", ")}`,
      [["venue", venue], ...sources],
      `put ${field} there and start again`,
    );
  }

  private pathFromVariable(name: string): string {
    const { variables, venue, config } = this.parts;
    const path = variables[name];
    if (path !== undefined && path !== "") return path;
    return refuseConfig(
      "TP_LIVE_SECRET_MISSING",
      `Cannot use venue "${venue}": the variable ${name} is not set, needed is the path of its credentials`,
      [
        ["venue", venue],
        ["source", `secret backend "${config.secretBackend!.adapter}"`],
      ],
      `set ${name}`,
    );
  }
}

function sameFields(a: Readonly<Record<string, Secret>>, b: Readonly<Record<string, Secret>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => b[name] !== undefined && a[name]!.reveal() === b[name].reveal());
}
