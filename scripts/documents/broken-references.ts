import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const SKIPPED = new Set(["node_modules", ".git", "dist", "coverage", "runs", ".cache", ".tradepulse"]);
/** Folders whose paths count as a promise wherever a document names them. */
const FOLDERS = "packages|apps|docs|scripts|examples|benchmarks|newsfragments|simulation|\\.ci";
const REPO_PATH = new RegExp(`(?<![\\w./@~:-])(?:${FOLDERS})/[\\w./@*<>{},-]+`, "g");
const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\s*\[[^\]]+\]:\s+(\S+)|(?:src|href|srcset)="([^"]+)"/gm;

/** Every Markdown file below a folder, dependencies and results of runs left out. */
export function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** What a document promises and the tree does not hold, one line each: relative links, their headings, and repository paths in the text. */
export function brokenReferences(root: string, file: string): string[] {
  const text = readFileSync(file, "utf8");
  const shown = relative(root, file);
  const broken: string[] = [];
  const prose = withoutFences(text);
  for (const match of prose.matchAll(LINK)) {
    const target = match[1] ?? match[2] ?? match[3]!;
    if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
    const problem = linkProblem(root, file, target);
    if (problem !== undefined) broken.push(`${shown}:${lineOf(prose, match.index)} links to "${target}": ${problem}`);
  }
  for (const match of text.matchAll(REPO_PATH)) {
    const path = match[0].replace(/[.,>-]+$/, "");
    // A pattern or a placeholder promises no file.
    if (/[*<>{}]/.test(path) || existsSync(join(root, path))) continue;
    broken.push(`${shown}:${lineOf(text, match.index)} names "${path}": there is no such file`);
  }
  return broken;
}

function linkProblem(root: string, file: string, target: string): string | undefined {
  const [path, heading] = decodeURI(target).split("#", 2) as [string, string | undefined];
  const goal = path === "" ? file : path.startsWith("/") ? join(root, path) : resolve(dirname(file), path);
  if (relative(root, goal).startsWith("..")) return "it leaves the repository";
  if (!existsSync(goal)) return "there is no such file";
  if (heading === undefined || statSync(goal).isDirectory() || !goal.endsWith(".md")) return undefined;
  return headingNames(readFileSync(goal, "utf8")).has(heading) ? undefined : `there is no heading "${heading}"`;
}

/** The names by which GitHub links to the headings of a document. */
function headingNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, title] of withoutFences(text).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)) {
    const name = title!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    let unique = name;
    for (let k = 1; names.has(unique); k += 1) unique = `${name}-${k}`;
    names.add(unique);
  }
  return names;
}

/** The text with code blocks blanked, line by line, so that places stay. */
function withoutFences(text: string): string {
  let fence: string | undefined;
  return text
    .split("\n")
    .map((line) => {
      const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence === undefined) {
        if (mark === undefined) return line;
        fence = mark;
        return "";
      }
      if (mark?.startsWith(fence) === true) fence = undefined;
      return "";
    })
    .join("\n");
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
