import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

/** The rules of this repository over a tree of planted files: whatever reaches past Env is named. */
const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "tradepulse-lint-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
copyFileSync(join(repository, ".oxlintrc.json"), join(root, ".oxlintrc.json"));

function restrictedIn(path: string, source: string): number {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  const oxlint = join(repository, "node_modules", "oxlint", "bin", "oxlint");
  const run = spawnSync(process.execPath, [oxlint, "-c", ".oxlintrc.json", "--format", "json", path], { cwd: root, encoding: "utf8" });
  const answer = JSON.parse(run.stdout) as { diagnostics: { code: string }[]; number_of_files: number };
  expect(answer.number_of_files).toBe(1);
  return answer.diagnostics.filter(({ code }) => code.includes("no-restricted")).length;
}

const WAYS_OUT = [
  "Date.now()",
  "new Date()",
  "setTimeout(() => 1, 1)",
  "setInterval(() => 1, 1)",
  "setImmediate(() => 1)",
  "fetch('x')",
  "process.env",
  "performance.now()",
  "Math.random()",
  "globalThis.Date",
  "crypto.randomUUID()",
  "new WebSocket('x')",
  "AbortSignal.timeout(1)",
];
const MODULES = ["fs", "fs/promises", "http", "https", "net", "tls", "dns", "child_process", "worker_threads", "timers", "timers/promises"];

describe("the lint of packages/venues and packages/live", () => {
  for (const folder of ["packages/venues/src/binance", "packages/live/src/session"]) {
    test(`names every way past Env in ${folder}`, () => {
      const uses = WAYS_OUT.map((use, k) => `export const use${k} = ${use};`);
      const imports = MODULES.map((name, k) => `import * as module${k} from "node:${name}";\nexport { module${k} };`);
      const random =
        'import { randomBytes } from "node:crypto";\nexport { randomBytes };\nimport { WebSocket as Ws } from "ws";\nexport { Ws };\nimport { Client } from "pg";\nexport { Client };';
      const source = [...imports, random, ...uses].join("\n");
      expect(restrictedIn(`${folder}/planted.ts`, source)).toBe(WAYS_OUT.length + MODULES.length + 3);
      expect(restrictedIn(`${folder}/planted.test.ts`, source)).toBe(0);
      expect(restrictedIn(`${folder}/real-planted.ts`, source)).toBe(0);
    });
  }

  test("lets hashes and signatures through", () => {
    const source = 'import { createHash, createHmac, sign } from "node:crypto";\nexport { createHash, createHmac, sign };';
    expect(restrictedIn("packages/venues/src/binance/planted.ts", source)).toBe(0);
  });
});
