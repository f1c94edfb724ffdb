import type { ConfigEntry } from "./config-entry.ts";
import { isTable } from "./read-value.ts";

const LONGEST_SHOWN = 80;

/** A value that was refused, as a message may show it: short, and of what stands under credentials only its kind. */
export function shownValue(path: string, raw: unknown): string {
  const text = JSON.stringify(raw) ?? String(raw);
  if (path.includes("credentials")) return typeof raw === "string" ? `a text of ${raw.length} characters` : `a ${typeof raw}`;
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}... (${text.length} characters)`;
}

/** How the value was perhaps meant, and how that is written; `undefined` when nothing comes to mind. */
export function writingHint(entry: ConfigEntry, raw: unknown): string | undefined {
  switch (entry.kind) {
    case "seconds":
      return secondsHint(entry, raw);
    case "number":
    case "whole":
      return numberHint(entry, raw);
    case "amount":
      return percentHint(raw, (fraction) => fraction) ?? aboveOne(entry, raw) ?? plainDigits(raw);
    case "amounts":
      return plainDigits(raw);
    case "loss":
      return percentHint(raw, (fraction) => `{ fraction = ${fraction} }`) ?? lossHint(raw) ?? plainDigits(raw);
    case "flag":
      return /^(1|yes|on)$/i.test(String(raw)) ? "write true" : /^(0|no|off)$/i.test(String(raw)) ? "write false" : undefined;
    case "texts":
      return typeof raw === "string" ? 'write it as a list, as in ["A", "B"]' : undefined;
    case "choice":
      return choiceHint(entry, raw);
    case "text":
    case "table":
      return undefined;
  }
}

function secondsHint({ max }: ConfigEntry, raw: unknown): string | undefined {
  const value = Number(raw);
  if (Number.isFinite(value) && max !== undefined && value > max && value / 1_000 <= max)
    return `write "${value}ms" if ${value} are milliseconds`;
  return typeof raw === "string" && /^\d/.test(raw) ? "write a number of seconds, or one with us, ms, s, m, h or d behind it" : undefined;
}

function numberHint({ max }: ConfigEntry, raw: unknown): string | undefined {
  if (typeof raw === "string" && /^[+-]?\d+(\.\d+)?$/.test(raw)) return `write it without quotes: ${raw}`;
  const percent = percentHint(raw, (fraction) => fraction);
  return percent ?? (typeof raw === "number" && max !== undefined && max <= 1 && raw > max ? fractionOf(raw) : undefined);
}

function aboveOne({ max }: ConfigEntry, raw: unknown): string | undefined {
  return max === 1 && Number(raw) > 1 ? fractionOf(Number(raw)) : undefined;
}

function fractionOf(percent: number): string {
  return `write ${percent / 100} if ${percent} is a percentage`;
}

function percentHint(raw: unknown, written: (fraction: number) => string | number): string | undefined {
  const match = typeof raw === "string" ? /^(\d+(?:\.\d+)?)\s*%$/.exec(raw) : null;
  return match === null ? undefined : `write it as ${written(Number(match[1]) / 100)}`;
}

function lossHint(raw: unknown): string | undefined {
  const fraction = isTable(raw) ? Number(raw["fraction"]) : Number.NaN;
  return fraction > 1 ? `write { fraction = ${fraction / 100} } if ${fraction} is a percentage` : undefined;
}

function plainDigits(raw: unknown): string | undefined {
  return typeof raw === "string" && /^[\d\s.,_']+\s*[A-Z]*$/.test(raw)
    ? "write plain digits with a point, without separators and currency"
    : undefined;
}

function choiceHint({ choices }: ConfigEntry, raw: unknown): string | undefined {
  const same = choices!.find((choice) => choice === String(raw).toLowerCase().replaceAll("_", "-"));
  return same === undefined ? undefined : `write "${same}"`;
}
