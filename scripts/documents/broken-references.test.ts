import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { brokenReferences, markdownFiles } from "./broken-references.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tradepulse-documents-"));
  mkdirSync(join(root, "docs/guides"), { recursive: true });
  mkdirSync(join(root, "node_modules/other"), { recursive: true });
  writeFileSync(join(root, "docs/there.md"), "# There\n\n## The `second` part, twice\n\n## The second part twice\n");
  writeFileSync(join(root, "node_modules/other/README.md"), "[gone](gone.md)");
});

afterEach(() => rmSync(root, { recursive: true }));

function broken(text: string): string[] {
  const file = join(root, "docs/page.md");
  writeFileSync(file, text);
  return brokenReferences(root, file);
}

test("brokenReferences() finds nothing when files and headings are there", () => {
  const text = `[a](there.md) [b](there.md#the-second-part-twice-1) [c](#page) ![d](../docs/there.md "title") [e](https://example.org/x) [f]

# Page

[f]: ./there.md
`;
  expect(broken(text)).toEqual([]);
});

test("brokenReferences() names line and target of a link to nothing", () => {
  expect(broken('first\n[a](gone.md)\n<img src="gone.svg">')).toEqual([
    'docs/page.md:2 links to "gone.md": there is no such file',
    'docs/page.md:3 links to "gone.svg": there is no such file',
  ]);
});

test("brokenReferences() finds a heading that is not there and a link out of the repository", () => {
  expect(broken("[a](there.md#third) [b](../../elsewhere.md)")).toEqual([
    'docs/page.md:1 links to "there.md#third": there is no heading "third"',
    'docs/page.md:1 links to "../../elsewhere.md": it leaves the repository',
  ]);
});

test("brokenReferences() finds a path that the text names, in code blocks too, and leaves patterns and placeholders alone", () => {
  expect(
    broken("See `docs/there.md`, `docs/gone.md`, `docs/*.md`, `docs/page-<name>.md`, docs/guides/.\n\n```sh\nnode scripts/gone.ts\n```\n"),
  ).toEqual([
    'docs/page.md:1 names "docs/gone.md": there is no such file',
    'docs/page.md:4 names "scripts/gone.ts": there is no such file',
  ]);
});

test("markdownFiles() leaves dependencies out", () => {
  expect(markdownFiles(root)).toEqual([join(root, "docs/there.md")]);
});
