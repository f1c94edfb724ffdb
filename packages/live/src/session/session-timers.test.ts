import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { SessionTimers } from "./session-timers.ts";

function timers() {
  const clock = new SimClock({ seed: 1, startUs: 0 });
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  return { clock, timers: new SessionTimers(new SimEnv({ clock, process: new SimProcess("test"), seed: 1, files })) };
}

test("SessionTimers run once or again and again, and keep nothing of those that ran", async () => {
  const { clock, timers: all } = timers();
  let once = 0;
  let often = 0;
  all.after(10, () => {
    once += 1;
  });
  all.every(100, () => {
    often += 1;
  });
  await clock.run(1_000_000);
  expect([once, often, all.count]).toEqual([1, 10_000, 1]);
});

test("SessionTimers run nothing after they were stopped", async () => {
  const { clock, timers: all } = timers();
  const ran: string[] = [];
  all.every(100, () => {
    ran.push("every");
    all.stop();
    all.after(1, () => ran.push("after"));
  });
  await clock.run(10_000);
  expect([ran, all.count]).toEqual([["every"], 0]);
});
