import { InvariantViolation } from "@tradepulse/core";

/**
 * JSON with the keys of every object in order, so that equal values have equal texts. A number comes back as the same number, -0 included.
 * Properties that are undefined are left out. Throws an InvariantViolation for what JSON would change silently: NaN, infinities, big integers,
 * functions, and undefined in a list.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value, "payload");
}

function textOf(value: unknown, where: string): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "number":
      if (!Number.isFinite(value)) throw new InvariantViolation(`${where} is ${value}, which no JSON can carry`);
      return Object.is(value, -0) ? "-0" : String(value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? listText(value, where) : objectText(value as Readonly<Record<string, unknown>>, where);
    default:
      throw new InvariantViolation(`${where} is of type ${typeof value}, which no JSON can carry`);
  }
}

function listText(values: readonly unknown[], where: string): string {
  // By iterator: a hole in a list is an undefined, which map would pass over.
  return `[${Array.from(values, (value, at) => textOf(value, `${where}[${at}]`)).join(",")}]`;
}

function objectText(value: Readonly<Record<string, unknown>>, where: string): string {
  let text = "";
  for (const key of Object.keys(value).toSorted()) {
    if (value[key] === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${textOf(value[key], `${where}.${key}`)}`;
  }
  return `{${text}}`;
}
