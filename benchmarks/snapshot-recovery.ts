/**
 * What a snapshot saves at a start: a session with 1,000 open orders whose journal holds 1,000,000 records, on this machine's disk, brought to where its
 * journal ends. Each way in a process of its own, so that its memory is its own: from the snapshot, from the first record on record by record, and, to
 * compare, with all records in one array, as a start did before there were snapshots. The venue's truth is read by none of them.
 *
 *     node benchmarks/snapshot-recovery.ts [orders=1000] [records=1000000]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BarSeries,
  buy,
  cancel,
  defineStrategy,
  Engine,
  ema,
  engineOptions,
  type Fact,
  FactDriver,
  type Intent,
  instrument,
  type OrderCommand,
  riskEngine,
} from "@tradepulse/core";
import { eventsFrom, fileSnapshots, type Journal, openFileJournal, type ReadRecord, recover, SessionFold } from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { clientIdOf } from "../packages/live/src/dispatch/client-id.ts";
import { startSession } from "../packages/live/src/runner/session-start.ts";
import { SnapshotKeeper } from "../packages/live/src/snapshot/snapshot-keeper.ts";

const MINUTE_US = 60_000_000;
const PLANS = [{ symbol: "BTCUSDT", intervalUs: MINUTE_US, isBuilt: false }];
const ABOUT = { session: "bench", strategy: "many-orders", codeDigest: "sha256:bench", engineVersion: "bench" };

function makeEngine(openWanted: number): { readonly engine: Engine; readonly driver: FactDriver; failure(): undefined } {
  const strategy = defineStrategy({
    name: "many-orders",
    remembers: "indicators",
    create: (_, { indicator }) => {
      const average = indicator(ema(20));
      return {
        onBar(bar, view): readonly Intent[] {
          if (!average.ready || bar.index % 10 !== 0) return [];
          const { orders } = view;
          const wishes: Intent[] = orders.length >= openWanted ? [cancel({ orderId: orders[0]!.id })] : [];
          for (let k = Math.min(20, openWanted - orders.length + wishes.length); k > 0; k -= 1)
            wishes.push(buy({ quantity: 0.01, limit: bar.close / 2 + k }));
          return wishes;
        },
      };
    },
  });
  const instruments = [instrument({ id: "BTC-USDT@BENCH", lotScale: 5 })];
  const engine = new Engine({
    instruments,
    series: [BarSeries.growing("main", 0, MINUTE_US, 65_536)],
    strategy: strategy(),
    options: engineOptions({ capital: 1e8, risk: riskEngine({ maxOpenOrders: openWanted + 50 }, instruments) }),
    live: true,
  });
  return { engine, driver: new FactDriver(engine), failure: () => undefined };
}

/** Writes the journal of such a session, and a snapshot when all but some hours of it are there. */
async function writeSession(folder: string, openWanted: number, recordsWanted: number): Promise<void> {
  const env = realEnv();
  const journal = await openFileJournal({ env, folder: join(folder, "journal") });
  const { engine, driver } = makeEngine(openWanted);
  const fold = new SessionFold(PLANS);
  let recorded = 0;
  const write: Journal["append"] = (kind, payload) => {
    const seq = journal.append(kind, payload);
    fold.take({ seq, kind, payload });
    return seq;
  };
  const tell = (kind: Fact["kind"], body: object, timeUs: number): void => {
    const seq = write(kind, { ...body, timeUs, receiveUs: timeUs });
    driver.process({ ...body, kind, seq, timeUs, receiveUs: timeUs } as Fact);
    for (const command of driver.takeCommands()) issue(command, seq, timeUs);
    if (engine.events.length > recorded) write("evidence", { events: eventsFrom(engine.events, recorded) });
    recorded = engine.events.length;
  };
  const waiting: (() => void)[] = [];
  const issue = (command: OrderCommand, factSeq: number, timeUs: number): void => {
    write("command", { ...command, factSeq });
    fold.decided(command);
    const { orderId } = command;
    const blank = { venueOrderId: "1", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false, cause: 0 };
    if (command.kind === "submit") {
      const clientId = clientIdOf(1, orderId);
      write("intent", {
        orderId,
        instrumentIndex: 0,
        epoch: 1,
        clientId,
        deadlineUs: timeUs + 2e6,
        commandSeq: command.seq,
        request: { symbol: "BTCUSDT", clientId },
      });
    }
    const event = command.kind === "submit" ? "accepted" : "canceled";
    waiting.push(() => tell("order", { event, orderId, ...blank }, timeUs));
  };
  write("leader", { epoch: 1 });
  let isTaken = false;
  for (let bar = 1; journal.lastSeq < recordsWanted; bar += 1) {
    const closeUs = bar * MINUTE_US;
    const close = 60_000 + Math.round(2_000 * Math.sin(bar / 500));
    tell(
      "bar",
      { seriesIndex: 0, openUs: closeUs - MINUTE_US, closeUs, open: close, high: close + 5, low: close - 5, close, volume: 1 },
      closeUs,
    );
    tell("step", {}, closeUs);
    for (const answer of waiting.splice(0)) answer();
    if (journal.lastSeq - journal.durableSeq > 20_000) await journal.durable(journal.lastSeq);
    if (isTaken || journal.lastSeq < recordsWanted - 5_000) continue;
    isTaken = true;
    const followed: Journal = Object.assign(Object.create(journal) as Journal, { append: write });
    const parts = { env, store: fileSnapshots(env, join(folder, "snapshots")), journal: followed, engine, driver, fold, about: ABOUT };
    await new SnapshotKeeper({ ...parts, epoch: 1, everyRecords: 1, everyUs: 1, keep: 1, onAlarm: (text) => console.error(text) }).last();
  }
  await journal.close();
}

