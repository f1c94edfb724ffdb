import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type BenchRow, median } from "./statistics.ts";

const command = fileURLToPath(new URL("../apps/cli/bin/tradepulse.mjs", import.meta.url));

/**
 * From typing `tradepulse --help` to its end, against a Node that does nothing: on the Node that runs this, and on the system's own where
 * that is an older one, which hands over to the pinned one. The help must come out whole.
 */
export function benchCliStart(rounds: number): BenchRow[] {
  const rows = against("Node 24", process.execPath, rounds);
  const system = systemNode();
  return system === undefined ? rows : [...rows, ...against(`the system's Node ${system.version}`, system.path, rounds)];
}

function against(label: string, node: string, rounds: number): BenchRow[] {
  // Once outside the count: the compile cache is filled as on any second call.
  for (let warm = 0; warm < 2; warm += 1) help(node);
  const helpMs: number[] = [];
  const nodeMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    nodeMs.push(timed(() => execFileSync(node, ["-e", "0"])));
    helpMs.push(timed(() => help(node)));
  }
  const ms = median(helpMs);
  const ratio = median(helpMs.map((each, round) => each / nodeMs[round]!));
  return [
    { goal: "start", what: `tradepulse --help, ${label}`, value: ms, unit: "ms", target: "<= 150", met: ms <= 150 },
    { goal: "start", what: `the same against \`node -e 0\`, ${label}`, value: ratio, unit: "x", target: "", met: undefined },
  ];
}

function help(node: string): void {
  const out = execFileSync(node, [command, "--help"], { encoding: "utf8" });
  if (!out.includes("backtest") || !out.includes("Usage")) throw new Error(`the help is not what was meant to be measured:\n${out}`);
}

/** The first `node` on the path that is older than the pinned one. */
function systemNode(): { readonly path: string; readonly version: string } | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(":")) {
    if (folder.includes("node_modules")) continue;
    try {
      const version = execFileSync(`${folder}/node`, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
      return Number.parseInt(version.slice(1), 10) < 24 ? { path: `${folder}/node`, version } : undefined;
    } catch {
      // No node in this folder.
    }
  }
  return undefined;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
