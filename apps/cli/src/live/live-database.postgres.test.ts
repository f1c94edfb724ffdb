import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { postgresSettings, realEnv, Secret } from "@tradepulse/platform";
import { type PostgresServer, startPostgresServer } from "@tradepulse/platform/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";
import { RunningCommand } from "../testing/running-command.ts";

const strategy = fileURLToPath(new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url));
const PASSWORDS = { POSTGRES_PASSWORD: "of the trader", POSTGRES_OWNER_PASSWORD: "of the owner" };

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
  const env = realEnv();
  const connect = async (database: string) =>
    env.postgres.connect(
      await postgresSettings(
        env,
        {
          host: server.socketFolder,
          port: server.port,
          database,
          user: server.user,
          password: new Secret(server.password),
          sslmode: "local",
          applicationName: "test",
          connectTimeoutUs: 20_000_000,
          answerTimeoutUs: 20_000_000,
        },
        {},
      ),
    );
  const main = await connect("postgres");
  await main.query(`CREATE ROLE tp_owner LOGIN PASSWORD '${PASSWORDS.POSTGRES_OWNER_PASSWORD}'`);
  await main.query(`CREATE ROLE tp_trader LOGIN PASSWORD '${PASSWORDS.POSTGRES_PASSWORD}'`);
  await main.query("CREATE DATABASE trading OWNER tp_owner");
  await main.close();
});
afterAll(() => server.end());

function started(args: readonly string[], cwd: string, variables: Readonly<Record<string, string>> = {}): RunningCommand {
  const running = new RunningCommand(args, cwd, variables);
  onTestFinished(() => void running.child.kill("SIGKILL"));
  return running;
}

async function shows(running: RunningCommand, pattern: RegExp): Promise<RegExpExecArray> {
  await expect.poll(() => running.output, { timeout: 40_000, interval: 50 }).toMatch(pattern);
  return pattern.exec(running.output)!;
}

/** How the database is reached: over TLS where there is OpenSSL to make a certificate. */
function journal(): string {
  const protection = server.caFile === undefined ? 'sslmode = "local"' : `sslmode = "verify-full"\nca_file = "${server.caFile}"`;
  return `[journal]\nkind = "postgres"\nhost = "127.0.0.1"\nport = ${server.port}\ndatabase = "trading"\nuser = "tp_trader"\n${protection}`;
}

describe("tradepulse database", () => {
  test("refuses to start before the schema is there, makes it, and says what it is", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "live.toml"), journal());
    const before = await runCommand(["database", "check", "--config", "live.toml"], { cwd, env: PASSWORDS });
    expect([before.code, before.stderr]).toEqual([3, expect.stringContaining("TP_JOURNAL_MIGRATION")]);
    const owner = ["database", "migrate", "--config", "live.toml", "--owner", "tp_owner", "--json"];
    const made = await runCommand(owner, { cwd, env: PASSWORDS });
    expect(JSON.parse(made.stdout)).toMatchObject({ ok: true, migrations: ["0001-journal.sql"] });
    expect(JSON.parse((await runCommand(owner, { cwd, env: PASSWORDS })).stdout)).toMatchObject({ migrations: [] });
    const after = await runCommand(["database", "check", "--config", "live.toml"], { cwd, env: PASSWORDS });
    expect(after.code, after.stderr).toBe(0);
    expect(after.stdout).toContain("tp_trader");
    if (server.caFile !== undefined) expect(after.stdout).toContain("TLSv1.3");
    const asOwner = await runCommand(["database", "migrate", "--config", "live.toml", "--owner", "tp_trader"], {
      cwd,
      env: PASSWORDS,
    });
    expect([asOwner.code, asOwner.stderr]).toEqual([2, expect.stringContaining("a role that is not the owner")]);
  });

  const refusals: readonly (readonly [string, (line: string) => string, Readonly<Record<string, string>>, string])[] = [
    ["a weaker sslmode", (line) => line.replace(/sslmode = .*/, 'sslmode = "require"'), {}, "TP_POSTGRES_INSECURE"],
    ["no sslmode", (line) => line.replace(/sslmode = .*/, ""), {}, "TP_POSTGRES_INSECURE"],
    ["a variable that weakens TLS", (line) => line, { PGSSLMODE: "prefer" }, "TP_POSTGRES_INSECURE"],
    ["a wrong password", (line) => line, { POSTGRES_PASSWORD: "another" }, "TP_POSTGRES_REFUSED"],
    ["no password", (line) => line, { POSTGRES_PASSWORD: "" }, "TP_POSTGRES_SETTINGS"],
    ["nobody at the port", (line) => line.replace(/port = .*/, "port = 1"), {}, "TP_POSTGRES_AWAY"],
    ["a password in the file", (line) => `${line}\npassword = "of the trader"`, {}, "TP_LIVE_CONFIG_UNKNOWN"],
  ];
  for (const [what, change, variables, code] of refusals) {
    test(`ends in words with ${what}, and shows no password`, async () => {
      const cwd = emptyFolder();
      writeFileSync(join(cwd, "live.toml"), change(journal()));
      const run = await runCommand(["database", "check", "--config", "live.toml"], { cwd, env: { ...PASSWORDS, ...variables } });
      expect(run.code).toBeGreaterThan(1);
      expect(run.stderr).toContain(code);
      expect(run.stdout + run.stderr).not.toContain("of the trader");
    });
  }
});