interface Measured {
  readonly ms: number;
  readonly cpuMs: number;
  readonly megabytes: number;
  readonly records: number;
  readonly facts: number;
  readonly open: number;
}

/** One way to where the journal ends, in this process. */
async function measure(way: string, folder: string, openWanted: number): Promise<Measured> {
  const env = realEnv();
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const open = (fromSeq: number): Promise<Journal> => openFileJournal({ env, folder: join(folder, "journal"), fromSeq });
  let engine: Engine;
  let facts: number;
  let journal: Journal;
  if (way === "array") {
    journal = await open(1);
    const records: ReadRecord[] = [];
    for await (const each of journal.records()) records.push(each);
    const made = makeEngine(openWanted);
    engine = made.engine;
    facts = recover(records, engine, made.driver).replay.facts;
  } else {
    const started = await startSession({
      snapshots: way === "snapshot" ? fileSnapshots(env, join(folder, "snapshots")) : undefined,
      about: ABOUT,
      plans: PLANS,
      open,
      make: () => makeEngine(openWanted),
      onAlarm: (text) => {
        throw new Error(text);
      },
    });
    ({ engine, journal } = started);
    facts = started.plan.replay.facts;
  }
  const ms = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1_000;
  const megabytes = process.resourceUsage().maxRSS / 1_024;
  const measured = { ms, cpuMs, megabytes, records: journal.lastSeq, facts, open: engine.openOrderIds().length };
  await journal.close();
  return measured;
}

const [first, second, third] = process.argv.slice(2);
if (first === "snapshot" || first === "stream" || first === "array") {
  console.log(JSON.stringify(await measure(first, second!, Number(third))));
} else {
  const openWanted = Number(first ?? 1_000);
  const folder = mkdtempSync(join(tmpdir(), "tradepulse-snapshot-"));
  try {
    await writeSession(folder, openWanted, Number(second ?? 1_000_000));
    for (const way of ["snapshot", "stream", "array"]) {
      const text = execFileSync(process.execPath, [import.meta.filename, way, folder, String(openWanted)], { encoding: "utf8" });
      const { ms, cpuMs, megabytes, records, facts, open } = JSON.parse(text) as Measured;
      const name = { snapshot: "from the snapshot", stream: "from the first record", array: "with all records in one array" }[way]!;
      console.log(
        `  ${name.padEnd(30)} ${ms.toFixed(0).padStart(7)} ms, ${cpuMs.toFixed(0).padStart(6)} ms of computing  ${megabytes.toFixed(0).padStart(6)} MB at most   ${records} records, ${facts} facts replayed, ${open} open orders`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
