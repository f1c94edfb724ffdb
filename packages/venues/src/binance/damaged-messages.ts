import type fastCheck from "fast-check";

/** A message and what can become of one on its way: whatever it is, a scanner reads it as `JSON.parse` and its checks do, or not at all. */

/** Texts that are no decimals of the venue, or hardly. */
const ODD_DECIMALS = [
  "0",
  "0.00000000",
  "1",
  "00.5",
  "01.5",
  "1.",
  ".5",
  "-1.5",
  "1e5",
  "1E5",
  "+1",
  " 1",
  "1 ",
  "",
  "NaN",
  "90071992.54740991",
  "90071992.54740992",
  "9007199254740991",
  "9007199254740992",
  "123456789012.00",
  "1.123456789012345678",
  "1.1234567890123456789",
  "99999999999999999999",
  "0.000000001",
  "0.1000000000",
  "61000.100000000",
  "١",
  "1\\u0030",
  "0x10",
  "Infinity",
  "1,5",
];

/** The same for whole numbers and times. */
const ODD_WHOLES = [
  "0",
  "-0",
  "-1",
  "00",
  "01",
  "1.0",
  "1.5",
  "1e3",
  "1E+3",
  "null",
  "true",
  '"1"',
  "[]",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "18446744073709551615",
  "4102444800000",
  "4102444800000000",
  "4102444800000001",
  "1767225600123456",
  "1e400",
];

/** What a field of a message can hold, as it is written. Only a test may import what makes cases, so it is handed in. */
export function wireTexts(fc: typeof fastCheck) {
  const decimals = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.nat({ max: 99_999 }), fc.nat({ max: 99_999_999 })).map(([a, b]) => `${a}.${String(b).padStart(8, "0")}`),
    },
    { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.nat({ max: 999 })).map(([a, b]) => `${a}.${b}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...ODD_DECIMALS),
    },
  );
  const wholes = fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 2_000_000_000_000 }).map(String) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...ODD_WHOLES),
    },
  );
  const flags = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("true", "false") },
    { weight: 1, arbitrary: fc.constantFrom("1", "null", '"true"') },
  );
  return { decimals, wholes, flags, texts: decimals.map((text) => `"${text}"`) };
}

const JUNK = [...'"{}[],:.0123456789eE-+ tnu/'.split(""), "\\", "é", "\u0000", "\ud800", "  ", '"x":1,'];

/** A text with something done to it, which mostly is nothing. */
export function damaged(fc: typeof fastCheck, texts: fastCheck.Arbitrary<string>): fastCheck.Arbitrary<string> {
  const spot = fc.tuple(fc.nat({ max: 10_000 }), fc.nat({ max: 40 }), fc.constantFrom(...JUNK));
  const damage = fc.oneof(
    { weight: 4, arbitrary: fc.constant((text: string) => text) },
    {
      weight: 1,
      arbitrary: spot.map(([place, length, more]) => (text: string) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + more + text.slice(at + (length % 3));
      }),
    },
    {
      weight: 1,
      arbitrary: spot.map(
        ([place]) =>
          (text: string) =>
            text.slice(0, place % (text.length + 1)),
      ),
    },
    {
      weight: 1,
      arbitrary: spot.map(
        ([place, length]) =>
          (text: string) =>
            doubled(text, place % (text.length + 1), length),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(spaced, reversed, escaped, widened) },
  );
  return fc.tuple(texts, damage).map(([text, change]) => change(text));
}

function doubled(text: string, at: number, length: number): string {
  return text.slice(0, at + length) + text.slice(at);
}

/** The same with white space. */
function spaced(text: string): string {
  return text.replaceAll(",", ", ").replaceAll(":", " :");
}

/** The same with the fields of every object the other way round; as it is when it is no JSON. */
function reversed(text: string): string {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, inner]) => [name, turn(inner)]),
    );
  };
  try {
    return JSON.stringify(turn(JSON.parse(text)));
  } catch {
    return text;
  }
}

/** The same with a letter of every text escaped. */
function escaped(text: string): string {
  return text.replaceAll(/"([a-zA-Z])/g, (_, letter: string) => `"\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same with a field more in every object. */
function widened(text: string): string {
  return text.replaceAll("}", ',"z":{"a":[1,2]}}').replaceAll("{,", "{");
}

/** A text as it comes. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
