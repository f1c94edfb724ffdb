/** Ways in which the body of an answer can be damaged. `undefined` where a way does not apply to this body. */
export type Damage = (body: string) => string | undefined;

/** A copy of a JSON value in which every leaf that `change` speaks of is replaced. */
function mapLeaves(body: string, change: (value: unknown, key: string) => unknown): string | undefined {
  let isChanged = false;
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => walk(each, key));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name)]));
    const next = change(value, key);
    if (next !== value) isChanged = true;
    return next;
  };
  const out = JSON.stringify(walk(JSON.parse(body), ""));
  return isChanged ? out : undefined;
}

const isDecimal = (value: unknown): boolean => typeof value === "string" && /^\d+\.\d+$/.test(value);
const decimals =
  (replacement: string): Damage =>
  (body) =>
    mapLeaves(body, (value) => (isDecimal(value) ? replacement : value));

/** Damage after which nothing of the answer may be believed. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  empty: () => "",
  html: () => "<html><body>502 Bad Gateway</body></html>",
  "cut in the middle": (body) => body.slice(0, Math.floor(body.length / 2)),
  "cut before the end": (body) => body.slice(0, -1),
  null: () => "null",
  "a number": () => "12",
  "an error in a good answer": () => '{"code":-2015,"msg":"Invalid API-key"}',
  "prototype keys": () => '{"__proto__":{"balances":[]},"constructor":{"prototype":{"polluted":true}}}',
  "the other kind of brackets": (body) => (body.startsWith("[") ? "{}" : "[]"),
  "numbers for texts": (body) => mapLeaves(body, (value) => (isDecimal(value) ? Number(value) : value)),
  negative: decimals("-1.00000000"),
  "NaN as text": decimals("NaN"),
  "an exponent": decimals("1e308"),
  "forty decimals": decimals(`1.${"0".repeat(39)}1`),
  "times as texts": (body) => mapLeaves(body, (value) => (typeof value === "number" && value > 1e12 ? String(value) : value)),
};

/** Changes that change nothing: what is read must be the same. */
export const HARMLESS: Readonly<Record<string, Damage>> = {
  "keys in another order": (body) => {
    const turn = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turn);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, each]) => [name, turn(each)]),
      );
    };
    return JSON.stringify(turn(JSON.parse(body)));
  },
  "keys that nobody knows": (body) => body.replaceAll(/\{/g, '{"unknownKey":{"a":[1]},').replaceAll(",}", "}"),
  "white space": (body) => JSON.stringify(JSON.parse(body), undefined, 4),
};
