import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const STAMP = /<!-- rendered from ([0-9a-f]{64}) -->/;

/** The Mermaid sources below a folder. */
export function diagramSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".mmd"))
    .sort()
    .map((name) => join(folder, name));
}

export function imageOf(source: string): string {
  return source.replace(/\.mmd$/, ".svg");
}

/** The line that an image carries to say which source it shows. */
export function stampOf(source: string): string {
  return `<!-- rendered from ${createHash("sha256").update(readFileSync(source)).digest("hex")} -->`;
}

/** What is wrong with the image of a source; `undefined` when it shows the source as it is. */
export function diagramProblem(source: string): string | undefined {
  const image = imageOf(source);
  if (!existsSync(image)) return "it has no image beside it";
  const text = readFileSync(image, "utf8");
  const stamp = STAMP.exec(text)?.[0];
  if (stamp === undefined) return "its image does not say what it was rendered from";
  if (stamp !== stampOf(source)) return "its image shows an older source";
  if (/(?:src|href)="https?:|@import|url\(["']?https?:/.test(text)) return "its image loads something from elsewhere";
  return undefined;
}
