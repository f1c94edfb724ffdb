import { basename, relative, sep } from "node:path";

/** How the reader starts this command again: `tradepulse`, `npx tradepulse`, or `node path/to/tradepulse.mjs`. */
export function commandName(env: NodeJS.ProcessEnv = process.env, script = process.argv[1] ?? "", cwd = process.cwd()): string {
  if (env["npm_command"] !== undefined || env["npm_lifecycle_event"] !== undefined) return "npx tradepulse";
  if (basename(script) !== "tradepulse.mjs") return "tradepulse";
  const path = relative(cwd, script);
  if (path.split(sep).includes("node_modules")) return "npx tradepulse";
  return `node ${path.startsWith("..") && path.length > script.length ? script : path}`;
}
