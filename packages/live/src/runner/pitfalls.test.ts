import { buy, close, defineStrategy, sell } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { pythonNames } from "../config/python-names.ts";
import { backendOf } from "../credentials/secret-backend.ts";
import * as live from "../index.ts";
import { decodeHeartbeat } from "../sentinel/heartbeat.ts";
import { LiveTown, loaderOf, TOWN_ACCOUNT, TOWN_CONFIG } from "../testing/live-town.ts";
import { TamperedTown } from "../testing/tampered-town.ts";
import { recordedOptions } from "./build-engine.ts";
import { replaySession } from "./replay-session.ts";
import { adapterFor } from "./venue-adapters.ts";

/** What went wrong in an earlier system, each as a law of the live process: the defect, put back, breaks it. `docs/architecture/pitfalls.md` has the list. */

/** A town that keeps every order that was put on the wire, whether it arrived or not. */
class CountingTown extends TamperedTown {
  readonly sent: string[] = [];

  override man(name: string, address?: string) {
    const man = super.man(name, address);
    const { env } = man;
    const http = env.http.bind(env);
    env.http = (request) => {
      if (request.method === "POST" && request.url.endsWith("/api/v3/order"))
        this.sent.push(new URLSearchParams(request.body).get("newClientOrderId")!);
      return http(request);
    };
    return man;
  }
}

describe("Recovery: what is missing at the venue after a restart is asked for, never sent again", () => {
  test.each(["request-lost", "response-lost", "error-accepted", "error-refused", "late-arrival"] as const)(
    "%s, and the process killed",
    async (name) => {
      // Killed before, while and after the answer could have come.
      for (const seconds of [0.02, 1, 9]) {
        const town = new CountingTown();
        await town.start();
        await town.arm();
        town.world.venue.faults.on({ name, only: { method: "POST" }, ...(name === "late-arrival" ? { delayUs: 1_500_000 } : {}) });
        await town.run(1);
        while (town.sent.length === 0) await town.run(0.001);
        await town.run(seconds / 60);
        town.crash();
        town.world.venue.faults.off();
        await town.run(0.5);
        await town.start();
        await town.run(8);
        expect(new Set(town.sent).size, `${seconds} s`).toBe(town.sent.length);
        expect(town.lots).toBe(town.truth);
        await town.until(town.runner.stop());
      }
    },
  );

  test("an order that filled while the process was away is adopted with its fill, not bought again", async () => {
    const town = new CountingTown();
    const patient = defineStrategy({
      name: "in-and-out",
      create: () => ({
        onBar: (_bar, { position, orders }) => (position.isFlat && orders.length === 0 ? buy({ quantity: 1, limit: 99.4 }) : undefined),
      }),
    });
    await town.start({ loadStrategy: loaderOf(patient) });
    await town.arm();
    await town.run(1.2);
    expect([town.working.length, town.truth]).toEqual([1, 0]);
    town.crash();
    // The price falls through the limit meanwhile.
    while (town.truth === 0) await town.run(1);
    await town.start({ loadStrategy: loaderOf(patient) });
    await town.run(3);
    expect(town.sent).toHaveLength(1);
    expect(town.lots).toBe(town.truth);
    expect(town.lastStatus!.fills).toBe(1);
  });
});

