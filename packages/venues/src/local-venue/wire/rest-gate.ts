import { refusals, VenueRefusal } from "../exchange/refusal.ts";
import { accountEndpoints } from "./account-endpoints.ts";
import { type ApiKey, isSignedBy } from "./api-key.ts";
import { type CallOutcome, runCall } from "./call-runner.ts";
import type { Endpoint } from "./endpoint.ts";
import { marketEndpoints } from "./market-endpoints.ts";
import type { VenueCore } from "./venue-core.ts";

/** A request as it arrives. `url` may be absolute or only path and query. */
export interface VenueRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type VenueAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The connection breaks without an answer. */
  | { readonly kind: "cut" };

const endpoints = new Map<string, Endpoint>([...marketEndpoints, ...accountEndpoints].map((each) => [each.rest, each]));
const paths = new Set([...endpoints.keys()].map((rest) => rest.split(" ")[1]));

/** Answers a REST request of an address. The promise never settles when the answer is lost. */
export async function answerRest(core: VenueCore, request: VenueRequest, address: string): Promise<VenueAnswer> {
  const [pathAndQuery] = request.url.replace(/^[a-z]+:\/\/[^/]+/, "").split("#");
  const [path = "", query = ""] = splitOnce(pathAndQuery!, "?");
  const endpoint = endpoints.get(`${request.method} ${path}`);
  if (endpoint === undefined) return unknownPath(path);
  const body = request.body ?? "";
  let parameters: ReadonlyMap<string, string>;
  try {
    parameters = decode(query, body);
  } catch (error) {
    return render(core, address, endpoint, { kind: "refusal", refusal: error as VenueRefusal, accountId: "" });
  }
  const symbol = parameters.get("symbol");
  const clientId = parameters.get("newClientOrderId") ?? parameters.get("origClientOrderId");
  const outcome = await runCall(core, {
    endpoint,
    parameters,
    address,
    scene: {
      method: request.method,
      path,
      ...(symbol === undefined ? {} : { symbol }),
      ...(clientId === undefined ? {} : { clientId }),
    },
    authenticate: () => authenticate(core, request, parameters, query, body),
  });
  if (outcome.kind === "lost") return new Promise(() => {});
  return render(core, address, endpoint, outcome);
}

function authenticate(
  core: VenueCore,
  request: VenueRequest,
  parameters: ReadonlyMap<string, string>,
  query: string,
  body: string,
): ApiKey {
  const name = headerOf(request, "x-mbx-apikey");
  if (name === undefined || !/^[A-Za-z0-9]{1,128}$/.test(name)) throw refusals.keyFormat();
  const key = core.keys.get(name);
  if (key === undefined) throw refusals.key();
  const signature = parameters.get("signature");
  if (signature === undefined) throw refusals.missing("signature");
  // Signed is what was sent, byte for byte: the query and then the body, without the signature.
  if (!isSignedBy(key, withoutSignature(query) + withoutSignature(body), signature)) throw refusals.signature();
  return key;
}

function render(core: VenueCore, address: string, endpoint: Endpoint, outcome: Exclude<CallOutcome, { kind: "lost" }>): VenueAnswer {
  if (outcome.kind === "cut") return outcome;
  const headers: Record<string, string> = {
    "content-type": "application/json;charset=UTF-8",
    "x-mbx-used-weight": String(core.limits.used(address)),
    "x-mbx-used-weight-1m": String(core.limits.used(address)),
  };
  if (outcome.kind === "raw") {
    const { status, type, body } = outcome;
    return { kind: "answer", status, headers: type === "text/html" ? { "content-type": type } : headers, body };
  }
  if (endpoint.enters === "order" && outcome.accountId !== "") {
    const counts = core.limits.orderCounts(outcome.accountId);
    headers["x-mbx-order-count-10s"] = String(counts.per10Seconds);
    headers["x-mbx-order-count-1d"] = String(counts.perDay);
  }
  if (outcome.kind === "result") return { kind: "answer", status: 200, headers, body: JSON.stringify(outcome.result) };
  const { status, code, message, retryAfter } = outcome.refusal;
  if (retryAfter > 0) headers["retry-after"] = String(retryAfter);
  return { kind: "answer", status, headers, body: JSON.stringify({ code, msg: message }) };
}

function unknownPath(path: string): VenueAnswer {
  const headers = { "content-type": "text/html" };
  const known = paths.has(path);
  const title = known ? "405 Method Not Allowed" : "404 Not Found";
  return { kind: "answer", status: known ? 405 : 404, headers, body: `<html><body><h2>${title}</h2></body></html>\n` };
}

/** Query and body as one set of parameters; the query wins where both name one. */
function decode(query: string, body: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of [body, query]) {
    const seen = new Set<string>();
    for (const [name, value] of new URLSearchParams(part)) {
      if (seen.has(name)) throw new VenueRefusal(-1101, "Duplicate values for a parameter detected.");
      seen.add(name);
      parameters.set(name, value);
    }
  }
  return parameters;
}

function withoutSignature(text: string): string {
  return text
    .split("&")
    .filter((part) => !part.startsWith("signature="))
    .join("&");
}

function headerOf(request: VenueRequest, name: string): string | undefined {
  for (const [each, value] of Object.entries(request.headers)) if (each.toLowerCase() === name) return value;
  return undefined;
}

function splitOnce(text: string, by: string): readonly string[] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}
