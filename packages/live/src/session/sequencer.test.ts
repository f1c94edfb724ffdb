import type { Fact } from "@tradepulse/core";
import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { Sequencer } from "./sequencer.ts";

function world() {
  const clock = new SimClock({ seed: 1, startUs: 1_000 });
  const env = new SimEnv({ clock, process: new SimProcess("trader"), seed: 1, files: new SimFiles(new SimDisk(seededStream(1, "disk"))) });
  const taken: Fact[] = [];
  const taker = { process: (fact: Fact) => void taken.push(fact), takeCommands: () => [] };
  return { clock, env, taken, taker };
}

test("push() tells once that the journal takes no more, and nothing reaches the engine from then on", () => {
  const { env, taken, taker } = world();
  const lost: unknown[] = [];
  let room = 2;
  const journal = {
    append: () => {
      if (room === 0) throw new Error("the disk is gone");
      room -= 1;
      return 2 - room;
    },
  };
  const sequencer = new Sequencer(
    env,
    journal,
    taker,
    () => undefined,
    (error) => void lost.push(error),
  );
  for (let k = 0; k < 5; k += 1) sequencer.push({ kind: "transfer", quanta: k });
  expect(taken.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(lost).toEqual([new Error("the disk is gone")]);
});

test("push() throws what the journal throws when nobody else is told", () => {
  const { env, taker } = world();
  const journal = {
    append: () => {
      throw new Error("the disk is gone");
    },
  };
  const sequencer = new Sequencer(env, journal, taker, () => undefined);
  expect(() => sequencer.push({ kind: "transfer", quanta: 1 })).toThrow("the disk is gone");
});

test("push() never lets time go back, whatever the wall clock does", () => {
  const { env, taken, taker } = world();
  let seq = 0;
  const sequencer = new Sequencer(env, { append: () => ++seq }, taker, () => undefined);
  sequencer.push({ kind: "step", atUs: 5_000 });
  env.wallAheadUs = -900;
  sequencer.push({ kind: "transfer", quanta: 1 });
  expect(taken.map(({ timeUs, receiveUs }) => [timeUs, receiveUs])).toEqual([
    [5_000, 1_000],
    [5_000, 100],
  ]);
});
