import { WireStorm } from "../wire/wire-storm.ts";
import { isFaultKind } from "./fault-kinds.ts";
import { runStorm } from "./run-storm.ts";
import { scenarioOf } from "./scenario.ts";

const at = (name: string): string | undefined => {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? undefined : process.argv[index + 1];
};
const seed = Number(at("seed") ?? 1);
const seeds = Number(at("seeds") ?? 1);
const kinds = at("faults")?.split(",").filter(isFaultKind);
const minutes = at("minutes");
let failed = 0;
const started = performance.now();
for (let i = seed; i < seed + seeds; i += 1) {
  const scenario = scenarioOf(i, {
    ...(kinds === undefined ? {} : { kinds }),
    ...(process.argv.includes("--wire") ? { share: 0.25 } : {}),
    ...(minutes === undefined ? {} : { chaosMinutes: Number(minutes) }),
  });
  const t = performance.now();
  const result = process.argv.includes("--wire") ? await new WireStorm({ ...scenario, barUs: 60_000_000 }).run() : await runStorm(scenario);
  const isBad = result.violations.length > 0;
  if (isBad) failed += 1;
  console.log(
    `${isBad ? "FAIL" : "ok  "} seed ${i} ${scenario.mode} ${scenario.trader} ${result.digest} ${result.events} events ${result.orders} orders ${result.fills} fills ${result.boots} boots ${result.alarms} alarms ${result.endedDown} ${Math.round(performance.now() - t)} ms`,
  );
  for (const v of result.violations.slice(0, 6)) console.log(`     ${v.invariant} ${v.about} ${v.text.slice(0, 600)}`);
  if (seeds === 1 && process.argv.includes("--lines"))
    for (const line of result.lines) console.log(`${((line.atUs - 1_700_000_000_000_000) / 1e6 + 20).toFixed(3)} ${line.who} ${line.text}`);
}
console.log(`${seeds} seeds, ${failed} failed, ${((performance.now() - started) / 1000).toFixed(1)} s`);
