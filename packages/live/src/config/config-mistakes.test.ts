import { FailureError, formatFailure } from "@tradepulse/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configOf } from "./read-config.ts";
import type { ConfigLayers } from "./section-reader.ts";

function refusal(text: string, layers: ConfigLayers = {}): string {
  try {
    configOf("live.toml", text, layers);
  } catch (error) {
    if (error instanceof FailureError) return formatFailure(error.failure);
    throw error;
  }
  throw new Error("it was accepted");
}

const variables = (name: string, value: string): ConfigLayers => ({ variables: { [name]: value } });

describe("a wrong unit is refused, with the way to write what was perhaps meant", () => {
  test.each([
    ["[loop]\norder_deadline = 2000\n", 'write "2000ms" if 2000 are milliseconds'],
    ['[loop]\norder_deadline = "2 sec"\n', "write a number of seconds, or one with us, ms, s, m, h or d behind it"],
    ["[risk]\nprice_collar = 5\n", "write 0.05 if 5 is a percentage"],
    ['[risk]\nprice_collar = "5%"\n', "write it as 0.05"],
    ["[risk]\nmax_daily_loss = { fraction = 5 }\n", "write { fraction = 0.05 } if 5 is a percentage"],
    ['[risk]\nmax_daily_loss = "5%"\n', "write it as { fraction = 0.05 }"],
    ['[risk]\nmax_notional = "1,000 USDT"\n', "write plain digits with a point, without separators and currency"],
    ['[risk]\nmax_open_orders = "5"\n', "write it without quotes: 5"],
    ["[paper]\nfee = 10\n", "write 0.1 if 10 is a percentage"],
    ['[loop]\non_stop = "CANCEL"\n', 'write "cancel"'],
    ['[[venues]]\nname = "a"\nadapter = "binance"\nsandbox = "yes"\n', "write true"],
    ['[[strategies]]\nfile = "a.ts"\ninstruments = "BTC-USDT"\n', 'write it as a list, as in ["A", "B"]'],
  ])("%j", (text, next) => {
    expect(refusal(text)).toContain(`next   ${next}`);
  });

  test("a loss of more than everything would never be reached, so it is no limit", () => {
    expect(refusal("[risk]\nmax_drawdown = { fraction = 20 }\n")).toContain("allowed is money above 0, or a fraction up to 1");
    expect(configOf("x.toml", "[risk]\nmax_drawdown = { fraction = 1 }\n").risk.maxDrawdown).toEqual({ fromPeak: { fraction: 1 } });
  });
});

describe("a variable that begins like one of ours and is none", () => {
  test("is refused with the nearest one, as a key in the file is", () => {
    const message = refusal("", variables("TRADEPULSE_RISK_MAX_NOTIONL", "500"));
    expect(message).toContain('variable "TRADEPULSE_RISK_MAX_NOTIONL" is set, and there is no such key');
    expect(message).toContain('meant  "TRADEPULSE_RISK_MAX_NOTIONAL"');
  });

  test("is left alone when a cluster put it there, or when it belongs to another part", () => {
    const { origins } = configOf("x.toml", "", {
      variables: {
        TRADEPULSE_RISK_SERVICE_HOST: "10.0.0.1",
        TRADEPULSE_RISK_PORT_8001_TCP_ADDR: "10.0.0.1",
        TRADEPULSE_DATA_DIR: "/data",
        TRADEPULSE_RISK_MAX_NOTIONAL: "",
      },
    });
    expect(origins).toEqual({});
  });

  test("shows the value of a mistaken one with its name", () => {
    expect(refusal("", variables("METRICS_PORT", "tcp://10.0.0.1:8001"))).toContain(
      'metrics.port is "tcp://10.0.0.1:8001" (from the variable METRICS_PORT), allowed is whole numbers from 1 up to 65535',
    );
  });
});

