import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { realFiles } from "./real-files.ts";

const root = mkdtempSync(join(tmpdir(), "tradepulse-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

describe("realFiles", () => {
  test("writes and reads at positions, grows, is cut, and is there again when opened anew", async () => {
    const path = join(root, "at");
    const file = await realFiles.open(path);
    expect(await file.size()).toBe(0);
    await file.writeAt(3, bytes("def"));
    await file.writeAt(0, bytes("abc"));
    await file.sync();
    expect(text(await file.readAt(1, 4))).toBe("bcde");
    expect(text(await file.readAt(4, 100))).toBe("ef");
    expect(await file.readAt(100, 5)).toHaveLength(0);
    await file.truncate(2);
    await file.close();
    const again = await realFiles.open(path);
    expect(await again.size()).toBe(2);
    await again.close();
    expect(text(await realFiles.read(path))).toBe("ab");
  });

  test("reserves room in blocks, not in a hole, and shortens nothing", async () => {
    const path = join(root, "room");
    const file = await realFiles.open(path);
    await file.writeAt(0, bytes("head"));
    await file.allocate(3_000_000);
    await file.sync();
    expect(await file.size()).toBe(3_000_000);
    expect(text(await file.readAt(0, 4))).toBe("head");
    if (process.platform === "linux") expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(3_000_000);
    await file.allocate(10);
    expect(await file.size()).toBe(3_000_000);
    await file.close();
  });

  test("moves a file into another folder, in the place of one that had the name", async () => {
    const folder = join(root, "moved");
    await realFiles.makeFolder(join(folder, "old"));
    await realFiles.replace(join(folder, "a"), bytes("new"));
    await realFiles.replace(join(folder, "old", "a"), bytes("old"));
    await realFiles.move(join(folder, "a"), join(folder, "old", "a"));
    expect(await realFiles.list(folder)).toEqual(["old"]);
    expect(await realFiles.read(join(folder, "old", "a"))).toEqual(bytes("new"));
  });

  test("replaces a whole file and leaves nothing beside it", async () => {
    const folder = join(root, "replaced");
    await realFiles.makeFolder(folder);
    await realFiles.replace(join(folder, "latch"), bytes("one"));
    await realFiles.replace(join(folder, "latch"), bytes("two"));
    expect(readFileSync(join(folder, "latch"), "utf8")).toBe("two");
    expect(await realFiles.list(folder)).toEqual(["latch"]);
    await expect(realFiles.replace(join(folder, "absent", "latch"), bytes("x"))).rejects.toThrow("ENOENT");
  });

  test("lists a folder in order, an absent one as empty, and removes what is and what is not there", async () => {
    const folder = join(root, "list");
    await realFiles.makeFolder(folder);
    await realFiles.makeFolder(folder);
    for (const name of ["b", "a", "c"]) writeFileSync(join(folder, name), "");
    await realFiles.syncFolder(folder);
    expect(await realFiles.list(folder)).toEqual(["a", "b", "c"]);
    await realFiles.remove(join(folder, "b"));
    await realFiles.remove(join(folder, "b"));
    expect(await realFiles.list(folder)).toEqual(["a", "c"]);
    expect(await realFiles.list(join(root, "nowhere"))).toEqual([]);
  });
});

describe("realFiles.lock()", () => {
  test("is one holder's until that one releases it", async () => {
    const path = join(root, "own.lock");
    const both = await Promise.all([realFiles.lock(path), realFiles.lock(path)]);
    expect(both.filter((lock) => lock !== undefined)).toHaveLength(1);
    expect(await realFiles.lock(path)).toBeUndefined();
    await both.find((lock) => lock !== undefined)!.release();
    const next = await realFiles.lock(path);
    expect(next).toBeDefined();
    await next!.release();
    expect(readdirSync(root).filter((name) => name.startsWith("own.lock"))).toEqual([]);
  });

  test("keeps off a process that is alive and takes over from one that was killed", async () => {
    const path = join(root, "other.lock");
    const script = `import { realFiles } from ${JSON.stringify(new URL("./real-files.ts", import.meta.url).href)};
      console.log((await realFiles.lock(${JSON.stringify(path)})) === undefined ? "none" : "held");
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
    const said = await new Promise<string>((done) => child.stdout.once("data", (data: Buffer) => done(data.toString().trim())));
    expect(said).toBe("held");
    expect(await realFiles.lock(path)).toBeUndefined();
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
    const lock = await realFiles.lock(path);
    expect(lock).toBeDefined();
    await lock!.release();
  });

  test.skipIf(process.platform !== "linux")(
    "takes over when the process id now belongs to another process, or to another boot (needs /proc)",
    async () => {
      const path = join(root, "reused.lock");
      const first = await realFiles.lock(path);
      const holder = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      writeFileSync(path, JSON.stringify({ ...holder, started: "1" }));
      const second = await realFiles.lock(path);
      expect(second).toBeDefined();
      await first!.release();
      expect(await realFiles.lock(path)).toBeUndefined();
      writeFileSync(path, JSON.stringify({ ...holder, boot: "another" }));
      expect(await realFiles.lock(path)).toBeDefined();
    },
  );

  test("never takes a file that is no lock of ours, nor one of another host", async () => {
    const path = join(root, "foreign.lock");
    for (const content of ["", "not ours", JSON.stringify({ host: `${hostname()}-b`, boot: "b", pid: 1, started: "1", token: "t" })]) {
      writeFileSync(path, content);
      expect(await realFiles.lock(path)).toBeUndefined();
      expect(readFileSync(path, "utf8")).toBe(content);
    }
  });
});
