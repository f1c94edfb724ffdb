import { Secret, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { readCounters } from "./counters-file.ts";
import type { SessionNews } from "./session-news.ts";
import { SessionVoice } from "./session-voice.ts";

const MINUTE_US = 60_000_000;

function room() {
  const clock = new SimClock({ seed: 1 });
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  const env = new SimEnv({ clock, process: new SimProcess("p"), seed: 1, files });
  const news: SessionNews[] = [];
  const voice = new SessionVoice({ env, onNews: (each) => news.push(each) });
  const alarms = (): string[] => news.flatMap((each) => (each.kind === "alarm" ? [each.text] : []));
  const lines = async (): Promise<string> => new TextDecoder().decode(await files.read("/s/log/log-000001.jsonl"));
  return { clock, files, news, voice, alarms, lines };
}

test("what is said before the folder is known comes first in its log, an alarm once", async () => {
  const { voice, lines, alarms } = room();
  voice.say("info", "start", "before");
  voice.alarm("something is wrong");
  voice.openLog("/s");
  voice.say("info", "go", "after");
  await voice.close();
  expect((await lines()).split("\n").flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as { text: string }).text]))).toEqual([
    "before",
    "something is wrong",
    "after",
  ]);
  expect(alarms()).toEqual(["something is wrong"]);
});

test("alarm() gives back what was told, secrets taken out, and nothing for one of very many", async () => {
  const { voice, clock, alarms } = room();
  voice.redactor.keep([new Secret("canary-secret")]);
  expect(voice.alarm("order 1 with canary-secret")).toBe("order 1 with [redacted]");
  const told = Array.from({ length: 100 }, (_, k) => voice.alarm(`order ${k} with canary-secret`)).filter((text) => text !== undefined);
  expect(told).toHaveLength(19);
  await clock.run(MINUTE_US + 1);
  expect(alarms().at(-1)).toBe("81 more within a minute like this: order 99 with [redacted]");
  expect(voice.alarm("order 7 with canary-secret")).toBe("order 7 with [redacted]");
});

test("alarms that are all worded differently are bounded too, and those of another kind are still told", async () => {
  const { voice, clock, alarms } = room();
  const word = (k: number): string => String.fromCharCode(97 + (k % 26), 97 + (Math.floor(k / 26) % 26), 97 + (Math.floor(k / 676) % 26));
  for (let k = 0; k < 5_000; k += 1) voice.alarm(`closed because of ${word(k)}`);
  expect(alarms().length).toBeLessThanOrEqual(300);
  await clock.run(MINUTE_US + 1);
  voice.alarm("something else");
  expect(alarms().at(-1)).toBe("something else");
});

test("bad() counts everything, tells the first few of a kind, and leaves the counts beside the session", async () => {
  const { voice, files, lines, news } = room();
  voice.openLog("/s");
  for (let k = 0; k < 1_000; k += 1) voice.bad("rest", "unreadable", "GET /x: no JSON");
  voice.bad("bars", "prices", "a bar of X has prices that cannot be");
  await voice.close();
  expect(await readCounters(files, "/s")).toMatchObject({
    badInput: [
      { source: "rest", kind: "unreadable", count: 1_000 },
      { source: "bars", kind: "prices", count: 1 },
    ],
  });
  expect((await lines()).split("\n").filter((line) => line.includes('"event":"bad-input"')).length).toBe(6);
  expect(voice.badInput).toEqual({ "rest unreadable": 1_000, "bars prices": 1 });
  expect(news.filter(({ kind }) => kind === "alarm")).toEqual([]);
  expect(voice.metrics().map(({ name }) => name)).toEqual(["tradepulse_bad_input_total", "tradepulse_log_dropped_lines_total"]);
});

test("a session in which everything could be used leaves no counts", async () => {
  const { voice, files } = room();
  voice.openLog("/s");
  voice.say("info", "start", "x");
  await voice.close();
  expect(await readCounters(files, "/s")).toBeUndefined();
  expect(voice.badInput).toBeUndefined();
});
