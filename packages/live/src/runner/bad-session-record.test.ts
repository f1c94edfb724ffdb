import { FailureError } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { TamperedTown } from "../testing/tampered-town.ts";
import { put, read, SESSION } from "./damaged-files.ts";
import { sessionFlaw } from "./session-flaw.ts";

describe("session.json", () => {
  test("cut at any byte, or with any field gone or of another type, is refused with a code", async () => {
    const town = new TamperedTown();
    await town.start();
    await town.until(town.runner.stop());
    const path = `${SESSION}/session.json`;
    const whole = await read(town, path);
    const record = JSON.parse(whole) as Record<string, unknown>;
    expect(sessionFlaw(record)).toBeUndefined();
    const optional = new Set(["journal", "schema"]);
    for (const key of Object.keys(record)) {
      if (optional.has(key)) continue;
      const { [key]: _gone, ...rest } = record;
      expect(sessionFlaw(rest), key).toBe(`${key} is missing`);
      for (const junk of [null, true, -1, 1e308, Number.NaN, "", "x", [], {}, [[]], { __proto__: null }]) {
        if (JSON.stringify(junk) === JSON.stringify(record[key])) continue;
        const flaw = sessionFlaw({ ...record, [key]: junk });
        // Some junk is by chance what may stand there: another name, no options, no parameters.
        if (flaw === undefined) expect(ALLOWED_JUNK[key], `${key} ${JSON.stringify(junk)}`).toContain(JSON.stringify(junk));
      }
    }
    for (const text of [
      whole.slice(0, 5),
      whole.slice(0, whole.length / 2),
      "null",
      "[]",
      "5",
      '{"schema":2}',
      '{"schema":1}',
      '{"__proto__":{"schema":1}}',
    ]) {
      await put(town, path, text);
      const error = await town.start().catch((thrown: unknown) => thrown);
      expect(error, text).toBeInstanceOf(FailureError);
      expect((error as FailureError).failure.code, text).toBe("TP_LIVE_SESSION");
    }
    await put(town, path, whole);
    await town.start();
  });

  test("cannot send a session to a latch that nobody else knows, nor a series to another instrument", async () => {
    const town = new TamperedTown();
    await town.start();
    const record = JSON.parse(await read(town, `${SESSION}/session.json`)) as { series: object[] } & Record<string, unknown>;
    for (const latch of ["/tmp/latch", "../../other/latch", "latch/../x"])
      expect(sessionFlaw({ ...record, latch })).toContain("latch is no one of");
    expect(sessionFlaw({ ...record, series: [{ ...record.series[0], instrumentIndex: 7 }] })).toBe(
      "series[0] is of no instrument of the session",
    );
  });
});

/** Values of other types that a field of the record may have all the same. */
const ALLOWED_JUNK: Readonly<Record<string, readonly string[]>> = {
  name: ['"x"'],
  engineVersion: ['""', '"x"'],
  startedUs: ["-1"],
  tradeFromUs: ["null", "-1", "1e+308"],
  capital: ["1e+308"],
  options: ["null", "{}"],
  risk: ["{}"],
  unmanaged: ["{}"],
};