test.each([
  ['[loop]\nstate_dir = "$' + '{HOME}/x"\n', {}],
  ['[loop]\nstate_dir = "$' + '{HOME:-/var}/x"\n', {}],
  ['[[venues]]\nname = "a"\nadapter = "binance"\noptions = { rest_url = "$' + '{URL}" }\n', {}],
  ["", variables("TRADEPULSE_LOOP_STATE_DIR", "$" + "{HOME:-/var}/x")],
  ["", { flags: { "loop.state_dir": "$" + "{HOME}/x" } }],
])("a variable in a value is refused wherever it stands, never used as it is: %#", (text, layers) => {
  expect(refusal(text, layers)).toContain('holds "$' + '{", allowed is plain text: variables are not expanded');
});

describe("a secret in the file", () => {
  const inCredentials = (line: string): string =>
    `[[venues]]\nname = "a"\nadapter = "binance"\n[venues.credentials]\nenv_prefix = "A"\n${line}\n`;

  test.each([
    'api_secret = "canary-7f3a"',
    'password = "canary-7f3a"',
    'secret_backend = "canary-7f3a"',
    'required = "canary-7f3a"',
    'ttl = "canary-7f3a"',
  ])("is not quoted by the message that refuses it: %s", (line) => {
    expect(refusal(inCredentials(line))).not.toContain("canary");
  });

  test("is named as what it is", () => {
    expect(refusal(inCredentials('api_secret = "canary-7f3a"'))).toContain("keys do not stand in this file");
  });

  test("in a line that is no TOML is not quoted either", () => {
    expect(refusal('[risk]\nmax_notional = = "canary-7f3a"\n')).not.toContain("canary");
  });
});

describe("any text at all", () => {
  const whole = `
[loop]
state_dir = "state"
order_deadline = "2s"
[risk]
max_notional = 1000
max_daily_loss = { fraction = 0.05 }
[[venues]]
name = "binance"
adapter = "binance"
  [venues.credentials]
  env_prefix = "BINANCE"
  required = ["API_KEY", "API_SECRET"]
[[strategies]]
file = "a.ts"
instruments = ["BTC-USDT"]
`;

  /** The configuration, or the coded refusal; everything else is thrown. */
  function read(text: string): "read" | "refused" {
    try {
      configOf("x.toml", text);
      return "read";
    } catch (error) {
      if (error instanceof FailureError) return "refused";
      throw error;
    }
  }

  test("is read or refused with a code, cut at every byte", () => {
    const bytes = new TextEncoder().encode(whole);
    let refused = 0;
    for (let length = 0; length < bytes.length; length += 1)
      if (read(new TextDecoder().decode(bytes.subarray(0, length))) === "refused") refused += 1;
    expect(refused).toBeGreaterThan(bytes.length / 3);
    expect(read(whole)).toBe("read");
  });

  test("is read or refused with a code, whatever replaces a part of it", () => {
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(20), fc.string({ unit: "binary", maxLength: 30 }), (at, length, text) => {
        read(whole.slice(0, at) + text + whole.slice(at + length));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    "__proto__ = 1",
    "[__proto__]\nmax_notional = 1",
    "[risk]\n__proto__ = { max_notional = 1 }",
    "[risk]\nconstructor = 1",
    '[[venues]]\nname = "a"\nadapter = "constructor"\nclass = "__proto__"',
    "[risk]\nmax_notional = nan",
    "[risk]\nmax_notional = inf",
    "[risk]\nmax_notional = -1",
    "[risk]\nmax_notional = 1e400",
    "[risk]\nmax_notional = 9007199254740993",
    '[risk]\nmax_notional = "1e5"',
    "[risk]\nmax_notional = 1\nmax_notional = 2",
    "[risk]\nmax_notional = 1\n[risk]\nmax_open_orders = 2",
    "[risk]\nmax_notional = 2026-01-01",
    '[risk]\nmax_position = { "BTC-USDT@BINANCE" = -1 }',
    "risk = 5",
    'venues = { name = "a" }',
    "strategies = [1]",
  ])("that lies is refused: %j", (text) => {
    expect(read(text)).toBe("refused");
    expect(({} as Record<string, unknown>)["max_notional"]).toBeUndefined();
  });
});
