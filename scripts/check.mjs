// npm run check: everything that is decided without running the product. Every step runs; the end names those that failed.
// A file scripts/check-<name>.ts is a step of its own: it exits with 0 when satisfied.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findNode, installIfStale, root } from "./bootstrap.mjs";

installIfStale();
const node = findNode();
const at = (path) => join(root, "node_modules", path);

const steps = [
  ["format and lint (biome)", at("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"],
  ["types (tsc)", join(root, "scripts/typecheck.mjs")],
  ["type-aware lint (oxlint)", at("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"],
  [
    "import table (dependency-cruiser)",
    at("dependency-cruiser/bin/dependency-cruiser.mjs"),
    "--config",
    ".dependency-cruiser.mjs",
    "packages",
    "apps",
  ],
  ["unused code and dependencies (knip)", at("knip/bin/knip.js")],
  ...readdirSync(join(root, "scripts"))
    .filter((file) => /^check-[a-z-]+\.ts$/.test(file))
    .sort()
    .map((file) => [file, join(root, "scripts", file)]),
];

function run([name, ...arguments_]) {
  const started = performance.now();
  return new Promise((done) => {
    const child = spawn(node, arguments_, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.on("error", (error) => {
      output += error.message;
    });
    child.on("close", (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
      if (code !== 0) console.log(output.trimEnd());
      done({ name, passed: code === 0 });
    });
  });
}

// Two at a time: most steps use more than one thread themselves.
const results = [];
const queue = [...steps];
const work = async () => {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) results.push(await run(step));
};
await Promise.all([work(), work()]);

const failed = results.filter((result) => !result.passed).map((result) => result.name);
if (failed.length > 0) {
  console.log(`\ncheck: ${failed.length} of ${results.length} steps failed: ${failed.join("; ")}`);
  process.exitCode = 1;
} else {
  console.log(`\ncheck: ${results.length} steps passed`);
}
