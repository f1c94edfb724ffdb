export type { FactCounts } from "./apply-fact.ts";
export { type BarDriver, type BarRunResult, barRun, fitsBarLoop, runBars } from "./bar-run.ts";
export { Digest, runHash } from "./digest.ts";
export { Engine, type EngineSetup } from "./engine.ts";
export { type EngineOptions, engineOptions } from "./engine-options.ts";
export { EventList } from "./event-list.ts";
export { FactDriver } from "./fact-driver.ts";
export { fillsOf, type OrderRow, ordersOf, type RefusalRow, refusalsOf } from "./read-events.ts";
export { runSteps, type StepRunResult, stepRun } from "./step-run.ts";
