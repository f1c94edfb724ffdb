import { stripTypeScriptTypes } from "node:module";
import { type Options, type Program, parse } from "acorn";

/** Where in a file something stands. Lines and columns count from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** A syntax error with its place. */
export interface SyntaxProblem extends SourcePlace {
  /** `typescript` for syntax that is legal and cannot be stripped, such as an enum. */
  readonly kind: "syntax" | "typescript";
  readonly text: string;
}

export type ParsedModule =
  | { readonly ok: true; readonly program: Program; readonly code: string }
  | { readonly ok: false; readonly problem: SyntaxProblem };

const OPTIONS: Options = { ecmaVersion: "latest", sourceType: "module", locations: true, allowHashBang: true };

/** Parses a module as the loader would: types are blanked out first where it is TypeScript, so every place is the user's own. */
export function parseModule(source: string, path: string): ParsedModule {
  const stripped = /\.[mc]?ts$/.test(path) ? strip(source) : source;
  if (typeof stripped !== "string") return { ok: false, problem: stripped };
  try {
    return { ok: true, program: parse(stripped, OPTIONS), code: stripped };
  } catch (error) {
    const { loc, message } = error as { readonly loc?: { readonly line: number; readonly column: number }; readonly message: string };
    const text = message.replace(/ \(\d+:\d+\)$/, "");
    return { ok: false, problem: { kind: "syntax", text, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 } };
  }
}

function strip(source: string): string | SyntaxProblem {
  try {
    return withoutWarning(() => stripTypeScriptTypes(source));
  } catch (error) {
    const { code, message, stack = "" } = error as NodeJS.ErrnoException;
    // The stack begins with `:<line>`, that line with some before it, and marks below the place.
    const match = /^[^\n]*:(\d+)\n(?:.*\n)*?( *)\^+\n/.exec(stack);
    return {
      kind: code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX" ? "typescript" : "syntax",
      text: message,
      line: Number(match?.[1] ?? 1),
      column: (match?.[2]?.length ?? 0) + 1,
    };
  }
}

/** Node announces once that the function may still change; that is for us to know, not for the user of a command. */
function withoutWarning<T>(run: () => T): T {
  const original = Reflect.get(process, "emitWarning");
  process.emitWarning = () => {};
  try {
    return run();
  } finally {
    process.emitWarning = original;
  }
}
