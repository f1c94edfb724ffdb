import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";
import { RunningCommand } from "../testing/running-command.ts";

const strategy = fileURLToPath(new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url));

/** A running command that ends with its test. */
class Running extends RunningCommand {
  constructor(args: readonly string[], cwd: string, variables: Readonly<Record<string, string>> = {}) {
    super(args, cwd, variables);
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    await expect.poll(() => this.output, { timeout: 40_000, interval: 50 }).toMatch(pattern);
    return pattern.exec(this.output)!;
  }
}

test("live at the local venue: halted, armed, killed by the system, recovered, stopped; the journal replays and the bridge sums up", {
  timeout: 120_000,
}, async () => {
  const cwd = emptyFolder();
  const venue = new Running(["venue-server", "--data", "sp500", "--port", "0"], cwd);
  const [, port] = await venue.shows(/REST {5}http:\/\/127\.0\.0\.1:(\d+)[\s\S]*ready/);
  const [, key] = await venue.shows(/key {6}(\S+)/);
  const [, secret] = await venue.shows(/secret {3}(\S+)/);
  writeFileSync(
    join(cwd, "live.toml"),
    [
      "[loop]\nfill_poll_interval = 2\nheartbeat_interval = 1",
      `[[venues]]\nname = "local"\nclass = "execution.adapters.BinanceRESTConnector"`,
      `[venues.options]\nrest_url = "http://127.0.0.1:${port}"\nstream_url = "ws://127.0.0.1:${port}"\nws_api_url = "ws://127.0.0.1:${port}/ws-api/v3"`,
      `[venues.credentials]\nenv_prefix = "LOCAL"\nrequired = ["API_KEY", "API_SECRET"]`,
      `[[strategies]]\nfile = ${JSON.stringify(strategy)}\ninstruments = ["SP500-USD"]\ninterval = "1s"\ncapital = 5000\nparameters = { fast = 2, slow = 3 }`,
    ].join("\n"),
  );
  const variables = { LOCAL_API_KEY: key!, LOCAL_API_SECRET: secret! };
  const session = "state/local-test/ema-cross";
  const status = async (): Promise<number> => {
    const { stdout } = await runCommand(["replay", session, "--json"], { cwd });
    return stdout === "" ? 0 : (JSON.parse(stdout) as { commands: number }).commands;
  };

  const first = new Running(["live", "--config", "live.toml"], cwd, variables);
  await first.shows(/at the venue's test environment/);
  expect(await status()).toBe(0);
  const armed = await runCommand(["kill", session, "--arm", "--by", "ada", "--reason", "test"], { cwd });
  expect(armed.stdout).toContain("trading is enabled");
  await first.shows(/trading is enabled: test \(ada\)/);
  await expect.poll(status, { timeout: 30_000, interval: 300 }).toBeGreaterThan(1);
  first.child.kill("SIGKILL");
  await first.ended;

  const second = new Running(["live", "--config", "live.toml"], cwd, variables);
  const before = await status();
  await expect.poll(status, { timeout: 40_000, interval: 300 }).toBeGreaterThan(before + 1);
  second.child.kill("SIGTERM");
  expect(await second.ended, second.output).toBe(0);
  // Neither key nor secret stands in what was printed or written, in any spelling.
  const written = readdirSync(cwd, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1"));
  expect(written.length).toBeGreaterThan(5);
  for (const text of [first.output, second.output, ...written])
    for (const each of [key!, secret!])
      for (const form of [
        each,
        Buffer.from(each).toString("base64").slice(0, -4),
        Buffer.from(each).toString("hex"),
        encodeURIComponent(each),
      ])
        expect(text.includes(form)).toBe(false);

  const replay = JSON.parse((await runCommand(["replay", session, "--json"], { cwd })).stdout) as Record<string, unknown>;
  expect(replay).toMatchObject({ ok: true, divergences: [], otherEvent: null });
  const parity = JSON.parse((await runCommand(["parity", session, "--json"], { cwd })).stdout) as {
    rows: { cause: string; amount: string }[];
    sessionFills: number;
  };
  expect(parity.rows.map(({ cause }) => cause)).toEqual([
    "data",
    "code version",
    "signal",
    "missed fill",
    "latency",
    "fill price",
    "fee",
    "manual trades",
  ]);
  expect(parity.sessionFills).toBeGreaterThan(1);
});

test("real money is refused without the account that the configuration names", async () => {
  const cwd = emptyFolder();
  const lines = [
    `[[venues]]\nname = "binance"\nadapter = "binance"\nsandbox = false\naccount = "main"`,
    `[[strategies]]\nfile = "x.ts"\ninstruments = ["BTC-USDT"]`,
  ];
  writeFileSync(join(cwd, "live.toml"), lines.join("\n"));
  const { code, stderr } = await runCommand(["live", "--config", "live.toml", "--live", "other"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('account "other" was named for real money, and the configuration names "main"');
});

test("a configuration with a wrong key is refused with its line", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "live.toml"), "[risk]\n\nmax_notionl = 5\n");
  const { code, stderr } = await runCommand(["live", "--config", "live.toml"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/at {5}.*live\.toml:3/);
  expect(stderr).toContain('meant  "max_notional"');
});

test("a configuration that is not there is told in our words", async () => {
  const cwd = emptyFolder();
  const missing = await runCommand(["live", "--config", "nope.toml"], { cwd });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/^TP_LIVE_CONFIG_UNREADABLE\nCannot read configuration ".*nope\.toml": there is no such file\n {2}next/);
  expect((await runCommand(["live", "--config", "."], { cwd })).stderr).toContain("it is a folder");
});

test("a venue that is not there is told in a line with what to do, and the process ends", async () => {
  const cwd = emptyFolder();
  const lines = [
    `[[venues]]\nname = "local"\nadapter = "binance"\noptions = { rest_url = "http://127.0.0.1:9" }`,
    `[venues.credentials]\nenv_prefix = "LOCAL"\nrequired = ["API_KEY", "API_SECRET"]`,
    `[[strategies]]\nfile = ${JSON.stringify(strategy)}\ninstruments = ["SP500-USD"]`,
  ];
  writeFileSync(join(cwd, "live.toml"), lines.join("\n"));
  const env = { LOCAL_API_KEY: "a", LOCAL_API_SECRET: "b" };
  const absent = await runCommand(["live", "--config", "live.toml"], { cwd, env });
  expect(absent.code).toBe(3);
  expect(absent.stderr).toContain("a venue on this machine is started with tradepulse venue-server");
});
