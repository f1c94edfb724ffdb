import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

// The guides of live sessions are run as they are written, line by line, in a folder that has the repository's examples and configurations.
// They share the port that the guides name, so they run one after the other.
const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "apps", "cli", "bin", "tradepulse.mjs");

/** Commands that go on until they are told to stop, and what they show when they are ready. */
const LASTING: Readonly<Record<string, RegExp>> = { "venue-server": /ready/, live: /Ctrl-C ends it in order/ };

/** A terminal, or two: one for commands that end, and what goes on beside it. */
class Terminal {
  readonly folder = mkdtempSync(join(tmpdir(), "tradepulse-guide-"));
  private readonly variables: Record<string, string> = {};
  private readonly lasting = new Map<string, { readonly child: ChildProcess; readonly ended: Promise<number | null>; output: string }>();

  constructor() {
    for (const name of ["examples", "configs"]) symlinkSync(join(root, name), join(this.folder, name));
  }

  /** One line of a guide. What it printed; nothing for a line that is no command. */
  async run(line: string): Promise<string> {
    const set = /^export (\w+)=(\S+)$/.exec(line);
    if (set !== null) this.variables[set[1]!] = set[2]!;
    if (line === "# kill -9") await this.end("live", "SIGKILL");
    if (line === "# Ctrl-C") expect(await this.end("live", "SIGINT")).toBe(0);
    if (!line.startsWith("npx tradepulse ")) return "";
    const args = line.split(/\s+/).slice(2);
    const ready = LASTING[args[0]!];
    if (ready !== undefined) return await this.begin(args, ready);
    const { child, ended, read } = this.start(args);
    const code = await ended;
    expect(code, `${line}\n${read()}`).toBe(0);
    expect(child.signalCode).toBeNull();
    return read();
  }

  async close(): Promise<void> {
    for (const name of this.lasting.keys()) await this.end(name, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async begin(args: readonly string[], ready: RegExp): Promise<string> {
    await this.end(args[0]!, "SIGINT");
    const { child, ended, read } = this.start(args);
    this.lasting.set(args[0]!, {
      child,
      ended,
      get output() {
        return read();
      },
    });
    await expect.poll(read, { timeout: 60_000, interval: 50 }).toMatch(ready);
    return read();
  }

  private async end(name: string, signal: NodeJS.Signals): Promise<number | null> {
    const found = this.lasting.get(name);
    this.lasting.delete(name);
    found?.child.kill(signal);
    return (await found?.ended) ?? null;
  }

  private start(args: readonly string[]) {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, NO_COLOR: "1", ...this.variables };
    const child = spawn(process.execPath, [command, ...args], { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    return { child, ended, read: () => output };
  }
}

/** Lines of the bash blocks of a page, in order. What follows a command behind `#` is a remark. */
function linesOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  const lines = [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].flatMap((match) => match[1]!.trim().split("\n"));
  return lines.map((line) => line.replace(/(?<=\S)\s+#.*$/, ""));
}

describe("the guides of live sessions", () => {
  const terminals: Terminal[] = [];
  afterAll(() => Promise.all(terminals.map((terminal) => terminal.close())));

  test("README.md: a newcomer's paper session, its replay and its parity report", { timeout: 60_000 }, async () => {
    const terminal = new Terminal();
    terminals.push(terminal);
    const lines = linesOf("README.md").filter((line) => /^npx tradepulse (paper|replay|parity) /.test(line));
    expect(lines).toHaveLength(3);
    const [, replay, parity] = [await terminal.run(lines[0]!), await terminal.run(lines[1]!), await terminal.run(lines[2]!)];
    expect(replay).toContain("bit-identical");
    expect(parity).toContain("equal to its backtest bit for bit");
    expect(parity).toContain("parity.html");
  });

  test("docs/guides/paper-to-live.md works as it is written", { timeout: 180_000 }, async () => {
    const terminal = new Terminal();
    terminals.push(terminal);
    const shown = new Map<string, string>();
    for (const line of linesOf("docs/guides/paper-to-live.md")) {
      shown.set(line, await terminal.run(line));
      // A reader looks at it for a while.
      if (line.includes("--arm")) await new Promise((resolve) => setTimeout(resolve, 6_000));
    }
    await terminal.close();
    const text = (part: string): string => [...shown].find(([line]) => line.includes(part))![1];
    expect(text("replay last")).toContain("bit-identical");
    expect(text("parity last")).toContain("equal to its backtest bit for bit");
    expect(text("--arm")).toContain("trading is enabled");
    expect(text("--reason enough")).toContain("trading is halted");
    expect(text("replay state/")).toContain("bit-identical");
    expect(text("parity state/")).toMatch(/backtest[\s\S]*missed fill[\s\S]*session/);
  });

  test("docs/guides/recover-from-a-crash.md works as it is written", { timeout: 180_000 }, async () => {
    const terminal = new Terminal();
    terminals.push(terminal);
    const replays: string[] = [];
    for (const line of linesOf("docs/guides/recover-from-a-crash.md")) {
      const text = await terminal.run(line);
      if (line.includes("replay ")) replays.push(text);
      if (line.includes("--status")) expect(text).toContain("trading is enabled");
      if (line.includes("--arm") || line.includes("--status")) await new Promise((resolve) => setTimeout(resolve, 6_000));
    }
    await terminal.close();
    expect(replays).toHaveLength(2);
    for (const text of replays) expect(text).toContain("bit-identical");
  });
});
