import { expect, test } from "vitest";
import { binanceExecution } from "./execution-client.ts";
import { error, json, ORDER, order } from "./scripted-client.ts";
import { HMAC_KEY, type HttpScript, ScriptedWorld } from "./scripted-world.ts";

const PATH = "/state/binance-silence.json";

/** A world whose clients are processes one after the other over one disk. */
function world() {
  const scripted = new ScriptedWorld();
  let http: HttpScript = () => json([]);
  scripted.http = (request, query) => http(request, query);
  const alarms: string[] = [];
  const client = async (path: string | undefined = PATH) => {
    const made = binanceExecution(scripted.env, {
      key: HMAC_KEY,
      ...(path === undefined ? {} : { silencePath: path }),
      onAlarm: (text) => alarms.push(text),
    });
    await scripted.settle(made.prepare());
    return made;
  };
  const answer = (next: HttpScript): void => {
    http = next;
  };
  return { scripted, client, answer, alarms };
}

for (const [status, code] of [
  [429, -1003],
  [418, -1003],
] as const) {
  test(`the next process keeps the silence that ${status} asked for, to its end`, async () => {
    const { scripted, client, answer } = world();
    const first = await client();
    await scripted.settle(first.measureClock());
    answer(() => error(status, code, "Too much request weight used.", { "retry-after": "120" }));
    await scripted.settle(first.openOrders("BTCUSDT"));
    answer(() => json([]));
    await scripted.run(30_000_000);

    const second = await client();
    const asked = scripted.requests.length;
    expect(await scripted.settle(second.measureClock())).toMatchObject({ kind: "unavailable" });
    expect(scripted.requests).toHaveLength(asked);
    const measured = await scripted.settle(second.measureClock());
    expect(measured).toMatchObject({ kind: "unavailable" });
    await scripted.run(89_000_000);
    expect(await scripted.settle(second.measureClock())).toMatchObject({ kind: "unavailable" });
    expect(scripted.requests).toHaveLength(asked);
    await scripted.run(2_000_000);
    expect((await scripted.settle(second.measureClock())).kind).toBe("read");
  });
}

test("a silence that is over, or that nobody has asked for, keeps nobody from asking", async () => {
  const { scripted, client, answer } = world();
  const first = await client();
  await scripted.settle(first.measureClock());
  answer(() => error(429, -1003, "Too much.", { "retry-after": "5" }));
  await scripted.settle(first.openOrders("BTCUSDT"));
  answer(() => json(ORDER));
  await scripted.run(6_000_000);
  const second = await client();
  await scripted.settle(second.measureClock());
  expect((await scripted.settle(second.submit(order(scripted)))).kind).toBe("acknowledged");
});

test("a file that cannot be read counts as a minute, and one of a far future as the longest ban", async () => {
  const { scripted, client } = world();
  for (const [text, us] of [
    ["not json", 60_000_000],
    ['{"untilUs":"soon"}', 60_000_000],
    [`{"schema":1,"untilUs":${Number.MAX_SAFE_INTEGER}}`, 3 * 86_400_000_000],
  ] as const) {
    await scripted.settle(scripted.env.files.makeFolder("/state"));
    await scripted.settle(scripted.env.files.replace(PATH, new TextEncoder().encode(text)));
    const { budget } = await client();
    const leftUs = budget.bannedUntilUs - scripted.env.monoUs();
    expect(leftUs).toBeGreaterThan(us - 1_000_000);
    expect(leftUs).toBeLessThanOrEqual(us);
  }
});
