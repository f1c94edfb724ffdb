import { REDACTED, type Secret } from "../secret/secret.ts";

/** Shorter texts are no secrets, and taking them out would shred what is written. */
const SHORTEST = 6;
/** Sets of keys that a process goes through in its life; the oldest are forgotten first. */
const MOST_SECRETS = 256;
/** Of a long key in lines, each line that is long enough is a secret of its own. */
const SHORTEST_LINE = 16;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** Names whose values are secrets, whoever made them: in query strings, headers, JSON and TOML. */
const NAMED =
  /\b(signature|listen-?key|api[_-]?key|api[_-]?secret|x-mbx-apikey|secret[_-]?key|client[_-]?secret|passphrase|password|private[_-]?key|access[_-]?token|x-[a-z]+-token|authorization)(\\?["']?\s*[=:]\s*\\?["']?)((?:bearer |basic )?[^\s"'&,;)}\]\\]+)/gi;

/** `https://user:password@host`. */
const USER_INFO = /(:\/\/)[^\s/@"']+@/g;

/**
 * Takes secrets out of every text that a process writes. It knows the secrets that it was told of, in plain, percent-encoded, quoted, base64 and
 * hexadecimal form, and what looks like one by its name: signatures, keys, tokens and private keys. Secrets that are no longer in use stay known: a
 * late answer may quote one.
 */
export class Redactor {
  private readonly known = new Map<string, Secret>();
  private forms: RegExp | undefined;

  /** From now on these appear in no text. */
  keep(secrets: readonly Secret[]): void {
    for (const secret of secrets) {
      const text = secret.reveal();
      if (text.length < SHORTEST || this.known.has(text)) continue;
      if (this.known.size >= MOST_SECRETS) this.known.delete(this.known.keys().next().value!);
      this.known.set(text, secret);
      this.forms = undefined;
    }
  }

  clean(text: string): string {
    let out = text.replace(PRIVATE_KEY, REDACTED);
    if (this.known.size > 0) {
      this.forms ??= formsOf([...this.known.keys()]);
      out = out.replace(this.forms, REDACTED);
    }
    return out
      .replace(USER_INFO, `$1${REDACTED}@`)
      .replace(NAMED, (_whole, name: string, between: string) => `${name}${between}${REDACTED}`);
  }
}

/** One expression for all forms of all secrets, the longest first: a secret that contains another one goes as a whole. */
function formsOf(secrets: readonly string[]): RegExp {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const part of [secret, ...secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE)]) {
      for (const form of formsOfOne(part.toWellFormed())) forms.add(form);
    }
  }
  const ordered = [...forms].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return new RegExp(ordered.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "g");
}

function formsOfOne(plain: string): readonly string[] {
  const bytes = Buffer.from(plain, "utf8");
  const quoted = JSON.stringify(plain).slice(1, -1);
  const percent = encodeURIComponent(plain);
  const hex = bytes.toString("hex");
  return [
    plain,
    quoted,
    JSON.stringify(quoted).slice(1, -1),
    percent,
    percent.replaceAll("%20", "+"),
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    hex,
    hex.toUpperCase(),
    ...base64Of(bytes),
  ];
}

/** Base64 of a text as it looks at each of the three places where it can begin inside a longer text. Only what depends on the secret alone. */
function base64Of(bytes: Buffer): readonly string[] {
  const forms: string[] = [];
  for (let before = 0; before < 3; before += 1) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const bits = (before + bytes.length) * 8;
    const part = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
    if (part.length < SHORTEST) continue;
    forms.push(part, part.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}
