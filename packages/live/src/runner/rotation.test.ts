import { describe, expect, test } from "vitest";
import { SECRET_LOOK_US } from "../credentials/secret-backend.ts";
import { MINUTE_US, TOWN_CONFIG, TOWN_KEY } from "../testing/live-town.ts";
import { TamperedTown } from "../testing/tampered-town.ts";
import type { LiveRunnerOptions } from "./live-trading-runner.ts";

/** A rotation of the keys on the path that the shipped configuration takes: a file that a Vault agent renders, named in the TOML, nothing registered. */

const FILE = "/secrets/binance.json";
const CONFIG = TOWN_CONFIG.replace(
  'required = ["API_KEY", "API_SECRET"]',
  'required = ["API_KEY", "API_SECRET"]\n    [venues.credentials.secret_backend]\n    adapter = "file"\n    path_env = "BINANCE_SECRETS"\n    field_mapping = { API_KEY = "api_key", API_SECRET = "api_secret" }',
);

/** Variables of the same names hold keys that the venue never knew: whoever used them would be refused at once. */
const STALE: Partial<LiveRunnerOptions> = {
  surroundings: {
    folder: "/work",
    variables: { BINANCE_SECRETS: FILE, BINANCE_API_KEY: "x".repeat(64), BINANCE_API_SECRET: "y".repeat(64) },
  },
};

class RotatingTown extends TamperedTown {
  private rotations = 0;

  async render(key: string, secret: string): Promise<void> {
    const { files } = this.man("vault-agent").env;
    await files.makeFolder("/secrets");
    await files.replace(FILE, new TextEncoder().encode(JSON.stringify({ api_key: key, api_secret: secret })));
  }

  /** The venue takes a new pair, the file is rendered, and the old pair ends after a while. */
  async rotate(overlapUs: number): Promise<void> {
    const keys = this.world.venue.core.keys as Map<string, { readonly key: string }>;
    const old = [...keys.values()].find(({ key }) => !key.startsWith("w"))!;
    this.rotations += 1;
    const letter = "abcdefgh"[this.rotations]!;
    const next = { ...TOWN_KEY, key: letter.repeat(64), secret: letter.toUpperCase().repeat(64) };
    keys.set(next.key, next);
    await this.render(next.key, next.secret);
    this.world.clock.after(overlapUs, () => keys.delete(old.key));
  }

  async go(): Promise<void> {
    await this.render(TOWN_KEY.key, TOWN_KEY.secret);
    await this.start(STALE, CONFIG);
    await this.arm();
  }

  /** Every order at the venue has one intent, none came twice, and what is held is what the venue says. */
  async judge(): Promise<void> {
    const intents = await this.intents();
    expect(new Set(intents).size).toBe(intents.length);
    expect(this.orders.filter((id) => !intents.includes(id))).toEqual([]);
    expect(new Set(this.orders).size).toBe(this.orders.length);
    expect(this.lots).toBe(this.truth);
  }
}

describe("a rotation of the file that the configuration names", () => {
  test.each([
    ["the old pair ends with the new one", 0],
    ["the old pair ends while the new one is not seen yet", SECRET_LOOK_US / 2],
    ["the old pair outlives the look at the file", 3 * SECRET_LOOK_US],
    ["the old pair lives on for a minute", MINUTE_US],
  ])("loses and doubles nothing, at any moment of an order's life: %s", { timeout: 60_000 }, async (_name, overlapUs) => {
    // Bars close on the minute, and orders leave right after: moments before, within and after a send.
    for (const moment of [-0.02, 0, 0.0002, 0.0005, 0.001, 0.3]) {
      const town = new RotatingTown();
      await town.go();
      await town.run(3 + moment);
      await town.rotate(overlapUs);
      await town.run(5);
      await town.judge();
      expect(town.lastStatus!.tradingState, String(moment)).toBe("enabled");
      expect(town.lastStatus!.fills, String(moment)).toBeGreaterThan(2);
    }
  });

  test("is seen before the next call: with an overlap no call is refused, and nobody is woken", async () => {
    const town = new RotatingTown();
    let refused = 0;
    town.tamper = (_request, response) => {
      if (response.status === 401) refused += 1;
      return response;
    };
    await town.go();
    await town.run(2.5);
    const before = town.alarms.length;
    for (let k = 0; k < 4; k += 1) {
      await town.rotate(10_000_000);
      await town.run(3);
    }
    expect(refused).toBe(0);
    expect(town.alarms.slice(before).filter((text) => text.includes("keys"))).toEqual([]);
    await town.judge();
  });

  test("that brings rubbish keeps the old pair in use, tells a person, and the next good one is taken", async () => {
    const town = new RotatingTown();
    await town.go();
    await town.run(2.5);
    const { files } = town.man("vault-agent").env;
    for (const text of ["", "{", "[]", '{"api_key":1,"api_secret":"x"}', '{"api_key":"only"}']) {
      await files.replace(FILE, new TextEncoder().encode(text));
      await town.run(0.5);
    }
    expect(town.alarms.filter((text) => text.startsWith("the keys stay as they are")).length).toBeGreaterThan(0);
    expect(town.counted("secrets", "unreadable")).toBeGreaterThan(0);
    await town.run(3);
    expect(town.lastStatus!.tradingState).toBe("enabled");
    const { fills } = town.lastStatus!;
    await town.rotate(0);
    await town.run(8);
    expect(town.lastStatus!.fills).toBeGreaterThan(fills);
    await town.judge();
  });

  test("outlives the process: a restart begins with the pair of the file, never with the variables", async () => {
    const town = new RotatingTown();
    await town.go();
    await town.run(2.5);
    await town.rotate(0);
    town.crash();
    await town.run(0.5);
    await town.start(STALE, CONFIG);
    await town.run(6);
    expect(town.lastStatus!.fills).toBeGreaterThan(1);
    await town.judge();
    expect(JSON.stringify(town.news)).not.toMatch(/b{64}|B{64}|k{64}|s{64}/);
  });
});
