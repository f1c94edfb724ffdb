import { US_PER_MS } from "@tradepulse/core";

/** A payload is not what it has to be. `path` says where; the message never quotes the payload. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
    this.path = path;
  }
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * `JSON.parse` that keeps whole numbers above 2^53 exact, as bigint. Ids of the venue are 64 bits wide; a double would silently name another
 * order. The slow way is taken only by texts that hold that many digits in a row.
 */
export function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const reviver: Reviver = (_key, value, context) =>
    typeof value === "number" && !Number.isSafeInteger(value) && context.source !== undefined && /^-?\d+$/.test(context.source)
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

const DECIMAL = /^\d{1,24}(?:\.\d{1,18})?$/;
const SIGNED_DECIMAL = /^-?\d{1,24}(?:\.\d{1,18})?$/;
const MAX_ITEMS = 100_000;
/** 2100-01-01: what is later is no time of a message. */
export const LAST_TIME_US = 4_102_444_800_000 * US_PER_MS;
const MS_DIGITS_END = 100_000_000_000_000; // from here on a time is in microseconds

/** A place in a payload: reads what stands there and says where it is when it is something else. */
export class Shape {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path = "$") {
    this.value = value;
    this.path = path;
  }

  /** The field, which must be there. */
  field(name: string): Shape {
    const found = this.optional(name);
    if (found === undefined) throw new ShapeError(`${this.path}.${name}`, "is missing");
    return found;
  }

  /** The field; `undefined` when it is absent or null. */
  optional(name: string): Shape | undefined {
    const object = this.object();
    if (!Object.hasOwn(object, name)) return undefined;
    const value = object[name];
    return value === undefined || value === null ? undefined : new Shape(value, `${this.path}.${name}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.object(), name);
  }

  object(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) throw this.wrong("an object");
    return this.value as Readonly<Record<string, unknown>>;
  }

  items(most = MAX_ITEMS): readonly Shape[] {
    if (!Array.isArray(this.value)) throw this.wrong("a list");
    if (this.value.length > most) throw new ShapeError(this.path, `has ${this.value.length} items, allowed are ${most}`);
    return this.value.map((value: unknown, index) => new Shape(value, `${this.path}[${index}]`));
  }

  /** The item at a position of a list that stands for a record. */
  at(index: number): Shape {
    if (!Array.isArray(this.value)) throw this.wrong("a list");
    if (index >= this.value.length) throw new ShapeError(`${this.path}[${index}]`, "is missing");
    return new Shape(this.value[index], `${this.path}[${index}]`);
  }

  text(longest = 256): string {
    if (typeof this.value !== "string") throw this.wrong("a text");
    if (this.value.length > longest) throw new ShapeError(this.path, `is ${this.value.length} characters long, allowed are ${longest}`);
    return this.value;
  }

  /** A name in capitals and digits: an asset, a symbol, a status. */
  name(): string {
    const text = this.text(64);
    // Assets with letters of other scripts exist; what must not come in are separators, quotes and controls.
    if (!/^[\p{L}\p{N}_.-]+$/u.test(text)) throw this.wrong("a name");
    return text;
  }

  /** A plain decimal, zero or more, kept as the text it is. */
  decimal(): string {
    if (typeof this.value !== "string" || !DECIMAL.test(this.value)) throw this.wrong("a decimal text that is not negative");
    return this.value;
  }

  signedDecimal(): string {
    if (typeof this.value !== "string" || !SIGNED_DECIMAL.test(this.value)) throw this.wrong("a decimal text");
    return this.value;
  }

  integer(least: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.value;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
      throw this.wrong(`a whole number from ${least} to ${most}`);
    }
    return value;
  }

  /** An id of up to 64 bits, exact, as decimal text. */
  id(): string {
    const value = this.value;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return String(value);
    if (typeof value === "bigint" && value >= 0n && value < 1n << 64n) return String(value);
    throw this.wrong("an id: a whole number below 2^64");
  }

  /** Milliseconds since 1970, or microseconds where a stream was asked for them, as microseconds. */
  timeUs(): number {
    return statedUs(this.integer(0, LAST_TIME_US));
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") throw this.wrong("true or false");
    return this.value;
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === this.value);
    if (found === undefined) throw this.wrong(`one of ${allowed.join(", ")}`);
    return found;
  }

  /** What stands here instead of `wanted`, told by its kind, never by its content. */
  wrong(wanted: string): ShapeError {
    const { value } = this;
    const kind = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
    return new ShapeError(this.path, `is ${kind === "object" ? "an object" : kind}, wanted is ${wanted}`);
  }
}

/** Milliseconds since 1970, or microseconds where a stream was asked for them, as microseconds. */
export function statedUs(stated: number): number {
  return stated >= MS_DIGITS_END ? stated : stated * US_PER_MS;
}

/** Reads with `read`; a shape error becomes its message, any other error goes on. */
export function tryRead<T>(
  value: unknown,
  read: (shape: Shape) => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string } {
  try {
    return { ok: true, value: read(new Shape(value)) };
  } catch (error) {
    if (error instanceof ShapeError) return { ok: false, why: error.message };
    throw error;
  }
}