describe("Risk: the worst case counts", () => {
  const greedy = defineStrategy({ name: "in-and-out", create: () => ({ onBar: () => buy({ quantity: 1 }) }) });
  const waiting = defineStrategy({ name: "in-and-out", create: () => ({ onBar: () => buy({ quantity: 1, limit: 40 }) }) });
  const limited = (lines: string): string => TOWN_CONFIG.replace("max_notional = 500", lines);

  test("a market order is judged at the price it may fill at, not at 1 or at the last price", async () => {
    // One coin costs about 100, and up to 110 within the collar.
    for (const [limit, passes] of [
      [105, false],
      [115, true],
    ] as const) {
      const town = new LiveTown();
      const lines = `max_notional = ${limit}\nprice_collar = 0.1\nkill_switch_violation_threshold = 1000`;
      await town.start({ loadStrategy: loaderOf(greedy) }, limited(lines));
      await town.arm();
      await town.run(4);
      expect(town.orders.length > 0, `limit ${limit}`).toBe(passes);
      expect(town.lastStatus!.refusals > 2, `limit ${limit}`).toBe(!passes);
    }
  });

  test("positions are there after a restart: a limit that was reached stays reached", async () => {
    const town = new LiveTown();
    const config = limited("max_position = 2\nkill_switch_violation_threshold = 1000");
    await town.start({ loadStrategy: loaderOf(greedy) }, config);
    await town.arm();
    await town.run(5);
    expect(town.lastStatus!.fills).toBe(2);
    town.crash();
    await town.run(0.2);
    await town.start({ loadStrategy: loaderOf(greedy) }, config);
    await town.run(5);
    expect(town.orders).toHaveLength(2);
    expect(town.lastStatus).toMatchObject({ tradingState: "enabled" });
  });

  test("orders at work count, also after a restart", async () => {
    const town = new LiveTown();
    const config = limited("max_position = 3\nkill_switch_violation_threshold = 1000");
    await town.start({ loadStrategy: loaderOf(waiting) }, config);
    await town.arm();
    await town.run(6);
    expect(town.orders).toHaveLength(3);
    town.crash();
    await town.run(0.2);
    await town.start({ loadStrategy: loaderOf(waiting) }, config);
    await town.run(5);
    expect(town.orders).toHaveLength(3);
  });

  test("an order whose outcome is not known counts", async () => {
    const town = new LiveTown();
    const config = limited("max_position = 1\nkill_switch_violation_threshold = 1000");
    await town.start({ loadStrategy: loaderOf(greedy) }, config);
    await town.arm();
    town.world.venue.faults.on({ name: "request-lost", only: { method: "POST" }, times: 1 });
    await town.run(1.1);
    town.world.venue.faults.on({ name: "read-lag", delayUs: 100_000_000 });
    await town.run(0.5);
    expect(town.orders).toEqual([]);
    town.world.venue.faults.off();
    await town.run(6);
    expect(town.orders.length).toBeLessThanOrEqual(1);
  });
});

describe("Kill switch: one durable latch, whatever its age, and life apart from it", () => {
  test("a halt and an arming hold as long as nobody says otherwise", async () => {
    const town = new LiveTown({ closes: Array.from({ length: 200 }, (_, k) => 100 + Math.sin(k / 3)) });
    await town.start();
    await town.arm();
    // Six minutes are more than the 300 seconds after which the earlier system took its own row for corrupt.
    await town.run(12);
    expect(await town.latch((latch) => latch.state)).toBe("enabled");
    expect(town.lastStatus!.fills).toBeGreaterThan(1);
    await town.latch((latch) => latch.trip("halted", "drill", "ada"));
    await town.run(12);
    expect(await town.latch((latch) => latch.state)).toBe("halted");
    expect(town.lastStatus!.tradingState).toBe("halted");
  });

  test("every process of the account obeys it at once, also one that starts later", async () => {
    const town = new LiveTown();
    await town.start();
    await town.arm();
    await town.run(1.5);
    await town.latch((latch) => latch.trip("halted", "drill", "bob"));
    await town.run(0.02);
    expect(town.alarms).toContain("trading is halted: drill (bob)");
    const { length } = town.orders;
    town.crash();
    await town.start();
    await town.run(6);
    expect(town.lastStatus!.tradingState).toBe("halted");
    expect(town.orders.slice(length).length).toBeLessThanOrEqual(1);
  });

  test("a halted process lives, says so, and can be armed: nobody restarts what must be reset", async () => {
    const town = new LiveTown();
    await town.start();
    await town.latch((latch) => latch.trip("halted", "drill", "ada"));
    const beat = async () => decodeHeartbeat(await town.man("reader").env.files.read(`${TOWN_ACCOUNT}/in-and-out/heartbeat.json`))!;
    await town.run(0.2);
    const before = await beat();
    await town.run(10);
    const after = await beat();
    expect(after).toMatchObject({ phase: "running", life: before.life, state: "halted", isReady: false });
    expect(after.count).toBeGreaterThan(before.count + 50);
    await town.arm();
    await town.run(2);
    expect(await beat()).toMatchObject({ phase: "running", state: "enabled", isReady: true });
  });
});

