import { buy, defineStrategy, type Strategy } from "@tradepulse/core";
import { expect, test } from "vitest";
import { LiveTown, loaderOf, resting, TOWN_ACCOUNT, TOWN_CONFIG } from "../testing/live-town.ts";

interface Trigger {
  /** Does to the town what trips the latch; by then its trader is armed and has orders at work. */
  readonly pull: (town: LiveTown) => void | Promise<void>;
  readonly minutes?: number;
  readonly by: string;
  readonly reason: RegExp;
  readonly state?: "reduce-only";
  readonly config?: string;
  readonly strategy?: Strategy;
  readonly closes?: readonly number[];
}

/** Two orders with every bar: over any rate that allows one a minute. */
const hasty = defineStrategy({
  name: "hasty",
  create: () => ({ onBar: () => [buy({ quantity: 0.5, limit: 40 }), buy({ quantity: 0.5, limit: 41 })] }),
});

/** Larger than its limit, but not by far. */
const greedy = defineStrategy({ name: "greedy", create: () => ({ onBar: () => buy({ quantity: 1, limit: 60 }) }) });

/** All in, and stays in. */
const holder = defineStrategy({
  name: "holder",
  create: () => ({ onBar: (_bar, { position }) => (position.isFlat ? buy({ quantity: 4 }) : undefined) }),
});

const cut = (sort: "user" | "market") => (town: LiveTown) => {
  town.cutStreams = [sort === "user" ? "/ws-api" : "/stream"];
  town.world.venue.disconnect(sort);
};

const TRIGGERS: Readonly<Record<string, Trigger>> = {
  "a person's word on the latch": {
    pull: (town) => town.latch((latch) => latch.trip("halted", "lunch", "ada")),
    by: "ada",
    reason: /^lunch$/,
  },
  "a file named HALT": {
    pull: async (town) => await town.man("operator").env.files.replace(`${TOWN_ACCOUNT}/latch/HALT`, new Uint8Array()),
    by: "operator",
    reason: /^a file named HALT is in/,
  },
  SIGUSR2: {
    pull: (town) => town.trader.env.signal("SIGUSR2"),
    by: "operator",
    reason: /^SIGUSR2$/,
  },
  "orders over a limit again and again": {
    pull: () => undefined,
    minutes: 5,
    strategy: greedy,
    config: TOWN_CONFIG.replace("max_notional = 500", "max_notional = 50"),
    by: "risk",
    reason: /^3 orders in a row were over a limit, the last over "max-order-notional"$/,
  },
  "an order far over its limit": {
    pull: () => undefined,
    strategy: greedy,
    config: TOWN_CONFIG.replace("max_notional = 500", "max_notional = 30"),
    by: "risk",
    reason: /^an order was over its limit "max-order-notional" by a factor of 2/,
  },
  "orders over the rate again and again": {
    pull: () => undefined,
    minutes: 8,
    strategy: hasty,
    config: TOWN_CONFIG.replace(
      "max_notional = 500",
      "max_notional = 500\nmax_orders_per_interval = 1\ninterval_seconds = 3600\nkill_switch_rate_limit_threshold = 4",
    ),
    by: "risk",
    reason: /^4 orders in a row were over the order rate$/,
  },
  "a drawdown": {
    pull: () => undefined,
    minutes: 12,
    strategy: holder,
    closes: [...Array.from({ length: 12 }, () => 100), ...Array.from({ length: 40 }, (_, k) => 99 - k)],
    config: TOWN_CONFIG.replace("max_notional = 500", "max_notional = 500\nmax_drawdown = { fraction = 0.01 }"),
    by: "drawdown",
    reason: /^the limit "max-drawdown" was reached$/,
    state: "reduce-only",
  },
  "loss of market data": {
    pull: cut("market"),
    minutes: 3,
    by: "market data",
    reason: /^market data are silent for \d+ s$/,
  },
  "loss of the private stream": {
    pull: cut("user"),
    minutes: 3,
    by: "private stream",
    reason: /^the private stream is silent for \d+ s$/,
  },
  "a clock that is off": {
    pull: (town) => town.world.venue.setClockAhead(3e6),
    minutes: 3,
    by: "clock",
    reason: /^the clocks differ by up to 3\.\d+ s, allowed is 0\.50 s$/,
  },
  "a journal that fails": {
    pull: (town) => {
      town.disk.onOperation = ({ kind, path }) => (kind === "sync" && path.includes("/journal/") ? "EIO" : undefined);
    },
    minutes: 2,
    by: "journal",
    reason: /a write or sync failed, and after that no sync can be believed$/,
  },
  "a journal without room": {
    pull: (town) => {
      town.disk.onOperation = ({ kind, path }) => (kind !== "read" && path.includes("/journal/") ? "ENOSPC" : undefined);
    },
    minutes: 4,
    by: "journal",
    reason: /room|full/,
  },
  "an event loop that stands still": {
    pull: async (town) => {
      town.trader.process.pause();
      await town.world.run(8e6);
      town.trader.process.resume();
    },
    by: "event loop",
    reason: /^the process stood still for [78]\.\d+ s$/,
  },
};

test.each(Object.entries(TRIGGERS))("%s trips the latch, and it holds after a restart", async (_name, trigger) => {
  const town = new LiveTown(trigger.closes === undefined ? {} : { closes: trigger.closes });
  const more = { loadStrategy: loaderOf(trigger.strategy ?? resting) };
  await town.start(more, trigger.config);
  await town.arm();
  await town.run(trigger.strategy === undefined ? 2.2 : 0.2);
  await trigger.pull(town);
  await town.run(trigger.minutes ?? 1.5);
  const state = trigger.state ?? "halted";
  const look = (): Promise<unknown> => town.latch(({ current }) => ({ state: current.state, by: current.by, reason: current.reason }));
  const tripped = { state, by: trigger.by, reason: expect.stringMatching(trigger.reason) as unknown };
  expect(await look()).toEqual(tripped);
  town.crash();
  town.disk.onOperation = undefined;
  town.cutStreams = [];
  town.world.venue.setClockAhead(0);
  const sent = town.requests("place").length;
  await town.start(more, trigger.config);
  await town.run(2);
  expect(await look()).toEqual(tripped);
  expect(town.lastStatus!.tradingState).toBe(state);
  expect(town.requests("place").length).toBe(sent);
});

test("a trader that finds a latch that it cannot read starts halted", async () => {
  const town = new LiveTown();
  await town.start({ loadStrategy: loaderOf(resting) });
  await town.arm();
  await town.run(1.5);
  town.crash();
  town.disk.find(`${TOWN_ACCOUNT}/latch/armed.json`)!.truncate(3);
  const sent = town.requests("place").length;
  await town.start({ loadStrategy: loaderOf(resting) });
  await town.run(2.5);
  expect(town.lastStatus!.tradingState).toBe("halted");
  expect(town.requests("place").length).toBe(sent);
});
