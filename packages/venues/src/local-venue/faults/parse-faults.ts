import { fail, ok, type Result } from "@tradepulse/core";
import type { FaultRule } from "./fault-board.ts";
import { FAULT_NAMES, isFaultName } from "./fault-names.ts";

const SECOND_US = 1_000_000;

/**
 * Reads `response-lost=0.1,late-arrival=0.05:delay=8s,read-lag:delay=2s:times=3`: faults by comma, each with its chance and details by colon.
 * Details are delay, value, times, after, method, path, symbol, client, account and stream.
 */
export function parseFaults(text: string): Result<readonly FaultRule[]> {
  const rules: FaultRule[] = [];
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const rule = parseRule(part);
    if (typeof rule === "string") {
      return fail({
        code: "TP_VENUE_FAULT",
        message: `Cannot switch on the fault "${part}": ${rule}`,
        details: [],
        next: "for example response-lost=0.1,late-arrival=0.05:delay=8s; tradepulse venue-server --list-faults shows all",
      });
    }
    rules.push(rule);
  }
  return ok(rules);
}

function parseRule(part: string): FaultRule | string {
  const [head, ...details] = part.split(":");
  const [name, chance] = head!.split("=");
  if (!isFaultName(name!))
    return `there is no fault of this name, known are ${FAULT_NAMES.length} from ${FAULT_NAMES[0]} to ${FAULT_NAMES.at(-1)}`;
  const rule: Record<string, unknown> = { name };
  if (chance !== undefined) {
    const probability = Number(chance);
    if (!(probability >= 0 && probability <= 1)) return `its chance is "${chance}", allowed are 0 to 1`;
    rule["chance"] = probability;
  }
  const only: Record<string, string> = {};
  for (const detail of details) {
    const [key, value = ""] = detail.split("=");
    if (key === "delay") {
      const delayUs = parseDelay(value);
      if (delayUs === undefined) return `its delay is "${value}", allowed are times such as 250ms or 8s`;
      rule["delayUs"] = delayUs;
    } else if (key === "value" || key === "times" || key === "after") {
      if (value === "" || !Number.isFinite(Number(value))) return `its ${key} is "${value}", allowed are numbers`;
      rule[key] = Number(value);
    } else if (key === "client") only["clientId"] = value;
    else if (["method", "path", "symbol", "account", "stream"].includes(key!)) only[key!] = value;
    else return `it has no detail "${key}", known are delay, value, times, after, method, path, symbol, client, account, stream`;
  }
  if (Object.keys(only).length > 0) rule["only"] = only;
  return rule as unknown as FaultRule;
}

/** `250ms`, `8s`, `2m` in microseconds. */
export function parseDelay(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m)$/.exec(text);
  if (match === null) return undefined;
  const unit = { us: 1, ms: 1_000, s: SECOND_US, m: 60 * SECOND_US }[match[2] as "us" | "ms" | "s" | "m"];
  return Math.round(Number(match[1]) * unit);
}
