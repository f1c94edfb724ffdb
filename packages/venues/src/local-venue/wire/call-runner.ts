import { US_PER_SECOND } from "@tradepulse/core";
import { refusals, VenueRefusal } from "../exchange/refusal.ts";
import type { FaultScene } from "../faults/fault-board.ts";
import type { ApiKey } from "./api-key.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import { latencyUs, noteFault, pause, type VenueCore } from "./venue-core.ts";
import { required, type WireParameters, wireTimeUs } from "./wire-parameters.ts";

/** A call as it came off the wire. */
export interface WireCall {
  readonly endpoint: Endpoint;
  readonly parameters: WireParameters;
  readonly address: string;
  readonly scene: FaultScene;
  /** Finds the key of a signed call, or throws its refusal. */
  authenticate(): ApiKey;
}

/** What the caller gets: an answer, a broken connection, or nothing for ever. */
export type CallOutcome =
  | { readonly kind: "result"; readonly result: unknown; readonly accountId: string }
  | { readonly kind: "refusal"; readonly refusal: VenueRefusal; readonly accountId: string }
  /** An answer that is not the venue's: a page, or half of a document. */
  | { readonly kind: "raw"; readonly status: number; readonly type: string; readonly body: string }
  | { readonly kind: "cut" }
  | { readonly kind: "lost" };

/** The API stops waiting for the engine after this long. */
const ENGINE_TIMEOUT_US = 10 * US_PER_SECOND;
const LONGEST_WINDOW_US = 60 * US_PER_SECOND;
const DEFAULT_WINDOW_US = 5 * US_PER_SECOND;
const AHEAD_US = US_PER_SECOND;

/**
 * Takes a call through the gate, the engine and back: weight, signature, `recvWindow` at arrival and once more just before the engine, latency,
 * and every fault that may strike on the way. REST and the WebSocket API share it.
 */
export async function runCall(core: VenueCore, wire: WireCall): Promise<CallOutcome> {
  const { faults } = core;
  const { scene, endpoint } = wire;
  if (core.isAway()) return { kind: "cut" };
  if (faults.draw("request-lost", scene) !== undefined) return neverEntered(core, wire, "request-lost", { kind: "lost" });
  if (faults.draw("request-cut", scene) !== undefined) return neverEntered(core, wire, "request-cut", { kind: "cut" });
  const held = faults.draw("late-arrival", scene);
  if (held !== undefined) {
    noteFault(core, "late-arrival", aboutOf(wire));
    await pause(core, held.delayUs);
  }
  const outcome = await enter(core, wire);
  const slow = faults.draw("slow-response", scene);
  await pause(core, latencyUs(core, "responseUs") + (slow?.delayUs ?? 0));
  if (endpoint.enters === "cancel" && faults.draw("cancel-lost", scene) !== undefined)
    return tell(core, wire, "cancel-lost", { kind: "lost" });
  if (faults.draw("response-lost", scene) !== undefined) return tell(core, wire, "response-lost", { kind: "lost" });
  if (faults.draw("response-cut", scene) !== undefined) return tell(core, wire, "response-cut", { kind: "cut" });
  const failed = faults.draw("error-accepted", scene);
  if (failed !== undefined) return tell(core, wire, "error-accepted", failure(failed.value ?? 504));
  const page = faults.draw("html-accepted", scene);
  if (page !== undefined) return tell(core, wire, "html-accepted", htmlPage(page.value ?? 502));
  if (outcome.kind === "result" && faults.draw("garbage-body", scene) !== undefined) {
    const text = JSON.stringify(outcome.result);
    return tell(core, wire, "garbage-body", { kind: "raw", status: 200, type: "application/json", body: text.slice(0, text.length >> 1) });
  }
  return outcome;
}

