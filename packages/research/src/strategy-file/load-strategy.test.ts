import { FailureError, formatFailure } from "@tradepulse/core";
import { expect, test } from "vitest";
import { EMA_CROSS } from "../testing/sample-strategies.ts";
import { tempFolder, writeIn } from "../testing/temp-folder.ts";
import { loadStrategy } from "./load-strategy.ts";

async function failureOf(files: Readonly<Record<string, string>>, name = "strategy.ts"): Promise<string> {
  const folder = tempFolder(files);
  try {
    await loadStrategy(`${folder}/${name}`);
  } catch (error) {
    if (error instanceof FailureError) return formatFailure(error.failure).replaceAll(folder, "");
    throw error;
  }
  return "loaded";
}

test("loadStrategy() reads a strategy file outside the repository without anything installed beside it", async () => {
  const folder = tempFolder({ "strategy.ts": EMA_CROSS });
  const loaded = await loadStrategy(`${folder}/strategy.ts`);
  expect(loaded.strategy.spec.name).toBe("ema-cross");
  expect(loaded.strategy({ fast: 5 }).params).toEqual({ fast: 5, slow: 26, fraction: 0.95 });
  expect(loaded.modules.map(({ name }) => name)).toEqual(["strategy.ts"]);
  expect(loaded.codeDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("loadStrategy() digests the files that the strategy imports, and loads anew when one of them changes", async () => {
  const folder = tempFolder({
    "strategy.ts": `import { defineStrategy } from "@tradepulse/core";
import { NAME } from "./parts/name.ts";
export default defineStrategy({ name: NAME, create: () => ({}) });
`,
    "parts/name.ts": `export const NAME = "first";`,
  });
  const first = await loadStrategy(`${folder}/strategy.ts`);
  const again = await loadStrategy(`${folder}/strategy.ts`);
  writeIn(folder, "parts/name.ts", `export const NAME = "second";`);
  const second = await loadStrategy(`${folder}/strategy.ts`);
  expect(first.modules.map(({ name }) => name)).toEqual(["strategy.ts", "parts/name.ts"]);
  expect(again).toBe(first);
  expect(second.strategy.spec.name).toBe("second");
  expect(second.codeDigest).not.toBe(first.codeDigest);
});

test("loadStrategy() gives the same digest for the same files in another folder", async () => {
  const files = { "strategy.ts": EMA_CROSS };
  const [one, two] = [tempFolder(files), tempFolder(files)];
  const digests = [await loadStrategy(`${one}/strategy.ts`), await loadStrategy(`${two}/strategy.ts`)].map((each) => each.codeDigest);
  expect(digests[0]).toBe(digests[1]);
});

test("loadStrategy() loads a file that was broken once it is corrected", async () => {
  const folder = tempFolder({ "strategy.ts": "export default 1 +;" });
  await expect(loadStrategy(`${folder}/strategy.ts`)).rejects.toThrow("TP_STRATEGY_SYNTAX");
  writeIn(folder, "strategy.ts", EMA_CROSS);
  expect((await loadStrategy(`${folder}/strategy.ts`)).strategy.spec.name).toBe("ema-cross");
});

test("loadStrategy() suggests the file that was meant when there is none of that name", async () => {
  expect(await failureOf({ "strategy.ts": EMA_CROSS }, "stratgy.ts")).toMatchInlineSnapshot(`
    "TP_STRATEGY_FILE_NOT_FOUND
    Cannot load strategy "/stratgy.ts": there is no such file
      file   /stratgy.ts
      meant  "strategy.ts"
      next   name a file that exports a strategy, or make one with tradepulse init"
  `);
});

test("loadStrategy() refuses a directory, and lists what it holds", async () => {
  expect(await failureOf({ "some/strategy.ts": EMA_CROSS }, "some")).toMatchInlineSnapshot(`
    "TP_STRATEGY_FILE_DIRECTORY
    Cannot load strategy "/some": it is a directory, allowed is one file
      holds  "strategy.ts"
      next   name one file inside it"
  `);
});

test("loadStrategy() refuses a file of another kind", async () => {
  expect(await failureOf({ "strategy.py": "print()" }, "strategy.py")).toMatchInlineSnapshot(`
    "TP_STRATEGY_FILE_KIND
    Cannot load strategy "/strategy.py": its name ends in ".py", allowed are .ts, .mts, .js, .mjs
      next  name a TypeScript or JavaScript file"
  `);
});

test("loadStrategy() names the place of a syntax error in the strategy or in a file that it imports", async () => {
  expect(await failureOf({ "strategy.ts": "const a: number = 1;\nconst b: number = ;\n" })).toMatchInlineSnapshot(`
    "TP_STRATEGY_SYNTAX
    Cannot load strategy "/strategy.ts": syntax error, expression expected
      at    /strategy.ts:2:19
      next  correct the line"
  `);
  expect(
    await failureOf({ "strategy.ts": `import "./part.js";\nexport default 1;`, "part.js": "export const a = 1;\n  let let = 3;\n" }),
  ).toMatchInlineSnapshot(`
    "TP_STRATEGY_SYNTAX
    Cannot load strategy "/strategy.ts": syntax error, the keyword 'let' is reserved
      at    /part.js:2:7
      next  correct the line"
  `);
});

test("loadStrategy() refuses TypeScript that cannot be stripped, at its place", async () => {
  expect(await failureOf({ "strategy.ts": "const a = 1;\n  enum Side { buy }\nexport default a;\n" })).toMatchInlineSnapshot(`
    "TP_STRATEGY_TYPESCRIPT
    Cannot load strategy "/strategy.ts": TypeScript enum is not supported in strip-only mode; allowed is TypeScript whose types can be left out
      at    /strategy.ts:2:3
      next  write it as plain JavaScript with types: a const object instead of an enum, fields instead of parameter properties"
  `);
});

test("loadStrategy() names the line that imports a missing file or package", async () => {
  expect(
    await failureOf({ "strategy.ts": `const a = 1;\nimport { b } from "./nothing.ts";\nexport default a + b;` }),
  ).toMatchInlineSnapshot(`
    "TP_STRATEGY_IMPORT_MISSING
    Cannot load strategy "/strategy.ts": it imports "./nothing.ts", which is no file
      at    /strategy.ts:2:1
      next  correct the path; it is read from the folder of the importing file and needs its extension, as in ./signals.ts"
  `);
  expect(await failureOf({ "strategy.ts": `import _ from "lodash-es";\nexport default _;` })).toMatchInlineSnapshot(`
    "TP_STRATEGY_IMPORT_MISSING
    Cannot load strategy "/strategy.ts": it imports "lodash-es", which is not installed
      at    /strategy.ts:1:1
      next  a strategy needs only @tradepulse/core and its own files; install anything else beside it"
  `);
  expect(await failureOf({ "strategy.ts": `import { emaa } from "@tradepulse/core";\nexport default emaa;` })).toMatchInlineSnapshot(`
    "TP_STRATEGY_EXPORT_MISSING
    Cannot load strategy "/strategy.ts": it imports "emaa" from "@tradepulse/core", which has no such export
      at    /strategy.ts:1:10
      next  correct the name; types are imported with \`import type\`"
  `);
});

test("loadStrategy() refuses a file without a default export, and names the strategy that it exports otherwise", async () => {
  expect(await failureOf({ "strategy.ts": "export const a = 1;" })).toMatchInlineSnapshot(`
    "TP_STRATEGY_NO_DEFAULT
    Cannot load strategy "/strategy.ts": it has no default export, allowed is \`export default defineStrategy({ ... })\`
      next  export the strategy as default"
  `);
  expect(await failureOf({ "strategy.ts": EMA_CROSS.replace("export default", "export const emaCross =") })).toMatchInlineSnapshot(`
    "TP_STRATEGY_NO_DEFAULT
    Cannot load strategy "/strategy.ts": it has no default export, allowed is \`export default defineStrategy({ ... })\`
      exports  "emaCross"
      next     write \`export default emaCross\`"
  `);
});

test("loadStrategy() refuses a default export that is no strategy", async () => {
  expect(await failureOf({ "strategy.ts": "export default class Strategy {}" })).toMatchInlineSnapshot(`
    "TP_STRATEGY_NOT_A_STRATEGY
    Cannot load strategy "/strategy.ts": its default export is a function, allowed is what defineStrategy gives
      next  write \`export default defineStrategy({ name, params, create })\`"
  `);
  expect(
    await failureOf({ "strategy.ts": `${EMA_CROSS.replace("export default", "const emaCross =")}\nexport default emaCross();` }),
  ).toMatchInlineSnapshot(`
    "TP_STRATEGY_NOT_A_STRATEGY
    Cannot load strategy "/strategy.ts": its default export is a strategy with its parameters already bound, allowed is what defineStrategy gives
      next  export what defineStrategy gives without calling it"
  `);
});

test("loadStrategy() names the line of a file that throws while it is loaded", async () => {
  expect(await failureOf({ "strategy.ts": `const a: number = 1;\nthrow new RangeError("no");` })).toMatchInlineSnapshot(`
    "TP_STRATEGY_FILE_THREW
    Cannot load strategy "/strategy.ts": it threw "RangeError: no" while it was loaded, allowed is code that only declares
      at    /strategy.ts:2:7
      next  fix the statement, or move it into create"
  `);
  expect(await failureOf({ "strategy.ts": EMA_CROSS.replace("ema-cross", "EMA cross") })).toMatchInlineSnapshot(`
    "TP_STRATEGY_NAME
    Cannot define strategy "EMA cross": its name is not made of lower-case words, allowed are a to z, 0 to 9 and dashes, 64 at most
      at    /strategy.ts:3:16
      next  use a name such as "ema-cross""
  `);
});
