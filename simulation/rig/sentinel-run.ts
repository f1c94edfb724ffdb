import { Dice } from "@tradepulse/core/testing";
import { type EvidenceRecord, openKillLatch, readEvidenceFolder } from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { pause, type RigProcess, until } from "./rig-process.ts";
import { RigTrader } from "./rig-trader.ts";
import { RigVenue } from "./rig-venue.ts";
import { bringHome, framedRun, type RunFrame, type RunResult } from "./run-result.ts";

const TIMEOUT_S = 3;
/** Last byte of new risk after the latch (M9). */
const LAST_BYTE_US = 50_000;

const SECTION = `
[sentinel]
heartbeat_timeout = ${TIMEOUT_S}
halted_grace = 3

  [sentinel.credentials]
  env_prefix = "RIG_SENTINEL"
  required = ["API_KEY", "API_SECRET"]
`;

/** What happens to a trader that a sentinel watches. */
const ENDS = ["killed", "stuck", "stuck, then killed", "halted by hand"] as const;

/** What happens to venue and sentinel meanwhile. */
const TROUBLES = ["", "venue away", "rate limit", "cancels forged", "sentinel killed"] as const;

/**
 * A trader with orders at work dies or stands still under the eyes of a sentinel: the halt is latched before the first cancel, everything is canceled, no byte of
 * new risk leaves after the latch, also when a stuck trader goes on, and the next life of the trader stays halted.
 */
export function sentinelRun(seed: number): Promise<RunResult> {
  return framedRun("sentinel", seed, async (frame) => {
    const dice = new Dice(seed * 6_151);
    const venue = await RigVenue.start(seed, "", `${frame.folder}/venue.log`);
    frame.venue = venue;
    const trader = new RigTrader(frame.folder, `${frame.folder}/state`, seed % 10 === 0);
    frame.trader = trader;
    await trader.configure(venue.port, seed, SECTION);
    const watch: Watch = { frame, trader, venue, sentinel: undefined };
    try {
      await play(watch, dice);
    } finally {
      trader.process?.signal("SIGCONT");
      await watch.sentinel?.kill();
    }
  });
}

interface Watch {
  readonly frame: RunFrame;
  readonly trader: RigTrader;
  readonly venue: RigVenue;
  sentinel: RigProcess | undefined;
}

async function play(watch: Watch, dice: Dice): Promise<void> {
  const { frame, trader, venue } = watch;
  const isFirst = dice.chance(0.5);
  if (isFirst) watch.sentinel = trader.startSentinel();
  trader.start();
  await trader.watch("a session", 60_000, () => trader.exists);
  watch.sentinel ??= trader.startSentinel();
  await trader.arm();
  await trader.watch("trust", 90_000, (tail) => tail.isTrusted);
  await until("a sentinel that is able", 30_000, async () =>
    (await evidence(trader)).some(({ kind }) => kind === "able") ? true : undefined,
  );
  await until("orders at work", 60_000, async () => {
    trader.tail.poll();
    return (await working(venue)) > 3 ? true : undefined;
  });
  await pause(dice.unit() * 1_500);
  const end = dice.pick(ENDS);
  const trouble = dice.pick(TROUBLES);
  frame.events.push(trouble === "" ? end : `${end}, ${trouble}`);
  await makeTrouble(watch, trouble);
  await strike(watch, end);
  await swept(watch, trouble);
  if (trouble !== "") await venue.control({ do: "fault-off" });
  if (end === "stuck") trader.process!.signal("SIGCONT");
  if (end === "stuck, then killed" || end === "killed") {
    await trader.bury();
    const leaders = trader.tail.count("leader");
    trader.start();
    await trader.watch("trust of the next life", 120_000, (tail) => tail.count("leader") > leaders && tail.isTrusted);
  }
  // Bars come every second: time enough for a strategy that would trade.
  await pause(5_000);
  await judgeSilence(watch, end);
  await bringHome(trader, venue, frame.violations);
  watch.sentinel.signal("SIGTERM");
  const exit = await Promise.race([watch.sentinel.exited, pause(10_000).then(() => undefined)]);
  if (exit?.code !== 0) fail(watch, `a graceful stop of the sentinel ended with ${exit?.code ?? exit?.signal ?? "nothing"}`);
}

