import { FailureError } from "@tradepulse/core";
import type { ImportDeclaration, ModuleDeclaration, Program, Statement } from "acorn";
import { refuse } from "../refuse.ts";
import type { SeenModule } from "./module-graph.ts";
import { parseModule, type SourcePlace } from "./parse-module.ts";

/** Turns what an import of a user's file threw into a coded failure that names the user's own line. */
export function failLoad(shown: string, modules: readonly SeenModule[], error: unknown): never {
  for (const module of modules) {
    const parsed = parseModule(module.source, module.path);
    if (!parsed.ok) failSyntax(shown, module, parsed.problem, error);
    failMissingImport(shown, module, parsed.program, error);
  }
  failMissingExport(shown, modules, error);
  const place = placeInStack(modules, error);
  if (error instanceof FailureError) {
    const { code, message, details, next } = error.failure;
    refuse(code, message, [...details, place === undefined ? ["file", shown] : ["at", place]], next, error);
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}: ${String(error)}`;
  refuse(
    "TP_STRATEGY_FILE_THREW",
    `Cannot load strategy "${shown}": it threw "${text}" while it was loaded, allowed is code that only declares`,
    [place === undefined ? undefined : ["at", place]],
    "fix the statement, or move it into create",
    error,
  );
}

function failSyntax(
  shown: string,
  module: SeenModule,
  problem: SourcePlace & { readonly kind: "syntax" | "typescript"; readonly text: string },
  error: unknown,
): never {
  const at = placeOf(module, problem);
  if (problem.kind === "typescript") {
    refuse(
      "TP_STRATEGY_TYPESCRIPT",
      `Cannot load strategy "${shown}": ${firstLower(problem.text)}; allowed is TypeScript whose types can be left out`,
      [["at", at]],
      "write it as plain JavaScript with types: a const object instead of an enum, fields instead of parameter properties",
      error,
    );
  }
  refuse(
    "TP_STRATEGY_SYNTAX",
    `Cannot load strategy "${shown}": syntax error, ${firstLower(problem.text)}`,
    [["at", at]],
    "correct the line",
    error,
  );
}

function failMissingImport(shown: string, module: SeenModule, program: Program, error: unknown): void {
  const specifier = module.missing[0];
  if (specifier === undefined) return;
  const place = importsOf(program).find((node) => node.source?.value === specifier)?.loc?.start;
  const isRelative = /^(\.|\/|file:)/.test(specifier);
  refuse(
    "TP_STRATEGY_IMPORT_MISSING",
    `Cannot load strategy "${shown}": it imports "${specifier}", which ${isRelative ? "is no file" : "is not installed"}`,
    [["at", place === undefined ? module.path : placeOf(module, { line: place.line, column: place.column + 1 })]],
    isRelative
      ? "correct the path; it is read from the folder of the importing file and needs its extension, as in ./signals.ts"
      : "a strategy needs only @tradepulse/core and its own files; install anything else beside it",
    error,
  );
}

function failMissingExport(shown: string, modules: readonly SeenModule[], error: unknown): void {
  if (!(error instanceof SyntaxError)) return;
  const match = /requested module '([^']+)' does not provide an export named '([^']+)'/.exec(error.message);
  if (match === null) return;
  const [, specifier, name] = match as unknown as [string, string, string];
  let at: string | undefined;
  for (const module of modules) {
    const parsed = parseModule(module.source, module.path);
    const place = parsed.ok ? importedAs(parsed.program, specifier, name) : undefined;
    if (place !== undefined) at = placeOf(module, place);
  }
  refuse(
    "TP_STRATEGY_EXPORT_MISSING",
    `Cannot load strategy "${shown}": it imports "${name}" from "${specifier}", which has no such export`,
    [at === undefined ? undefined : ["at", at]],
    "correct the name; types are imported with `import type`",
    error,
  );
}

function importedAs(program: Program, specifier: string, name: string): SourcePlace | undefined {
  for (const node of importsOf(program)) {
    if (node.type !== "ImportDeclaration" || node.source.value !== specifier) continue;
    for (const each of node.specifiers) {
      const imported = each.type === "ImportSpecifier" && each.imported.type === "Identifier" ? each.imported.name : "default";
      if (imported === name && each.loc) return { line: each.loc.start.line, column: each.loc.start.column + 1 };
    }
  }
  return undefined;
}

type Importing = ImportDeclaration | (ModuleDeclaration & { readonly source?: { readonly value?: unknown } | null });

function importsOf(program: Program): Importing[] {
  return program.body.filter(
    (node: Statement | ModuleDeclaration): node is Importing =>
      node.type === "ImportDeclaration" || node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration",
  );
}

/** The first line of the stack that lies in a user module, as `path:line:column`. */
export function placeInStack(modules: readonly SeenModule[], error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    for (const module of modules) {
      const at = line.indexOf(module.url);
      const match = at < 0 ? null : /^:(\d+):(\d+)/.exec(line.slice(at + module.url.length));
      if (match !== null) return `${module.path}:${match[1]}:${match[2]}`;
    }
  }
  return undefined;
}

function placeOf(module: SeenModule, place: SourcePlace): string {
  return `${module.path}:${place.line}:${place.column}`;
}

/** A foreign sentence as the end of ours. Words in capitals stay. */
function firstLower(text: string): string {
  const plain = text.replace(/\.$/, "");
  return /^[A-Z][a-z]+ [a-z]/.test(plain) && !plain.startsWith("TypeScript") ? plain.charAt(0).toLowerCase() + plain.slice(1) : plain;
}