test("a live session in the database: killed on one host, taken up on another, refused while that one leads, replayed bit for bit", {
  timeout: 180_000,
}, async () => {
  const cwd = emptyFolder();
  const venue = started(["venue-server", "--data", "sp500", "--port", "0"], cwd);
  const [, port] = await shows(venue, /REST {5}http:\/\/127\.0\.0\.1:(\d+)[\s\S]*ready/);
  const [, key] = await shows(venue, /key {6}(\S+)/);
  const [, secret] = await shows(venue, /secret {3}(\S+)/);
  const hosts = ["one", "two"].map((name) => join(cwd, name));
  for (const host of hosts) {
    mkdirSync(host);
    writeFileSync(
      join(host, "live.toml"),
      [
        "[loop]\nfill_poll_interval = 2\nheartbeat_interval = 1",
        journal(),
        `[[venues]]\nname = "local"\nclass = "execution.adapters.BinanceRESTConnector"`,
        `[venues.options]\nrest_url = "http://127.0.0.1:${port}"\nstream_url = "ws://127.0.0.1:${port}"\nws_api_url = "ws://127.0.0.1:${port}/ws-api/v3"`,
        `[venues.credentials]\nenv_prefix = "LOCAL"\nrequired = ["API_KEY", "API_SECRET"]`,
        `[[strategies]]\nfile = ${JSON.stringify(strategy)}\ninstruments = ["SP500-USD"]\ninterval = "1s"\ncapital = 5000\nparameters = { fast = 2, slow = 3 }`,
      ].join("\n"),
    );
  }
  const [one, two] = hosts as [string, string];
  const variables = { LOCAL_API_KEY: key!, LOCAL_API_SECRET: secret!, POSTGRES_PASSWORD: PASSWORDS.POSTGRES_PASSWORD };
  const session = "state/local-test/ema-cross";
  const commands = async (host: string): Promise<number> => {
    const { stdout } = await runCommand(["replay", session, "--json"], { cwd: host, env: PASSWORDS });
    return stdout === "" ? 0 : (JSON.parse(stdout) as { commands: number }).commands;
  };
  const arm = async (host: string): Promise<void> => {
    const armed = await runCommand(["kill", session, "--arm", "--by", "ada", "--reason", "test"], { cwd: host });
    expect(armed.stdout).toContain("trading is enabled");
  };

  const first = started(["live", "--config", "live.toml"], one, variables);
  await shows(first, /at the venue's test environment/);
  await arm(one);
  await shows(first, /trading is enabled: test \(ada\)/);
  await expect.poll(() => commands(one), { timeout: 40_000, interval: 300 }).toBeGreaterThan(1);
  const rival = await runCommand(["live", "--config", "live.toml"], { cwd: two, env: variables });
  expect([rival.code, rival.stderr]).toEqual([3, expect.stringContaining("TP_LEADER_HELD")]);
  first.child.kill("SIGKILL");
  await first.ended;

  const second = started(["live", "--config", "live.toml"], two, variables);
  await shows(second, /at the venue's test environment/);
  // The latch lies on the disk of a host: another host starts halted.
  const before = await commands(two);
  await arm(two);
  await expect.poll(() => commands(two), { timeout: 40_000, interval: 300 }).toBeGreaterThan(before + 1);
  second.child.kill("SIGTERM");
  expect(await second.ended, second.output).toBe(0);

  const replay = await runCommand(["replay", session, "--json"], { cwd: two, env: PASSWORDS });
  expect(JSON.parse(replay.stdout)).toMatchObject({ ok: true, divergences: [], otherEvent: null });
  const parity = await runCommand(["parity", session, "--json"], { cwd: two, env: PASSWORDS });
  expect((JSON.parse(parity.stdout) as { sessionFills: number }).sessionFills).toBeGreaterThan(1);
  const without = await runCommand(["replay", session], { cwd: two });
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining("TP_LIVE_JOURNAL_PASSWORD")]);
  const audit = await runCommand(["database", "audit", "--config", "live.toml", "--json"], { cwd: two, env: PASSWORDS });
  const { accounts } = JSON.parse(audit.stdout) as { accounts: { account: string; rows: number; bad: null }[] };
  expect(accounts).toEqual([expect.objectContaining({ account: "local-test", bad: null })]);
  expect(accounts[0]!.rows).toBeGreaterThan(5);
  for (const { output } of [first, second])
    for (const hidden of [secret!, PASSWORDS.POSTGRES_PASSWORD]) expect(output).not.toContain(hidden);
});
