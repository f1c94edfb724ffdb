import { cp } from "node:fs/promises";
import { Dice } from "@tradepulse/core/testing";
import { pause } from "./rig-process.ts";
import { RigTrader } from "./rig-trader.ts";
import { RigVenue } from "./rig-venue.ts";
import { bringHome, framedRun, type RunFrame, type RunResult } from "./run-result.ts";
import { SmallDisk } from "./small-disk.ts";

const MEBIBYTES = 6;
/** The journal of a second at most: what is taken away must lie ahead of what it writes meanwhile. */
const AHEAD = 24_576;
/** From the journal's word that the disk is full until nothing that left before can still be on its way. */
const UNDER_WAY_US = 1_000_000;
const FAULTS = "response-lost=0.02,event-dropped=0.02";

/**
 * Trades until the disk is full in the middle of it: no order may leave that has no durable intent, the process may be killed in that state and must
 * refuse to start, and with room again everything is reconciled.
 */
export function diskRun(seed: number): Promise<RunResult> {
  let disk: SmallDisk | undefined;
  return framedRun(
    "disk-full",
    seed,
    async (frame) => {
      const dice = new Dice(seed * 7_919);
      disk = await SmallDisk.mount(`${frame.folder}/disk`, MEBIBYTES);
      const venue = await RigVenue.start(seed, FAULTS, `${frame.folder}/venue.log`);
      frame.venue = venue;
      const trader = new RigTrader(frame.folder, `${disk.folder}/state`, false);
      frame.trader = trader;
      await trader.configure(venue.port, seed);
      trader.start();
      await trader.watch("a session", 60_000, () => trader.exists);
      await trader.arm();
      await trader.watch("trust", 90_000, (tail) => tail.isTrusted);
      await watchFor(trader, dice.unit() * 6_000);
      const fullSinceUs = await fillUp(trader, disk, dice, frame);
      // The journal runs into the end of its room, or the process lives on with what was allocated.
      await waitForRefusal(trader, 45_000);
      await watchFor(trader, dice.unit() * 4_000);
      await checkSilence(trader, venue, frame, fullSinceUs);
      const isKilled = dice.chance(0.7);
      if (isKilled) {
        await trader.bury();
        frame.events.push("killed while full");
        if (dice.chance(0.6)) await startOnFullDisk(trader, frame);
      }
      await disk.free();
      frame.events.push(isKilled ? "room after the kill" : "room while it runs");
      if (!isKilled) await watchFor(trader, dice.whole(1_000, 4_000));
      if (!isKilled && dice.chance(0.5)) {
        await trader.bury();
        frame.events.push("killed with room again");
      }
      if (!trader.process!.isRunning) {
        const leaders = trader.tail.count("leader");
        trader.start();
        await trader.watch("trust with room again", 120_000, (tail) => tail.count("leader") > leaders && tail.isTrusted);
      }
      await venue.control({ do: "fault-off" });
      // The full disk has halted trading; a person looks and arms it again.
      await trader.arm();
      const intents = trader.tail.count("intent");
      await trader.watch("an order after it was armed again", 90_000, (tail) => tail.count("intent") > intents);
      await bringHome(trader, venue, frame.violations);
    },
    async ({ folder, violations }) => {
      if (disk === undefined) return;
      if (violations.length > 0) await cp(disk.folder, `${folder}/kept`, { recursive: true, filter: (path) => !path.endsWith("/filler") });
      await disk.unmount();
    },
  );
}

/** Fills the disk. Gives since when it is full. */
async function fillUp(trader: RigTrader, disk: SmallDisk, dice: Dice, frame: RunFrame): Promise<number> {
  const { tail } = trader;
  tail.poll();
  const segment = `${trader.session}/journal/${tail.segment}`;
  const first = await disk.takeAhead(segment, tail.offset + AHEAD + dice.whole(0, 3) * 4_096);
  tail.poll();
  if (tail.offset >= first)
    throw new Error(`the journal was at ${tail.offset} when its room from ${first} on was taken: the rig itself has damaged it`);
  await disk.fill();
  frame.events.push("disk filled");
  return Date.now() * 1_000;
}

/** Waits until the trader says that its journal takes no more. */
async function waitForRefusal(trader: RigTrader, mostMs: number): Promise<void> {
  await trader.watch("the journal to run out of room", mostMs, () => refusedUs(trader) !== undefined);
}

function refusedUs(trader: RigTrader): number | undefined {
  return trader.process!.lines.find(({ text }) => /the disk is full/.test(text))?.atUs;
}

/** After the journal has refused, nothing leaves any more. */
async function checkSilence(trader: RigTrader, venue: RigVenue, frame: RunFrame, fullSinceUs: number): Promise<void> {
  const sinceUs = refusedUs(trader)!;
  if (sinceUs < fullSinceUs - 1_000_000) frame.violations.push({ law: "full", text: "the journal refused before the disk was full" });
  const { places } = await venue.truth();
  trader.tail.poll();
  for (const { clientId, atUs } of places) {
    // Looked at while the disk is full: with room again the journal would write what it holds in memory.
    if (!trader.tail.intents.has(clientId))
      frame.violations.push({ law: "I03", text: `the venue was asked for ${clientId}, whose intent is not on the full disk` });
    if (atUs > sinceUs + UNDER_WAY_US)
      frame.violations.push({
        law: "full",
        text: `${clientId} left ${Math.round((atUs - sinceUs) / 1_000)} ms after the journal had refused`,
      });
  }
}

/** A start on a full disk must be refused in words, and must harm nothing. */
async function startOnFullDisk(trader: RigTrader, frame: RunFrame): Promise<void> {
  const process = trader.start();
  frame.events.push("started while full");
  const exit = await Promise.race([process.exited, pause(60_000).then(() => undefined)]);
  if (exit === undefined)
    frame.violations.push({ law: "full", text: `a start on a full disk was not refused: ${process.stderr.slice(-600)}` });
  else if (exit.code === 0 || exit.code === 70 || !/TP_[A-Z_]+/.test(process.stderr))
    frame.violations.push({
      law: "full",
      text: `a start on a full disk ended with ${exit.code ?? exit.signal}, without a coded reason: ${process.stderr.slice(-600)}`,
    });
  await trader.bury();
}

async function watchFor(trader: RigTrader, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    trader.tail.poll();
    await pause(20);
  }
}