async function makeTrouble(watch: Watch, trouble: (typeof TROUBLES)[number]): Promise<void> {
  const { venue, trader } = watch;
  if (trouble === "rate limit")
    await venue.control({
      do: "fault-on",
      rule: { name: "rate-limited", times: 1, only: { method: "DELETE", path: "/api/v3/openOrders" } },
    });
  if (trouble === "cancels forged") await venue.control({ do: "fault-on", rule: { name: "cancel-forged", times: 4 } });
  if (trouble === "sentinel killed") {
    await watch.sentinel!.kill();
    watch.sentinel = trader.startSentinel();
  }
}

async function strike({ trader, venue, frame }: Watch, end: (typeof ENDS)[number]): Promise<void> {
  if (frame.events.at(-1)!.endsWith("venue away")) await venue.control({ do: "outage", delayUs: 6_000_000 });
  if (end === "killed") await trader.bury();
  else if (end === "halted by hand") {
    const latch = await openKillLatch({ env: realEnv(), folder: `${trader.account}/latch` });
    await latch.trip("halted", "by hand", "rig");
    latch.stop();
  } else trader.process!.signal("SIGSTOP");
}

/** Waits until the sentinel says that nothing works any more, and holds that against the venue. */
async function swept(watch: Watch, trouble: string): Promise<void> {
  const { trader, venue } = watch;
  const startedMs = performance.now();
  await until("the sweep", trouble === "rate limit" ? 150_000 : 60_000, async () => {
    const records = await evidence(trader);
    return records.some(({ kind, about }) => kind === "swept" && about["isClean"] === true) ? true : undefined;
  });
  const left = await working(venue);
  if (left > 0)
    fail(watch, `${left} orders work though the sentinel said that none does, ${Math.round(performance.now() - startedMs)} ms on`);
  const records = await evidence(trader);
  const firstCancel = records.findIndex(({ kind }) => kind === "cancel");
  const firstLatch = records.findIndex(({ kind, about }) => kind === "latch" && about["state"] === "halted");
  if (firstLatch < 0 || (firstCancel >= 0 && firstLatch > firstCancel)) fail(watch, "it canceled before it had latched");
}

/** No request for an order after the latch, of whatever life. */
async function judgeSilence({ frame, trader, venue }: Watch, end: string): Promise<void> {
  const records = await evidence(trader);
  const halted = records.find(({ kind, about }) => kind === "latch" && about["state"] === "halted");
  const latched = records.find(({ kind }) => kind === "latched") ?? halted;
  const { places } = await venue.truth();
  const late = places.filter(({ atUs }) => atUs > latched!.atUs + LAST_BYTE_US);
  if (late.length > 0)
    frame.violations.push({
      law: "I17",
      text: `${end}: ${late.length} orders were asked for after the latch, the last ${(late.at(-1)!.atUs - latched!.atUs) / 1_000} ms after: ${late[0]!.clientId} ${late[0]!.outcome}`,
    });
  const latch = await openKillLatch({ env: realEnv(), folder: `${trader.account}/latch` });
  if (latch.state !== "halted") frame.violations.push({ law: "I17", text: `${end}: the latch is ${latch.state} at the end` });
  latch.stop();
}

function evidence(trader: RigTrader): Promise<readonly EvidenceRecord[]> {
  return readEvidenceFolder(realEnv(), `${trader.account}/sentinel`);
}

async function working(venue: RigVenue): Promise<number> {
  const { orders } = await venue.truth();
  return orders.filter(({ status }) => status === "NEW" || status === "PARTIALLY_FILLED").length;
}

function fail({ frame }: Watch, text: string): void {
  frame.violations.push({ law: "sentinel", text });
}
