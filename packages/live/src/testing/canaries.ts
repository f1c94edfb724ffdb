/** Markers that stand for secrets, each in the forms in which a text can hold it. */
export interface Canary {
  readonly name: string;
  readonly text: string;
}

/** The spellings in which a careless program may write a secret. */
export function spellingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text, "utf8");
  const hex = bytes.toString("hex");
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    hex,
    hex.toUpperCase(),
    bytes.toString("base64"),
    bytes.toString("base64url"),
  ];
}

/** What of a secret can be seen in a text, however it is spelled there. */
export function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text, "utf8");
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // What depends on the secret alone, wherever in a longer text it begins.
    return encoded.slice(4, -4);
  });
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...base64,
    ...base64.map((each) => each.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** Where canaries stand: the name of the canary and of the text, never the canary. */
export function sightings(canaries: readonly Canary[], texts: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(texts).flatMap(([place, text]) =>
    canaries.flatMap(({ name, text: secret }) => (formsOf(secret).some((form) => text.includes(form)) ? [`${name} in ${place}`] : [])),
  );
}
