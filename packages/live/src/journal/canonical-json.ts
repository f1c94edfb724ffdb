import { InvariantViolation } from "@tradepulse/core";

/**
 * JSON with the keys of every object in order, so that equal values have equal texts. A number comes back as the same number, -0 included.
 * Properties that are undefined are left out. Throws an InvariantViolation for what JSON would change silently: NaN, infinities, big integers,
 * functions, and undefined in a list.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value, undefined, "");
}

/** The way to a value, so that it costs nothing until it has to be told. */
interface Place {
  readonly before: Place | undefined;
  readonly name: string | number;
}

function textOf(value: unknown, before: Place | undefined, name: string | number): string {
  switch (typeof value) {
    case "string":
      return stringText(value);
    case "boolean":
      return value ? "true" : "false";
    case "number":
      if (!Number.isFinite(value)) throw new InvariantViolation(`${placeText(before, name)} is ${value}, which no JSON can carry`);
      return value === 0 && Object.is(value, -0) ? "-0" : numberText(value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value)
        ? listText(value, { before, name })
        : objectText(value as Readonly<Record<string, unknown>>, { before, name });
    default:
      throw new InvariantViolation(`${placeText(before, name)} is of type ${typeof value}, which no JSON can carry`);
  }
}

function listText(values: readonly unknown[], place: Place): string {
  let text = "";
  // By position: a hole in a list is an undefined, which map would pass over.
  for (let at = 0; at < values.length; at += 1) text += (at === 0 ? "" : ",") + textOf(values[at], place, at);
  return `[${text}]`;
}

function objectText(value: Readonly<Record<string, unknown>>, place: Place): string {
  let text = "";
  for (const { key, head } of sortedKeys(Object.keys(value))) {
    const inner = value[key];
    if (inner !== undefined) text += (text === "" ? "" : ",") + head + textOf(inner, place, key);
  }
  return `{${text}}`;
}

interface Key {
  readonly key: string;
  /** The key as JSON, with its colon. */
  readonly head: string;
}

/** Keys in the order in which an object holds them, and behind the last one the same keys sorted. */
interface KeyOrder {
  readonly next: Map<string, KeyOrder>;
  sorted: readonly Key[] | undefined;
}

/** Records come in few shapes, so the order of their keys is found once for each; beyond so many shapes it is found each time. */
const MOST_ORDERS = 4_096;
const ORDERS: KeyOrder = { next: new Map(), sorted: undefined };
let orderCount = 0;

function sortedKeys(keys: readonly string[]): readonly Key[] {
  let order = ORDERS;
  for (const key of keys) {
    let next = order.next.get(key);
    if (next === undefined) {
      if (orderCount >= MOST_ORDERS) return sort(keys);
      orderCount += 1;
      next = { next: new Map(), sorted: undefined };
      order.next.set(key, next);
    }
    order = next;
  }
  order.sorted ??= sort(keys);
  return order.sorted;
}

function sort(keys: readonly string[]): readonly Key[] {
  return keys.toSorted().map((key) => ({ key, head: `${JSON.stringify(key)}:` }));
}

/** Longer texts are not looked through by hand. */
const SHORT = 64;

function stringText(text: string): string {
  if (text.length > SHORT) return JSON.stringify(text);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Quotation mark, backslash, controls, and all beyond ASCII.
    if (code < 32 || code > 126 || code === 34 || code === 92) return JSON.stringify(text);
  }
  return `"${text}"`;
}

const MILLION = 1_000_000;

function numberText(value: number): string {
  // Instants are the most frequent large numbers; in two parts they are written in half the time.
  if (value < 1e9 || value > Number.MAX_SAFE_INTEGER || !Number.isInteger(value)) return String(value);
  const high = Math.floor(value / MILLION);
  const low = String(value - high * MILLION);
  return `${high}${low.length === 6 ? low : low.padStart(6, "0")}`;
}

/** `payload.request.price` or `payload.list[0]`. */
function placeText(before: Place | undefined, name: string | number): string {
  if (before === undefined) return "payload";
  const rest = typeof name === "number" ? `[${name}]` : `.${name}`;
  return placeText(before.before, before.name) + rest;
}
