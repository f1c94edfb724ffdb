import { pathToFileURL } from "node:url";
import type { LoadedStrategy } from "../strategy-file/loaded-strategy.ts";
import type { SourcePosition } from "./check-report.ts";

/** The first line of a stack that lies in a file of the strategy, of the error or of what it was caused by. */
export function positionInStack({ modules }: LoadedStrategy, error: unknown): SourcePosition | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const position = inStack(modules, each.stack ?? "");
    if (position !== undefined) return position;
  }
  return undefined;
}

function inStack(modules: LoadedStrategy["modules"], stack: string): SourcePosition | undefined {
  for (const line of stack.split("\n")) {
    for (const { path } of modules) {
      const url = pathToFileURL(path).href;
      const at = line.indexOf(url);
      const match = at < 0 ? null : /^(?:\?[^:]*)?:(\d+):(\d+)/.exec(line.slice(at + url.length));
      if (match !== null) return { path, line: Number(match[1]), column: Number(match[2]) };
    }
  }
  return undefined;
}
