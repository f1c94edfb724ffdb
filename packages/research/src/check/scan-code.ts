import { readFile } from "node:fs/promises";
import type { AnyNode, Identifier, MemberExpression, Program } from "acorn";
import { ancestor } from "acorn-walk";
import type { LoadedStrategy, StrategyModule } from "../strategy-file/loaded-strategy.ts";
import { parseModule } from "../strategy-file/parse-module.ts";
import type { CheckFinding } from "./check-report.ts";
import {
  EVALUATED_IMPORT,
  FORBIDDEN_GLOBALS,
  FORBIDDEN_MEMBERS,
  type Forbidden,
  forbiddenModule,
  HARMLESS_MEMBERS,
  IMPORT_META,
  LOCAL_TIME,
  MODULE_VARIABLE,
} from "./forbidden-names.ts";
import { isDeclared, namesIn } from "./scope-names.ts";

/**
 * Names what the files of a strategy reach for besides `@tradepulse/*` and each other: imports, clocks, chance, files, network,
 * timers, the global object, and variables that outlive a run. Each finding has its place in the user's file.
 */
export async function scanCode(loaded: LoadedStrategy): Promise<readonly CheckFinding[]> {
  const own = loaded.modules.filter(({ path }) => !path.includes("node_modules"));
  const found = await Promise.all(own.map((module) => scanModule(module)));
  return found.flat();
}

async function scanModule(module: StrategyModule): Promise<readonly CheckFinding[]> {
  const parsed = parseModule(await readFile(module.path, "utf8"), module.path);
  if (!parsed.ok) return [];
  const findings: CheckFinding[] = [];
  const report = (node: AnyNode, forbidden: Forbidden, what: string, severity: CheckFinding["severity"] = "serious"): void => {
    const { line, column } = node.loc!.start;
    findings.push({
      check: "imports",
      id: forbidden.id,
      severity,
      title: forbidden.title,
      text: `${what}: ${forbidden.why}.`,
      position: { path: module.path, line, column: column + 1 },
    });
  };
  scanProgram(parsed.program, report);
  return findings.sort((a, b) => a.position!.line - b.position!.line || a.position!.column - b.position!.column);
}

type Report = (node: AnyNode, forbidden: Forbidden, what: string, severity?: CheckFinding["severity"]) => void;

function scanProgram(program: Program, report: Report): void {
  const moduleNames = namesIn(program);
  const imported = (node: AnyNode, source: unknown): void => {
    const isWritten = typeof source === "string";
    const forbidden = isWritten ? forbiddenModule(source) : EVALUATED_IMPORT;
    if (forbidden !== undefined) report(node, forbidden, isWritten ? `import of "${source}"` : "import() of a computed name");
  };
  ancestor(program, {
    ImportDeclaration: (node) => imported(node, node.source.value),
    ExportAllDeclaration: (node) => imported(node, node.source.value),
    ExportNamedDeclaration: (node) => {
      if (node.source) imported(node, node.source.value);
    },
    ImportExpression: (node) => imported(node, node.source.type === "Literal" ? node.source.value : undefined),
    MetaProperty: (node) => {
      if (node.meta.name === "import") report(node, IMPORT_META, "import.meta", "warning");
    },
    Identifier: (node, _state, ancestors) => {
      if (!isDeclared(node.name, ancestors)) scanGlobal(node, ancestors.at(-2), ancestors.at(-3), report);
    },
    AssignmentExpression: (node, _state, ancestors) => {
      if (node.left.type === "Identifier") scanWrite(node.left, ancestors, moduleNames, report);
    },
    UpdateExpression: (node, _state, ancestors) => {
      if (node.argument.type === "Identifier") scanWrite(node.argument, ancestors, moduleNames, report);
    },
  });
}

/** A name that nothing declares. */
function scanGlobal(node: Identifier, parent: AnyNode | undefined, grandparent: AnyNode | undefined, report: Report): void {
  const member = parent?.type === "MemberExpression" && parent.object === node ? memberName(parent) : undefined;
  const path = member === undefined ? node.name : `${node.name}.${member}`;
  const harmful = FORBIDDEN_MEMBERS.get(path) ?? takenOut(node, parent);
  const forbidden = FORBIDDEN_GLOBALS.get(node.name);
  if (harmful !== undefined) {
    report(member === undefined ? node : parent!, harmful, member === undefined ? `${node.name} taken apart` : path);
  } else if (node.name === "Date" && parent?.type === "NewExpression" && parent.callee === node && parent.arguments.length > 0) {
    report(parent, LOCAL_TIME, "new Date(...)", "warning");
  } else if (forbidden !== undefined && !HARMLESS_MEMBERS.has(path)) {
    const call = grandparent?.type === "CallExpression" && grandparent.callee === parent ? "()" : "";
    const isNew = parent?.type === "NewExpression" && parent.callee === node;
    report(node, forbidden, isNew ? `new ${node.name}()` : `${path}${call}`);
  }
}

/** `const { random } = Math`. */
function takenOut(node: Identifier, parent: AnyNode | undefined): Forbidden | undefined {
  if (parent?.type !== "VariableDeclarator" || parent.init !== node || parent.id.type !== "ObjectPattern") return undefined;
  for (const property of parent.id.properties) {
    if (property.type !== "Property" || property.key.type !== "Identifier") continue;
    const forbidden = FORBIDDEN_MEMBERS.get(`${node.name}.${property.key.name}`);
    if (forbidden !== undefined) return forbidden;
  }
  return undefined;
}

function memberName(node: MemberExpression): string | undefined {
  const { property } = node;
  if (!node.computed && property.type === "Identifier") return property.name;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}

/** A write inside a function to a variable of the module. */
function scanWrite(target: Identifier, ancestors: readonly AnyNode[], moduleNames: ReadonlySet<string>, report: Report): void {
  const isInFunction = ancestors.some(
    ({ type }) => type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression",
  );
  if (!isInFunction || !moduleNames.has(target.name) || isDeclared(target.name, ancestors.slice(1))) return;
  report(target, MODULE_VARIABLE, `"${target.name}" is written`, "warning");
}
