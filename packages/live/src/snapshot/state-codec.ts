import { invariant } from "@tradepulse/core";

/** Where a column of numbers lies behind the text: first number and count. */
const COLUMN = "\u0000f64";
/** A number that JSON has no form for. */
const NUMBER = "\u0000num";

const TEXT_ENCODER = new TextEncoder();
const TEXT_DECODER = new TextDecoder("utf-8", { fatal: true });

/**
 * Plain data with columns of numbers as bytes, exact in every bit of a number: one length, a JSON text, and behind it all `Float64Array`s as they are,
 * little-endian. NaN has one form. What gives the same bytes is the same.
 *
 * Comes in parts, the text first and then at most `partNumbers` numbers at a time, so that whoever writes a large state can let others have their turn.
 */
export function* encodeState(value: unknown, partNumbers = 65_536): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const columns: Float64Array[] = [];
  let numbers = 0;
  const text = JSON.stringify(value, function (this: unknown, name: string, each: unknown) {
    // JSON has turned nothing yet: what stands at the name is what was given.
    if (typeof each === "number" && (!Number.isFinite(each) || Object.is(each, -0)))
      return { [NUMBER]: Object.is(each, -0) ? "-0" : String(each) };
    if (!(each instanceof Float64Array)) {
      invariant(!isMarked(each), `the field "${name}" of a state looks like one of the codec's own`);
      return each;
    }
    columns.push(each);
    numbers += each.length;
    return { [COLUMN]: [numbers - each.length, each.length] };
  });
  const body = TEXT_ENCODER.encode(text);
  // Columns begin at a multiple of eight, so that they can be read in place.
  const padded = Math.ceil((body.length + 8) / 8) * 8;
  const head = new Uint8Array(padded);
  new DataView(head.buffer).setUint32(0, body.length, true);
  new DataView(head.buffer).setUint32(4, numbers, true);
  head.set(body, 8);
  yield head;
  for (const column of columns)
    for (let at = 0; at < column.length; at += partNumbers) yield bytesOf(column.subarray(at, at + partNumbers));
}

/** What {@link encodeState} was given. Throws a RangeError or SyntaxError for bytes that it never gives. */
export function decodeState(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new RangeError(`a state of ${bytes.length} bytes has no length`);
  const textLength = view.getUint32(0, true);
  const numbers = view.getUint32(4, true);
  const from = Math.ceil((textLength + 8) / 8) * 8;
  if (from + numbers * 8 !== bytes.length) throw new RangeError(`a state of ${bytes.length} bytes states ${from + numbers * 8}`);
  return JSON.parse(TEXT_DECODER.decode(bytes.subarray(8, 8 + textLength)), (_name, each: unknown) => {
    if (!isMarked(each)) return each;
    if (NUMBER in each) return Number(each[NUMBER]);
    const [first, count] = each[COLUMN] as readonly [number, number];
    if (!(first >= 0 && count >= 0 && first + count <= numbers))
      throw new RangeError(`a column lies outside of the ${numbers} numbers of a state`);
    const column = new Float64Array(count);
    for (let k = 0; k < count; k += 1) column[k] = view.getFloat64(from + (first + k) * 8, true);
    return column;
  });
}

function isMarked(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length === 1 && (names[0] === COLUMN || names[0] === NUMBER);
}

/** A copy as bytes; the sign and payload of a NaN differ between processors, so it gets one form. */
function bytesOf(column: Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(column.length * 8);
  const view = new DataView(bytes.buffer);
  for (let k = 0; k < column.length; k += 1) {
    const value = column[k]!;
    if (Number.isNaN(value)) view.setUint32(k * 8 + 4, 0x7ff8_0000, true);
    else view.setFloat64(k * 8, value, true);
  }
  return bytes;
}
