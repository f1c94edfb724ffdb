import { describe, expect, test } from "vitest";
import { runCommand } from "../testing/run-command.ts";

describe("tradepulse venue-server", () => {
  test("serves until it is interrupted, and says where before anything else", async () => {
    const { code, stdout, stderr } = await runCommand(["venue-server", "--data", "synth:bars=50", "--port", "0", "--json"], {
      interruptWhen: /ready/,
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/ready; Ctrl-C ends it\nclosed\n$/);
    const document = JSON.parse(stdout) as { port: number; restUrl: string; markets: unknown[] };
    expect(document).toMatchObject({ schema: 1, ok: true, command: "venue-server", venue: "binance" });
    expect(document.restUrl).toBe(`http://127.0.0.1:${document.port}`);
    expect(document.markets).toEqual([{ symbol: "SYNTHUSD", interval: "1s", history: 25, bars: 50 }]);
  });

  test("plays at a speed that makes bars the protocol has", async () => {
    const args = ["venue-server", "--data", "synth:bars=50,interval=1h", "--port", "0", "--json", "--speed", "60x", "--history", "10"];
    const { stdout } = await runCommand(args, { interruptWhen: /ready/ });
    expect(JSON.parse(stdout)).toMatchObject({ markets: [{ interval: "1m", history: 10 }] });
  });

  test.each([
    [["--data", "synth", "--speed", "7x"], "TP_CLI_OPTION_VALUE", "allowed are 60x, 1x"],
    [["--data", "synth", "--speed", "2x", "--as-fast-as-possible"], "TP_CLI_OPTION_TWICE", "keep one of them"],
    [["--data", "synth", "--faults", "nonsense=1"], "TP_VENUE_FAULT", "--list-faults shows all"],
    [["--data", "synth", "--faults", "response-lost=2"], "TP_VENUE_FAULT", 'its chance is "2", allowed are 0 to 1'],
    [["--data", "synth", "--port", "x"], "TP_CLI_OPTION_VALUE", "allowed are whole numbers from 0 to 65535"],
    [["--data", "synth", "--latency", "5"], "TP_CLI_OPTION_VALUE", "allowed are times such as 250us, 20ms or 1s"],
    [["--data", "synth", "--balances", "BTC"], "TP_CLI_OPTION_VALUE", "for example --balances USDT=10000,BTC=2"],
    [[], "TP_CLI_DATA_MISSING", "no data is named"],
  ])("refuses %j with %s", async (args, code, text) => {
    const outcome = await runCommand(["venue-server", "--port", "0", ...args]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(code);
    expect(outcome.stderr).toContain(text);
  });

  test("--list-faults names every fault with what it does", async () => {
    const { stdout, code } = await runCommand(["venue-server", "--list-faults", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, faults: { "response-lost": "the request is carried out, no answer comes" } });
  });
});
