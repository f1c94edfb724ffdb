/** What stands in the place of a secret wherever text is made of it. */
export const REDACTED = "[redacted]";

/**
 * A secret that shows itself nowhere: not in a template, not in JSON, not in `util.inspect` or `console.log`, not among an object's keys.
 * Only {@link Secret.reveal} gives the text; call it where the text is used, and keep it in no variable that lives on.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  /** What `util.inspect` asks for. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/**
 * Takes secrets out of a text that somebody else wrote: the text itself, as it looks inside a URL, inside JSON, in base64 and in hexadecimal, and
 * any private key in PEM form whether it is listed or not.
 */
export function redact(text: string, secrets: readonly Secret[]): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    const plain = secret.reveal().toWellFormed();
    if (plain === "") continue;
    forms.add(plain);
    forms.add(encodeURIComponent(plain));
    forms.add(JSON.stringify(plain).slice(1, -1));
    const bytes = Buffer.from(plain, "utf8");
    for (const encoding of ["base64", "base64url", "hex"] as const) forms.add(bytes.toString(encoding));
    forms.add(bytes.toString("hex").toUpperCase());
  }
  // The longest first: a secret that contains another one goes as a whole.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  let out = text;
  for (const form of ordered) out = out.replaceAll(form, REDACTED);
  return out.replace(PRIVATE_KEY, REDACTED);
}
