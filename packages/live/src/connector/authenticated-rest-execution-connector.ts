import { type Env, redact, TransportError } from "@tradepulse/platform";
import type { CallPurpose, RateBudget } from "@tradepulse/venues";
import { refuseConfig } from "../config/refuse-config.ts";
import type { CredentialSource, Credentials } from "../credentials/credential-source.ts";

export interface ConnectorParts {
  readonly env: Env;
  readonly venue: string;
  /** `https://...`; without encryption only this machine. */
  readonly baseUrl: string;
  readonly credentials: CredentialSource;
  readonly budget: RateBudget;
  /** From sending to the last byte of the answer. Default 10 s. */
  readonly timeoutUs?: number;
}

/** A request before it is signed. */
export interface RestCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** From the base URL, with a slash in front. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly weight: number;
  readonly purpose: CallPurpose;
  /** Public calls are sent as they are. */
  readonly isSigned: boolean;
}

/** What goes on the wire: the signature is over exactly this. */
export interface SignedCall {
  readonly pathAndQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What is known after a call. `not-sent`: it had no effect and may be made again. `unknown`: it may have had its effect; only reading finds out, and an
 * order is never sent a second time.
 */
export type RestAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly kind: "not-sent"; readonly why: string; readonly retryAfterUs: number }
  | { readonly kind: "unknown"; readonly why: string };

const TOO_MANY: readonly number[] = [418, 429];
const REFUSED_KEY: readonly number[] = [401, 403];
/** A clock that nobody corrects gains or loses so much of the time that passes. */
const DRIFT = 200e-6;
const DEFAULT_BAN_US = 60_000_000;
/** Three days, the longest that a venue is known to ban for; a header that says more is not believed for ever. */
const LONGEST_BAN_US = 259_200_000_000;

/**
 * Base of REST connectors of one's own. It does what every venue needs and what is easily got wrong: keys fetched before every call after a rotation
 * (a notice of the backend, their time to live, or one refused authentication), the rate budget asked first and bans kept, the venue's clock known, secrets
 * out of every text, and of a failed call told whether it can have had an effect. A subclass says how to sign and how to read the venue's time.
 *
 * ```ts
 * class Acme extends AuthenticatedRESTExecutionConnector {
 *   protected sign(call: RestCall, { fields }: Credentials, timeUs: number): SignedCall { ... }
 *   protected readonly clockCall = { method: "GET", path: "/time", weight: 1, purpose: "truth", isSigned: false } as const;
 *   protected venueTimeUs(body: string): number | undefined { ... }
 * }
 * ```
 */
export abstract class AuthenticatedRESTExecutionConnector {
  protected readonly parts: ConnectorParts;
  /** The last measurement, anchored in the monotonic clock: a step of our wall clock must not move the time that requests are signed with. */
  private clock: { readonly venueUs: number; readonly monoUs: number; readonly errorUs: number } | undefined;

  /** Throws `TP_LIVE_VENUE` for an address without encryption on another machine. */
  constructor(parts: ConnectorParts) {
    this.parts = parts;
    const isEncrypted = parts.baseUrl.startsWith("https://");
    if (!isEncrypted && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(parts.baseUrl)) {
      refuseConfig(
        "TP_LIVE_VENUE",
        `Cannot use "${parts.baseUrl}" as the address of venue "${parts.venue}": allowed is https://, and http:// on this machine`,
        [["venue", parts.venue]],
        "correct the address",
      );
    }
  }

  /** Venue wall time less ours in microseconds; 0 before the first measurement. */
  get clockOffsetUs(): number {
    return this.clock === undefined ? 0 : this.venueNowUs - this.parts.env.wallUs();
  }

  /** How far off the venue's time may be that we know: infinite before the first measurement, then growing as quartz drifts. */
  get clockErrorUs(): number {
    if (this.clock === undefined) return Number.POSITIVE_INFINITY;
    return this.clock.errorUs + Math.ceil((this.parts.env.monoUs() - this.clock.monoUs) * DRIFT);
  }

