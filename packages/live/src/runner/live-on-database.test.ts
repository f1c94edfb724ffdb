import { type RandomStream, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { inAndOut, LiveTown, MINUTE_US, TOWN_CONFIG, TOWN_KEY } from "../testing/live-town.ts";
import { SimulatedDatabase } from "../testing/simulated-database.ts";
import { recordedOptions } from "./build-engine.ts";
import { replaySession } from "./replay-session.ts";

/** A live session whose journal is in a database that loses statements, answers and itself; the venue is the judge. */

const ACCOUNT = "binance-test";
const VARIABLES = { BINANCE_API_KEY: TOWN_KEY.key, BINANCE_API_SECRET: TOWN_KEY.secret, POSTGRES_PASSWORD: "of the trader" };
const CONFIG = `${TOWN_CONFIG}
[journal]
kind = "postgres"
host = "127.0.0.1"
database = "tradepulse"
user = "trader"
sslmode = "local"
`;

/** However long the database is away: what is looked at is what trading does in between. */
const PATIENT = `${CONFIG}\n[guards]\njournal_away = 3600\n`;

class DatabaseTown extends LiveTown {
  readonly records = new SimulatedDatabase();
  /** Orders that reached the venue although the database did not hold their intent. */
  readonly early: string[] = [];

  constructor() {
    super();
    this.database = this.records;
  }

  override man(name: string, address?: string) {
    const man = super.man(name, address);
    const http = man.env.http.bind(man.env);
    man.env.http = (request) => {
      const id = request.method === "POST" ? /newClientOrderId=([^&]+)/.exec(`${request.url}&${request.body ?? ""}`)?.[1] : undefined;
      if (id !== undefined && !this.intents.includes(id)) this.early.push(id);
      return http(request);
    };
    return man;
  }

  get intents(): readonly string[] {
    return this.records.payloads(ACCOUNT).flatMap((payload) => {
      const { clientId, request } = payload as { readonly clientId?: string; readonly request?: object };
      return clientId !== undefined && request !== undefined ? [clientId] : [];
    });
  }

  begin(config = CONFIG) {
    return this.start({ surroundings: { folder: "/work", variables: VARIABLES } }, config);
  }
}

async function disturb(town: DatabaseTown, random: RandomStream): Promise<void> {
  const { records } = town;
  records.fate = () => {
    if (random.next() < 0.9) return "answered";
    return (["lost-before", "lost-after", "canceled"] as const)[random.below(3)]!;
  };
  for (let turn = 0; turn < 4; turn += 1) {
    await town.world.run(random.below(2 * MINUTE_US));
    if (random.next() < 0.5) records.cutAll();
    else {
      records.stop();
      await town.world.run(random.below(20_000_000));
      records.start();
    }
  }
}

test("no order leaves before the database holds its intent, none is sent twice, and the journal replays bit for bit, whatever the database does", {
  timeout: 120_000,
}, async () => {
  let fills = 0;
  for (let seed = 1; seed <= 4; seed += 1) {
    const random = seededStream(seed, "disturbance");
    const town = new DatabaseTown();
    const { folder, record } = await town.begin(PATIENT);
    await town.arm();
    for (let life = 0; life < 3; life += 1) {
      await disturb(town, random);
      town.records.fate = () => "answered";
      await town.world.run(10_000_000);
      if (life === 2) break;
      town.crash();
      await town.world.run(random.below(MINUTE_US));
      await town.begin(PATIENT);
    }
    await town.world.run(3 * MINUTE_US);
    fills += town.lastStatus!.fills;
    expect(town.lastStatus!.tradingState, `seed ${seed}: ${town.alarms.join("; ")}`).toBe("enabled");
    await town.until(town.runner.stop());
    expect(town.early, `seed ${seed}`).toEqual([]);
    expect(
      town.orders.filter((id) => !town.intents.includes(id)),
      `seed ${seed}`,
    ).toEqual([]);
    expect(new Set(town.orders).size, `seed ${seed}`).toBe(town.orders.length);
    const { env } = town.man("reader");
    const replayed = await town.until(replaySession(env, folder, record, inAndOut(), recordedOptions, VARIABLES));
    expect(replayed.divergences, `seed ${seed}`).toEqual([]);
    expect(replayed.records.length, `seed ${seed}`).toBe(town.records.payloads(ACCOUNT).length);
  }
  expect(fills).toBeGreaterThan(8);
});

test("a database that stays away halts trading, and the session goes on recording when it is back", async () => {
  const town = new DatabaseTown();
  await town.begin();
  await town.arm();
  await town.world.run(2 * MINUTE_US);
  const before = town.records.payloads(ACCOUNT).length;
  town.records.stop();
  await town.world.run(2 * MINUTE_US);
  const sent = town.orders.length;
  await town.world.run(3 * MINUTE_US);
  expect(town.orders.length).toBe(sent);
  expect(await town.latch(({ state }) => state)).toBe("halted");
  town.records.start();
  await town.world.run(MINUTE_US);
  expect(town.records.payloads(ACCOUNT).length).toBeGreaterThan(before);
  expect(town.early).toEqual([]);
  await town.until(town.runner.stop());
});

test("a host that was cut off sends nothing once another leads, and its journal is closed to it", async () => {
  const town = new DatabaseTown();
  await town.begin();
  await town.arm();
  await town.world.run(3 * MINUTE_US);
  const first = town.runner;
  const intents = town.intents.length;
  town.records.lead(ACCOUNT);
  await town.world.run(5 * MINUTE_US);
  expect(first.isReady).toBe(false);
  expect(town.intents.length).toBe(intents);
  expect(town.alarms.join()).toContain("another process leads this account now");
  expect(town.early).toEqual([]);
});

test("a standby that lacks the last commits leads to no client id twice, and to the venue's truth", async () => {
  const town = new DatabaseTown();
  await town.begin();
  await town.arm();
  await town.world.run(2.5 * MINUTE_US);
  const standby = town.records.copy();
  // What happens now is committed, sent and filled, and the standby knows nothing of it: two round trips and a change of the leader.
  await town.world.run(6 * MINUTE_US);
  town.crash();
  await town.begin();
  await town.world.run(6 * MINUTE_US);
  const before = town.orders.length;
  town.crash();
  town.records.restore(standby);
  const { record } = await town.begin();
  expect(record.name).toBe("in-and-out");
  await town.world.run(8 * MINUTE_US);
  expect(town.orders.length).toBeGreaterThan(before);
  expect(new Set(town.orders).size).toBe(town.orders.length);
  for (const id of town.orders.slice(before)) expect(id).toMatch(/^tp-3-/);
  // What the standby had forgotten is somebody else's now: named, and counted in what is held.
  expect(town.alarms.join()).toContain("belongs to no order of ours");
  const trades = town.world.venue.ledger.tradesOf("main");
  const held = trades.reduce(
    (sum, { side, quantity, fee, feeAsset }) => sum + (side === "BUY" ? quantity : -quantity) - (feeAsset === "BTC" ? fee : 0n),
    0n,
  );
  expect(Math.round(town.lastStatus!.positions[0]!.quantity * 1e8)).toBe(Number(held));
});
