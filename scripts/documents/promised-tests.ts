import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PROMISE = /`([\w./-]+\.test\.ts)`: "([^"]+)"/g;
const SKIPPED = new Set(["node_modules", ".git", "dist", "coverage", "runs", ".cache"]);

/** Tests that a document names and that are not there, one line each: `path`: "title of a test, or of a group of tests". */
export function missingTests(root: string, document: string): string[] {
  const missing: string[] = [];
  const lines = readFileSync(join(root, document), "utf8").split("\n");
  for (const [k, line] of lines.entries()) {
    for (const [, path, title] of line.matchAll(PROMISE)) {
      const file = join(root, path!);
      const where = `${document}:${k + 1}`;
      if (!existsSync(file)) missing.push(`${where} names "${path}": there is no such file`);
      else if (!titlesIn(readFileSync(file, "utf8")).has(title!))
        missing.push(`${where} names the test "${title}": "${path}" has none of that title`);
    }
  }
  return missing;
}

/** How many tests a document names. */
export function promisedTests(root: string, document: string): number {
  return [...readFileSync(join(root, document), "utf8").matchAll(PROMISE)].length;
}

/** Titles of tests and of groups of tests, those behind a table of cases too. */
function titlesIn(source: string): ReadonlySet<string> {
  const titled = /(?:\b(?:test|describe)(?:\.\w+)*|\))\(\s*"((?:[^"\\]|\\.)*)"/g;
  return new Set([...source.matchAll(titled)].map(([, title]) => title!));
}

/** Tests that are switched off for good or that run alone, one line each. A condition in brackets is a reason; nothing at all is none. */
export function silencedTests(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    testFiles(join(root, folder)).flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line, k) =>
          /^\s*(?:test|describe|it)(?:\.\w+)*\.(?:only|skip|todo|fails)\b(?!\w)/.test(line) ||
          /^\s*(?:xtest|xdescribe|xit|fit|fdescribe)\(/.test(line)
            ? [`${file.slice(root.length + 1)}:${k + 1} switches tests off, or runs one alone: ${line.trim()}`]
            : [],
        ),
    ),
  );
}

/** Folders of packages without a single test. */
export function untestedFolders(root: string, folders: readonly string[]): string[] {
  return folders.filter((folder) => existsSync(join(root, folder)) && testFiles(join(root, folder)).length === 0);
}

function testFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testFiles(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}
