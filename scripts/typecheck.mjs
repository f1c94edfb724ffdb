// npm run typecheck            the whole tree in one program, and the core once more, pure; the script of the report page against the browser
// npm run typecheck -- core    one package: core, research, data, cli
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findNode, root } from "./bootstrap.mjs";

const projectsOf = (name) =>
  [`packages/${name}`, `apps/${name}`]
    .flatMap((folder) => [`${folder}/tsconfig.json`, `${folder}/tsconfig.test.json`, `${folder}/src/report/client/tsconfig.json`])
    .filter((path) => existsSync(join(root, path)));

const names = process.argv.slice(2);
const projects =
  names.length === 0
    ? ["packages/core/tsconfig.json", "packages/research/src/report/client/tsconfig.json", "tsconfig.json"]
    : names.flatMap(projectsOf);
const unknown = names.filter((name) => projectsOf(name).length === 0);
if (unknown.length > 0) {
  console.error(`typecheck: no package is called ${unknown.join(", ")}`);
  process.exit(2);
}

const compiler = join(root, "node_modules/typescript7/bin/tsc");
const compile = (project) =>
  new Promise((done) => {
    const child = spawn(findNode(), [compiler, "-p", project, "--pretty", String(process.stdout.isTTY === true)], {
      cwd: root,
      stdio: "inherit",
    });
    child.on("exit", (code) => done(code ?? 1));
  });
const codes = await Promise.all(projects.map(compile));
process.exitCode = codes.some((code) => code !== 0) ? 1 : 0;
