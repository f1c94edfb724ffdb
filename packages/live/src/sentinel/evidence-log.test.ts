import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { EvidenceLog, readEvidence, readEvidenceFolder } from "./evidence-log.ts";

const FOLDER = "/account/sentinel";
const FIRST = `${FOLDER}/evidence-000001.jsonl`;

function room(seed = 1) {
  const disk = new SimDisk(seededStream(seed, "disk"));
  const clock = new SimClock({ seed });
  const alarms: string[] = [];
  const env = (): SimEnv => new SimEnv({ clock, process: new SimProcess("sentinel"), seed, files: new SimFiles(disk) });
  return { disk, alarms, env, log: () => new EvidenceLog(env(), FOLDER, (text) => alarms.push(text)) };
}

async function write(log: EvidenceLog, ...words: string[]): Promise<void> {
  for (const word of words) log.append("word", { word });
  await log.settled();
}

async function words({ env }: ReturnType<typeof room>): Promise<unknown[]> {
  return (await readEvidenceFolder(env(), FOLDER)).map(({ about }) => about["word"]);
}

test("append() goes on where an earlier process ended", async () => {
  const here = room();
  await write(here.log(), "one", "two");
  await write(here.log(), "three");
  expect(await words(here)).toEqual(["one", "two", "three"]);
  expect(here.disk.list(FOLDER)).toEqual(["evidence-000001.jsonl"]);
});

test("a line that was cut off is taken away, and nothing before it", async () => {
  for (let cut = 1; cut < 60; cut += 7) {
    const here = room(cut);
    await write(here.log(), "one", "two");
    const file = here.disk.find(FIRST)!;
    file.truncate(file.size - cut);
    await write(here.log(), "three");
    expect(await words(here)).toEqual(["one", "three"]);
  }
});

test("a turned bit ends what can be believed: the file is left as it is and a new one begun", async () => {
  let fresh = 0;
  for (let seed = 0; seed < 60; seed += 1) {
    const here = room(seed);
    await write(here.log(), "one", "two", "three");
    const before = here.disk.find(FIRST)!.size;
    here.disk.flipBit(FIRST);
    await write(here.log(), "four");
    const read = await words(here);
    expect(["one", "two", "three", "four"]).toEqual(expect.arrayContaining(read));
    expect(read.at(-1)).toBe("four");
    expect(read.length).toBeLessThan(4);
    if (here.disk.list(FOLDER).length === 2) {
      fresh += 1;
      expect(here.disk.find(FIRST)!.size).toBe(before);
      expect(here.alarms[0]).toContain("is damaged after record");
    }
  }
  expect(fresh).toBeGreaterThan(20);
});

test("a line that was taken out, or put in from elsewhere, is found", async () => {
  const here = room();
  await write(here.log(), "one", "two", "three");
  const bytes = await here.env().files.read(FIRST);
  const lines = new TextDecoder().decode(bytes).split("\n");
  const read = (kept: readonly string[]): number => readEvidence(new TextEncoder().encode(`${kept.join("\n")}\n`)).records.length;
  expect(read(lines.slice(0, 3))).toBe(3);
  expect(read([lines[0]!, lines[2]!])).toBe(1);
  expect(read([lines[1]!, lines[0]!])).toBe(0);
  expect(read([lines[0]!, lines[0]!, lines[1]!])).toBe(1);
});

test("a disk that takes nothing keeps lines waiting, tells it once, and has them all when there is room", async () => {
  const here = room();
  const log = here.log();
  await write(log, "one");
  here.disk.onOperation = ({ kind }) => (kind === "write" ? "ENOSPC" : undefined);
  await write(log, "two");
  await write(log, "three");
  expect(here.alarms).toHaveLength(1);
  here.disk.onOperation = undefined;
  await write(log, "four");
  expect(await words(here)).toEqual(["one", "two", "three", "four"]);
});

test("what was on the disk outlives a power cut at any moment", async () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const here = room(seed);
    const log = here.log();
    await write(log, "one", "two");
    let left = 1 + (seed % 4);
    here.disk.onOperation = () => {
      left -= 1;
      return left > 0 ? undefined : "power-cut";
    };
    log.append("word", { word: "three" });
    await Promise.resolve();
    here.disk.onOperation = undefined;
    if (here.disk.powerCycle === 0) here.disk.powerCut();
    expect((await words(here)).slice(0, 2)).toEqual(["one", "two"]);
  }
});
