import { describe, expect, test } from "vitest";
import { Secret } from "../secret/secret.ts";
import { seededStream } from "../sim/seeded-stream.ts";
import { SimClock, SimProcess } from "../sim/sim-clock.ts";
import { SimDisk } from "../sim/sim-disk.ts";
import { SimEnv } from "../sim/sim-env.ts";
import { SimFiles } from "../sim/sim-files.ts";
import type { LogLine } from "./log.ts";
import { ProcessLog, type ProcessLogOptions } from "./process-log.ts";
import { Redactor } from "./redactor.ts";

const START_US = 1_767_225_600_000_000;

class Desk {
  readonly disk = new SimDisk(seededStream(1, "disk"));
  readonly clock = new SimClock({ seed: 1, startUs: START_US });
  readonly env = new SimEnv({ clock: this.clock, process: new SimProcess("p"), seed: 1, files: new SimFiles(this.disk) });
  readonly lines: LogLine[] = [];
  readonly redactor = new Redactor();

  log(more: Partial<ProcessLogOptions> = {}): ProcessLog {
    return new ProcessLog({ env: this.env, folder: "/s/log", redactor: this.redactor, onLine: (line) => this.lines.push(line), ...more });
  }

  async written(): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    for (const name of await this.env.files.list("/s/log")) {
      files[name] = new TextDecoder().decode(await this.env.files.read(`/s/log/${name}`));
    }
    return files;
  }

  async parsed(): Promise<Readonly<Record<string, unknown>>[]> {
    const text = Object.values(await this.written()).join("");
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }
}

describe("ProcessLog", () => {
  test("writes one JSON object a line, with time, level, event and fields, and tells the same to whoever watches", async () => {
    const desk = new Desk();
    const log = desk.log();
    log.write("info", "start", "the session starts", { epoch: 3, account: undefined });
    log.write("debug", "detail", "not at this level");
    await log.close();
    expect(await desk.written()).toEqual({
      "log-000001.jsonl": '{"time":"2026-01-01T00:00Z","level":"info","event":"start","text":"the session starts","epoch":3}\n',
    });
    expect(desk.lines).toEqual([{ timeUs: START_US, level: "info", event: "start", text: "the session starts", fields: { epoch: 3 } }]);
  });

  test("takes secrets out of texts and fields before anybody sees them", async () => {
    const desk = new Desk();
    desk.redactor.keep([new Secret("canary-secret")]);
    const log = desk.log();
    log.write("warn", "x", 'it said "canary-secret"\nand more', {
      url: "https://h/x?signature=abc",
      hex: Buffer.from("canary-secret").toString("hex"),
    });
    await log.close();
    const text = JSON.stringify([await desk.written(), desk.lines]);
    expect(text).not.toMatch(/canary|signature=abc/);
    expect(text).not.toContain(Buffer.from("canary-secret").toString("hex"));
    expect(await desk.parsed()).toMatchObject([{ text: 'it said "[redacted]"\nand more', url: "https://h/x?signature=[redacted]" }]);
  });

  test("keeps a bounded number of files of bounded size, the newest ones", async () => {
    const desk = new Desk();
    const log = desk.log({ maxFileBytes: 1_000, maxFiles: 3 });
    for (let k = 0; k < 200; k += 1) log.write("info", "n", `line ${k}`);
    await log.close();
    const files = await desk.written();
    expect(Object.keys(files)).toHaveLength(3);
    for (const text of Object.values(files)) expect(text.length).toBeLessThan(1_100);
    expect((await desk.parsed()).at(-1)).toMatchObject({ text: "line 199" });
    expect(log.dropped).toBe(0);
  });

  test("goes on where an earlier process ended, behind a line that a crash has cut", async () => {
    const desk = new Desk();
    const first = desk.log();
    first.write("info", "a", "first");
    await first.close();
    const handle = await desk.env.files.open("/s/log/log-000001.jsonl");
    await handle.truncate((await handle.size()) - 5);
    const second = desk.log();
    second.write("info", "b", "second");
    await second.close();
    const lines = (await desk.written())["log-000001.jsonl"]!.split("\n");
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[1]!)).toMatchObject({ text: "second" });
  });

  test("drops and counts what the disk refuses, keeps the rest for later, and tells the count once the disk takes lines again", async () => {
    const desk = new Desk();
    const log = desk.log();
    desk.disk.onOperation = ({ kind }) => (kind === "write" ? "ENOSPC" : undefined);
    for (let k = 0; k < 3; k += 1) {
      log.write("info", "n", `refused ${k}`);
      await desk.clock.run(desk.clock.nowUs + 2_000_000);
    }
    expect(log.dropped).toBe(3);
    for (const text of ["refused 3", "waits"]) log.write("info", "n", text);
    await log.drained();
    expect(log.dropped).toBe(4);
    desk.disk.onOperation = undefined;
    await desk.clock.run(desk.clock.nowUs + 2_000_000);
    log.write("info", "n", "kept");
    await log.close();
    const text = (await desk.written())["log-000001.jsonl"]!;
    expect(text).toContain('"event":"log-dropped","text":"4 lines of this log were dropped');
    expect(text.split("\n").filter((line) => /"text":"(waits|kept)"/.test(line))).toHaveLength(2);
    // Whoever watches has seen them all.
    expect(desk.lines.filter(({ event }) => event === "n")).toHaveLength(6);
  });

  test("holds a bounded number of bytes for a disk that hangs, whatever is written", async () => {
    const desk = new Desk();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const files = new SimFiles(desk.disk, { delay: async ({ kind }) => (kind === "write" ? await held : undefined) });
    const env = new SimEnv({ clock: desk.clock, process: new SimProcess("q"), seed: 1, files });
    const log = desk.log({ env, maxWaitingBytes: 10_000 });
    for (let k = 0; k < 1_000; k += 1) log.write("info", "n", `line ${k}`, { pad: "x".repeat(100) });
    expect(log.dropped).toBeGreaterThan(900);
    release();
    await log.close();
    expect(1_000 - (await desk.parsed()).filter(({ event }) => event === "n").length).toBe(log.dropped);
  });

  test("bounds a line, however long what it is about is", async () => {
    const desk = new Desk();
    const log = desk.log();
    log.write("info", "n", "y".repeat(1e6), { more: "z".repeat(1e6) });
    await log.close();
    expect((await desk.written())["log-000001.jsonl"]!.length).toBeLessThan(5_000);
  });

  test("writes the same bytes for the same run", async () => {
    const run = async (): Promise<unknown> => {
      const desk = new Desk();
      const log = desk.log({ maxFileBytes: 500 });
      for (let k = 0; k < 20; k += 1) {
        log.write("info", "n", `line ${k}`);
        await desk.clock.run(desk.clock.nowUs + 1_000);
      }
      await log.close();
      return await desk.written();
    };
    expect(await run()).toEqual(await run());
  });
});
