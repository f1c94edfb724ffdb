import type { AnyNode, ArrowFunctionExpression, FunctionDeclaration, FunctionExpression, Pattern, VariableDeclaration } from "acorn";
import { base, simple } from "acorn-walk";

type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

const cache = new WeakMap<AnyNode, ReadonlySet<string>>();
const NONE: ReadonlySet<string> = new Set();

/** True when `name` is declared in one of the nodes around a place, the innermost last: then it is not the global of that name. */
export function isDeclared(name: string, ancestors: readonly AnyNode[]): boolean {
  return ancestors.some((node) => namesIn(node).has(name));
}

/** Names that a node declares for what stands inside it. */
export function namesIn(node: AnyNode): ReadonlySet<string> {
  let names = cache.get(node);
  if (names === undefined) {
    names = collect(node);
    cache.set(node, names);
  }
  return names;
}

function collect(node: AnyNode): ReadonlySet<string> {
  switch (node.type) {
    case "Program":
      return new Set([...lexical(node.body as readonly AnyNode[]), ...hoisted(node)]);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return functionNames(node as FunctionNode);
    case "BlockStatement":
      return new Set(lexical(node.body));
    case "StaticBlock":
      return new Set(lexical(node.body));
    case "SwitchStatement":
      return new Set(lexical(node.cases.flatMap(({ consequent }) => consequent)));
    case "ForStatement":
      return new Set(node.init?.type === "VariableDeclaration" ? variables(node.init) : []);
    case "ForInStatement":
    case "ForOfStatement":
      return new Set(node.left.type === "VariableDeclaration" ? variables(node.left) : []);
    case "CatchClause":
      return new Set(node.param ? patternNames(node.param) : []);
    case "ClassExpression":
      return new Set(node.id ? [node.id.name] : []);
    default:
      return NONE;
  }
}

function functionNames(node: FunctionNode): ReadonlySet<string> {
  const own = node.type === "FunctionExpression" && node.id ? [node.id.name] : [];
  const isArrow = node.type === "ArrowFunctionExpression";
  return new Set([...own, ...(isArrow ? [] : ["arguments"]), ...node.params.flatMap(patternNames), ...hoisted(node)]);
}

/** Names of `let`, `const`, `class`, `function` and `import` that stand directly among statements. */
function lexical(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((node) => {
    switch (node.type) {
      case "VariableDeclaration":
        return variables(node);
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return node.id ? [node.id.name] : [];
      case "ImportDeclaration":
        return node.specifiers.map(({ local }) => local.name);
      case "ExportNamedDeclaration":
        return node.declaration ? lexical([node.declaration]) : [];
      case "ExportDefaultDeclaration":
        return "id" in node.declaration && node.declaration.id ? [node.declaration.id.name] : [];
      default:
        return [];
    }
  });
}

/** Names of `var` anywhere in a function or program, but not in the functions inside it. */
function hoisted(root: AnyNode): string[] {
  const names: string[] = [];
  const stop = (): void => {};
  const inside = root.type === "Program" ? [root] : [(root as FunctionNode).body];
  for (const node of inside) {
    simple(
      node,
      {
        VariableDeclaration(declaration) {
          if (declaration.kind === "var") names.push(...variables(declaration));
        },
      },
      { ...base, Function: stop },
    );
  }
  return names;
}

export function variables(declaration: VariableDeclaration): string[] {
  return declaration.declarations.flatMap(({ id }) => patternNames(id));
}

function patternNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((each) => patternNames(each.type === "Property" ? each.value : each.argument));
    case "ArrayPattern":
      return pattern.elements.flatMap((each) => (each === null ? [] : patternNames(each)));
    case "AssignmentPattern":
      return patternNames(pattern.left);
    case "RestElement":
      return patternNames(pattern.argument);
    default:
      return [];
  }
}
