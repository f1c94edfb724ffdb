import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import type { CancelOutcome } from "@tradepulse/venues";
import { expect, test } from "vitest";
import { cancelEverything } from "./cancel-everything.ts";

async function attempts(
  outcomes: readonly (CancelOutcome | Error)[],
): Promise<{ readonly calls: number; readonly alarms: readonly string[] }> {
  const clock = new SimClock({ seed: 1, startUs: 0 });
  const env = new SimEnv({ clock, process: new SimProcess("test"), seed: 1, files: new SimFiles(new SimDisk(seededStream(1, "disk"))) });
  const alarms: string[] = [];
  let calls = 0;
  const client = {
    cancelAll: (): Promise<CancelOutcome> => {
      const outcome = outcomes[Math.min(calls, outcomes.length - 1)]!;
      calls += 1;
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
  };
  const untilUs = env.monoUs() + 10_000_000;
  void cancelEverything({ env, client, symbols: ["BTCUSDT"], pauseUs: 1_000_000, untilUs, onAlarm: (text) => alarms.push(text) });
  await clock.run(60_000_000);
  return { calls, alarms };
}

const unknown: CancelOutcome = { kind: "unknown", why: "status 502" };
const budget: CancelOutcome = { kind: "refused", code: "not-sent", message: "the rate budget allows it in 900 ms", cause: "rate-limit" };
const done: CancelOutcome = { kind: "not-open", message: "no open orders" };

test("cancelEverything() asks until the venue says that nothing is left", async () => {
  expect(await attempts([unknown, budget, new Error("no keys"), done])).toEqual({ calls: 4, alarms: [] });
});

test("cancelEverything() gives up when its time is over and tells somebody", async () => {
  expect(await attempts([unknown])).toEqual({ calls: 10, alarms: ["orders of BTCUSDT could not be canceled: status 502"] });
});