  /** The request as it is sent, signed at the venue's time `timeUs`. */
  protected abstract sign(call: RestCall, credentials: Credentials, timeUs: number): SignedCall;

  /** The call that asks for the venue's time. */
  protected abstract readonly clockCall: RestCall;

  /** The venue's time in an answer to {@link clockCall}; `undefined` when it is not readable. */
  protected abstract venueTimeUs(body: string): number | undefined;

  /** Whether an answer says that key or signature were refused. */
  protected refusedKey(status: number, _body: string): boolean {
    return REFUSED_KEY.includes(status);
  }

  /** Weight that an answer says was used so far; `undefined` when it says nothing. */
  protected usedWeight(_headers: Readonly<Record<string, string>>): number | undefined {
    return undefined;
  }

  /** Measures the venue's clock once. False when it could not be read. */
  async measureClock(): Promise<boolean> {
    const { env } = this.parts;
    const sentUs = env.monoUs();
    const answer = await this.call(this.clockCall);
    const tookUs = env.monoUs() - sentUs;
    const venueUs = answer.kind === "answered" && answer.status === 200 ? this.venueTimeUs(answer.body) : undefined;
    if (venueUs === undefined) return false;
    // The venue looked at its clock somewhere between sending and receiving.
    const halfUs = Math.ceil(tookUs / 2);
    this.clock = { venueUs: venueUs + halfUs, monoUs: sentUs + tookUs, errorUs: halfUs };
    return true;
  }

  private get venueNowUs(): number {
    const { env } = this.parts;
    return this.clock === undefined ? env.wallUs() : this.clock.venueUs + (env.monoUs() - this.clock.monoUs);
  }

  /** One call, sent once. */
  async call(call: RestCall): Promise<RestAnswer> {
    const { env, budget, credentials, baseUrl, timeoutUs = 10_000_000 } = this.parts;
    const keys = call.isSigned ? await credentials.current() : undefined;
    // Asked and spent in one go: calls that wait for keys together would otherwise all find the same weight free.
    const waitUs = budget.waitUs(call.weight, call.purpose);
    if (waitUs > 0) return { kind: "not-sent", why: "the rate budget is used up", retryAfterUs: waitUs };
    const signed = keys === undefined ? plain(call) : this.sign(call, keys, this.venueNowUs);
    budget.spend(call.weight);
    try {
      const { status, headers, body } = await env.http({
        method: call.method,
        url: `${baseUrl}${signed.pathAndQuery}`,
        headers: signed.headers,
        ...(signed.body === undefined ? {} : { body: signed.body }),
        timeoutUs,
      });
      return this.judge(call, status, headers, redact(body, credentials.secrets));
    } catch (error) {
      const why = redact(error instanceof Error ? error.message : String(error), credentials.secrets);
      return error instanceof TransportError && error.sent === "no"
        ? { kind: "not-sent", why, retryAfterUs: 1_000_000 }
        : { kind: "unknown", why };
    }
  }

  private judge(call: RestCall, status: number, headers: Readonly<Record<string, string>>, body: string): RestAnswer {
    const { env, budget, credentials } = this.parts;
    const used = this.usedWeight(headers);
    if (used !== undefined) budget.observe(used);
    if (TOO_MANY.includes(status)) {
      const seconds = Number(headers["retry-after"]);
      const banUs = seconds > 0 ? Math.min(seconds * 1e6, LONGEST_BAN_US) : DEFAULT_BAN_US;
      budget.ban(env.monoUs() + banUs);
      return { kind: "not-sent", why: `the venue limits the rate with ${status}`, retryAfterUs: banUs };
    }
    if (status >= 500) return { kind: "unknown", why: `the venue answered ${status}` };
    if (call.isSigned && this.refusedKey(status, body)) credentials.authenticationFailed();
    return { kind: "answered", status, headers, body };
  }
}

function plain({ path, query, body }: RestCall): SignedCall {
  const text = Object.entries(query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  return { pathAndQuery: text === "" ? path : `${path}?${text}`, headers: {}, ...(body === undefined ? {} : { body }) };
}
