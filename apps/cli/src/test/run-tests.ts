import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { getCompileCacheDir } from "node:module";
import { relative, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { ExitCode } from "../exit-codes.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { sayJson } from "../terminal/streams.ts";
import { refuseUsage } from "../usage-error.ts";

/** One test and how it went. */
interface TestOutcome {
  readonly file: string;
  readonly name: string;
  readonly ok: boolean;
  readonly error?: string;
}

const OWN_PACKAGES = new URL("../../bin/own-packages.mjs", import.meta.url).href;

/** `tradepulse test`: Node's own test runner, with `@tradepulse/*` leading to the copies that this command uses. */
export async function runTests(names: readonly string[], options: { readonly json?: boolean }): Promise<void> {
  const files = names.length > 0 ? names.map((name) => resolve(name)) : await testFilesBelow(process.cwd());
  const absent = files.find((file) => !existsSync(file));
  if (absent !== undefined) {
    refuseUsage(
      "TP_CLI_NO_TESTS",
      `Cannot run "${shownPath(absent)}": there is no such file, a test file is needed`,
      "check the path, or name none to run every *.test.ts below this folder that uses node:test",
    );
  }
  if (files.length === 0) {
    refuseUsage(
      "TP_CLI_NO_TESTS",
      "Cannot run tests: there is no *.test.ts that uses node:test below this folder",
      "name a test file, or go to the folder of a strategy",
    );
  }
  const cache = getCompileCacheDir();
  if (cache !== undefined) process.env["NODE_COMPILE_CACHE"] = cache;
  const events = run({ files, execArgv: ["--import", OWN_PACKAGES], concurrency: true });
  const outcomes: TestOutcome[] = [];
  const take = (ok: boolean, event: { file?: string; name: string; details: { error?: Error; type?: string } }): void => {
    if (event.details.type === "suite") return;
    const { error } = event.details;
    outcomes.push({
      file: event.file === undefined ? "" : relative(process.cwd(), event.file),
      name: event.name,
      ok,
      ...(error === undefined ? {} : { error: error.cause instanceof Error ? error.cause.message : error.message }),
    });
  };
  events.on("test:pass", (event) => take(true, event));
  events.on("test:fail", (event) => take(false, event));
  if (options.json === true) events.resume();
  else events.compose(new spec()).pipe(process.stdout, { end: false });
  await new Promise<void>((done, failed) => {
    events.on("end", done);
    events.on("error", failed);
  });
  const failed = outcomes.filter(({ ok }) => !ok).length;
  if (failed > 0) process.exitCode = ExitCode.findings;
  if (options.json === true) {
    sayJson({ schema: 1, ok: failed === 0, passed: outcomes.length - failed, failed, tests: outcomes });
  }
}

/** Test files for Node's own runner; those of another runner are left to it. */
async function testFilesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob("**/*.test.{ts,mts,js,mjs}", {
    cwd: folder,
    exclude: (path) => /(^|[\\/])(node_modules|\.git|runs)$/.test(path),
  })) {
    const path = resolve(folder, file);
    if (/from "node:test"|from 'node:test'/.test(await readFile(path, "utf8"))) files.push(path);
  }
  return files.sort();
}
