import type { BenchRow } from "./statistics.ts";

/** Benches by name; each runs in a process of its own, so that none warms or spoils another. */
const benches: Readonly<Record<string, () => Promise<BenchRow[]> | BenchRow[]>> = {
  "p1-1m": async () => (await import("./engine/p1.ts")).benchP1(1_000_000, 7),
  "p1-10m": async () => (await import("./engine/p1.ts")).benchP1(10_000_000, 5),
  p2: async () => (await import("./engine/p2.ts")).benchP2(1_000_000, 7),
  p10: async () => (await import("./engine/p10.ts")).benchP10(1_000_000),
  p11: async () => (await import("./engine/p11.ts")).benchP11(1_000_000),
  scaling: async () => (await import("./engine/scaling.ts")).benchScaling(10_000_000, 5),
  memory: async () => (await import("./engine/memory.ts")).benchMemory(10_000_000),
  tick: async () => (await import("./tick-path.ts")).benchTickPath(12_000),
  book: async () => (await import("./book-updates.ts")).benchBookUpdates(15),
  journal: async () => (await import("./journal.ts")).benchJournal(400),
  recovery: async () => (await import("./recovery.ts")).benchRecovery(1_000, 100_000),
  "peers-npm": async () => (await import("./npm-peers.ts")).benchNpmPeers(7),
  "cli-start": async () => (await import("./cli-start.ts")).benchCliStart(9),
};

export const benchNames: readonly string[] = Object.keys(benches);

if (import.meta.main) {
  const rows = await benches[process.argv[2]!]!();
  process.stdout.write(`${JSON.stringify(rows)}\n`);
}
