import { parentPort, workerData } from "node:worker_threads";
import { type BarColumns, runHash } from "@tradepulse/core";
import { driveBars } from "@tradepulse/core/drive-bars";
import { referenceStrategy } from "./reference-strategy.ts";
import { runReference } from "./run-reference.ts";

// Runs the reference work on columns shared with the main thread and answers with the run hash.
parentPort!.postMessage(runHash(runReference(workerData as BarColumns, referenceStrategy(), driveBars).engine.events));
