// npm run test:postgres: the tests that need a PostgreSQL server, which they start by themselves in temporary folders. Extra arguments go to vitest.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { become, installIfStale, root } from "./bootstrap.mjs";

installIfStale();
if (!hasPostgres()) installPostgres();
if (!hasPostgres()) {
  console.error("No PostgreSQL server is installed: neither on the PATH nor in /usr/lib/postgresql, and none could be installed.");
  console.error("Install the package postgresql of your system (15 to 18); it need not run.");
  process.exit(1);
}
const config = join(root, "vitest.postgres.config.ts");
become([join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", root, "--config", config, ...process.argv.slice(2)]);

/** Where findPostgres() of the tests looks, too. */
function hasPostgres() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...versions];
  return folders.some((folder) => folder !== "" && existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** Only where nobody has to be asked: as root on a system with apt. */
function installPostgres() {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status !== 0) return;
  console.error("No PostgreSQL server is installed: apt-get install postgresql");
  const options = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "postgresql"], options);
}