async function enter(core: VenueCore, wire: WireCall): Promise<CallOutcome> {
  const { faults } = core;
  const { scene, endpoint, parameters, address } = wire;
  let accountId = "";
  try {
    if (faults.draw("blocked", scene) !== undefined) return neverEntered(core, wire, "blocked", htmlPage(403));
    const others = faults.draw("weight-jump", scene);
    if (others !== undefined) core.limits.addForeign(address, others.value ?? 1_000);
    const banned = faults.draw("banned", scene);
    if (banned !== undefined) core.limits.ban(address, banned.delayUs);
    core.limits.spend(address, typeof endpoint.weight === "number" ? endpoint.weight : endpoint.weight(parameters));
    if (faults.draw("rate-limited", scene) !== undefined) core.limits.pretendUsedUp();
    const refused = faults.draw("error-refused", scene);
    if (refused !== undefined) return neverEntered(core, wire, "error-refused", failure(refused.value ?? 503));
    const page = faults.draw("html-refused", scene);
    if (page !== undefined) return neverEntered(core, wire, "html-refused", htmlPage(page.value ?? 502));

    if (endpoint.security !== "none") {
      const key = wire.authenticate();
      if (endpoint.security === "trade" && key.canTrade === false) throw refusals.key();
      if (endpoint.enters === "order" && key.canPlace === false) throw refusals.key();
      accountId = key.accountId;
      checkWindow(core, parameters);
    }
    const call: Call = { core, parameters, accountId, lagUs: lagOf(core, wire) };
    if (endpoint.enters === undefined) return { kind: "result", result: endpoint.run(call), accountId };
    return await enterEngine(core, wire, call);
  } catch (error) {
    if (!(error instanceof VenueRefusal)) throw error;
    return { kind: "refusal", refusal: error, accountId };
  }
}

async function enterEngine(core: VenueCore, wire: WireCall, call: Call): Promise<CallOutcome> {
  await pause(core, latencyUs(core, "entryUs"));
  // The last look: what is signed for too short a time does not enter, however long it took to get here.
  checkWindow(core, call.parameters);
  const stuck = core.faults.draw("engine-delay", wire.scene);
  if (stuck !== undefined) {
    noteFault(core, "engine-delay", aboutOf(wire));
    await pause(core, Math.min(stuck.delayUs, ENGINE_TIMEOUT_US));
  }
  const result = wire.endpoint.run(call);
  if (stuck !== undefined && stuck.delayUs >= ENGINE_TIMEOUT_US) throw refusals.timeout();
  return { kind: "result", result, accountId: call.accountId };
}

/** Refuses a call whose time is over or has not come. */
function checkWindow(core: VenueCore, parameters: WireParameters): void {
  required(parameters, "timestamp");
  const timestampUs = wireTimeUs(parameters, "timestamp")!;
  const windowUs = parameters.has("recvWindow") ? recvWindowUs(parameters) : DEFAULT_WINDOW_US;
  if (timestampUs >= core.now() + AHEAD_US) throw refusals.ahead();
  if (core.now() - timestampUs > windowUs) throw refusals.outsideWindow();
}

function recvWindowUs(parameters: WireParameters): number {
  const text = parameters.get("recvWindow")!;
  if (!/^\d{1,8}(\.\d{1,3})?$/.test(text)) throw refusals.illegalNumber("recvWindow");
  const windowUs = Math.round(Number(text) * 1_000);
  if (windowUs > LONGEST_WINDOW_US) throw new VenueRefusal(-1131, "'recvWindow' must be less than 60000.");
  return windowUs;
}

function lagOf(core: VenueCore, wire: WireCall): number {
  const { replica } = wire.endpoint;
  return replica === undefined ? 0 : (core.faults.draw(replica, wire.scene)?.delayUs ?? 0);
}

function neverEntered(core: VenueCore, wire: WireCall, fault: string, outcome: CallOutcome): CallOutcome {
  const { enters } = wire.endpoint;
  if (enters !== undefined) {
    const { parameters } = wire;
    core.exchange.ledger.append(core.now(), {
      kind: "request",
      request: enters === "order" ? "place" : enters,
      accountId: "",
      symbol: parameters.get("symbol") ?? "",
      clientId: parameters.get("newClientOrderId") ?? parameters.get("origClientOrderId") ?? "",
      outcome: "never-entered",
      code: 0,
      orderId: 0,
    });
  }
  return tell(core, wire, fault, outcome);
}

function tell(core: VenueCore, wire: WireCall, fault: string, outcome: CallOutcome): CallOutcome {
  noteFault(core, fault, aboutOf(wire));
  return outcome;
}

function aboutOf({ endpoint, parameters }: WireCall): string {
  const id = parameters.get("newClientOrderId") ?? parameters.get("origClientOrderId") ?? parameters.get("orderId") ?? "";
  return `${endpoint.rest} ${id}`.trim();
}

/** A 5xx of the venue: the status alone says that nothing is known. */
function failure(status: number): CallOutcome {
  const refusal = status === 504 ? refusals.timeout() : status === 503 ? refusals.disconnected() : refusals.unexpectedResponse();
  return { kind: "refusal", refusal: new VenueRefusal(refusal.code, refusal.message, status), accountId: "" };
}

function htmlPage(status: number): CallOutcome {
  const title = status === 403 ? "403 Forbidden" : `${status} Bad Gateway`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { kind: "raw", status, type: "text/html", body };
}