describe("Rate limits: what is refused does not count, and one that is noisy harms itself only", () => {
  test("orders that the limit refuses use up nothing of it", async () => {
    const steady = defineStrategy({ name: "in-and-out", create: () => ({ onBar: () => buy({ quantity: 0.1 }) }) });
    const town = new LiveTown();
    const config = TOWN_CONFIG.replace(
      "max_notional = 500",
      "max_notional = 500\nmax_orders_per_interval = 1\ninterval_seconds = 90\nkill_switch_rate_limit_threshold = 10000",
    );
    await town.start({ loadStrategy: loaderOf(steady) }, config);
    await town.arm();
    await town.run(8.5);
    // An order a minute, every second of them refused. If those counted, each would push the next one out, and the first would be the only one.
    expect(town.orders.length).toBeGreaterThanOrEqual(4);
    expect(town.orders.length).toBeLessThanOrEqual(5);
  });

  test("a venue that limits the rate ends no process: it waits, lives, and trades on", async () => {
    const town = new CountingTown();
    await town.begin();
    town.world.venue.faults.on({ name: "rate-limited", times: 3, delayUs: 20_000_000 });
    await town.run(3);
    const beat = decodeHeartbeat(await town.man("reader").env.files.read(`${TOWN_ACCOUNT}/in-and-out/heartbeat.json`))!;
    expect(beat.phase).toBe("running");
    await town.run(6);
    expect(town.lastStatus!.tradingState).toBe("enabled");
    expect(town.lots).toBe(town.truth);
  });
});

describe("Backtest: a decision earns nothing of the move that it was made of", () => {
  /** A random walk of small steps, the same in every run. */
  function walk(): number[] {
    let state = 12_345;
    let price = 1_000;
    return Array.from({ length: 200 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      price += state / 2_147_483_648 < 0.5 ? -10 : 10;
      return price;
    });
  }

  /** Long after a bar that rose, flat after one that fell: with foresight it earns every rise. */
  const signOfBar = defineStrategy({
    name: "sign-of-bar",
    create: () => ({
      onBar(bar, { position }) {
        if (bar.close > bar.open) return position.isFlat ? buy({ quantity: 1 }) : undefined;
        return position.isFlat ? undefined : close();
      },
    }),
  });

  test.each(["live", "paper"] as const)("%s, as its replay says too", { timeout: 60_000 }, async (mode) => {
    const closes = walk();
    const minutes = 80;
    const rises = closes.slice(10, 10 + minutes).reduce((sum, price, k, all) => sum + Math.max(0, price - (all[k - 1] ?? price)), 0);
    const town = new LiveTown({ closes });
    const config = TOWN_CONFIG.replace("max_notional = 500", "max_notional = 5000")
      .replace("capital = 1000", "capital = 3000")
      .concat("[paper]\nfee = 0\n");
    const { folder, record } = await town.start({ mode, loadStrategy: loaderOf(signOfBar) }, config);
    if (mode === "live") await town.arm();
    await town.run(minutes);
    const { equity, fills } = town.lastStatus!;
    expect(fills).toBeGreaterThan(25);
    // Foresight would earn every rise; without it there is the luck of a walk, less the fees of a live account, which are a tenth of a step.
    expect(rises).toBeGreaterThan(250);
    expect(equity - record.capital).toBeLessThan(rises / 3);
    await town.until(town.runner.stop());
    const replayed = await town.until(replaySession(town.man("replay").env, folder, record, signOfBar(), recordedOptions));
    expect(replayed.divergences).toEqual([]);
    expect(replayed.otherEvent).toBeUndefined();
  });
});

describe("Claims: nothing is advertised that does not run", () => {
  test("every name of the guide that stands for something of ours is exported", () => {
    for (const { kind, means } of Object.values(pythonNames)) if (kind === "export") expect(live).toHaveProperty(means);
  });

  test("venues and secret backends that are not built say so by name, before anything starts", () => {
    const venue = { name: "x", sandbox: true, account: undefined, options: {}, credentials: undefined };
    expect(adapterFor({ ...venue, adapter: "binance" }).venue).toBe("BINANCE");
    for (const adapter of ["coinbase", "kraken"]) expect(() => adapterFor({ ...venue, adapter })).toThrow("is not built yet");
    const { env } = new LiveTown().man("reader");
    for (const name of ["vault", "aws-secrets-manager", "aws-kms", "gcp-kms"])
      expect(() => backendOf(env, "x", name, {})).toThrow("is not built in yet");
  });

  test("an order that a venue of coins cannot take is refused, not passed over", async () => {
    const short = defineStrategy({ name: "in-and-out", create: () => ({ onBar: () => sell({ quantity: 1 }) }) });
    const town = new LiveTown();
    await town.start({ loadStrategy: loaderOf(short) });
    await town.arm();
    await town.run(4);
    expect(town.world.venue.ledger.tradesOf("main")).toEqual([]);
    expect(town.lastStatus!.refusals + town.alarms.length).toBeGreaterThan(1);
  });
});
