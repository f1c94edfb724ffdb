import { Dice } from "@tradepulse/core/testing";
import { awaitMoment, MOMENT_NAMES } from "./kill-moment.ts";
import { RigTrader } from "./rig-trader.ts";
import { RigVenue } from "./rig-venue.ts";
import { bringHome, framedRun, type RunResult } from "./run-result.ts";

/** Light and steady: what a venue does on an ordinary bad day. */
const FAULTS =
  "response-lost=0.03,error-accepted=0.03:value=502,error-refused=0.02:value=503,late-arrival=0.03:delay=700ms,engine-delay=0.02:delay=2s,event-dropped=0.02,event-delayed=0.02:delay=900ms,disconnect-abrupt=0.0005";

/** Without answers that are waited for in vain, fifteen seconds each. */
const CALM_FAULTS = "error-accepted=0.03:value=502,event-dropped=0.02,event-delayed=0.02:delay=900ms";

/** Trades, is killed a few times in the middle of it, recovers, and is brought home. */
export function killRun(seed: number, mostKills: number, isCalm: boolean): Promise<RunResult> {
  return framedRun("kill", seed, async (frame) => {
    const dice = new Dice(seed * 7_919);
    const venue = await RigVenue.start(seed, isCalm ? CALM_FAULTS : FAULTS, `${frame.folder}/venue.log`);
    frame.venue = venue;
    const trader = new RigTrader(frame.folder, `${frame.folder}/state`, seed % 10 === 0);
    frame.trader = trader;
    await trader.configure(venue.port, seed);
    const kills = dice.whole(1, mostKills);
    let isArmed = false;
    for (let k = 0; k < kills; k += 1) {
      trader.start();
      if (!isArmed) {
        await trader.watch("a session", 60_000, () => trader.exists);
        await trader.arm();
        isArmed = true;
        await trader.watch("trust", 90_000, (tail) => tail.isTrusted);
      }
      const moment = await awaitMoment(dice.pick(MOMENT_NAMES), trader, dice);
      if (trader.process?.isRunning !== true) throw new Error(`the trader ended by itself: ${trader.process?.stderr.slice(-600)}`);
      await trader.bury();
      frame.events.push(moment);
    }
    trader.start();
    // Half of the runs recover in bad weather too.
    if (dice.chance(0.5)) await venue.control({ do: "fault-off" });
    const leaders = trader.tail.count("leader");
    await trader.watch("trust after the last kill", 120_000, (tail) => tail.count("leader") > leaders && tail.isTrusted);
    const sent = trader.tail.count("intent") + dice.whole(1, 10);
    // An order whose outcome is unknown keeps new ones back until it is proved absent: the deadline, the venue's horizon and its lag have to pass.
    await trader.watch("orders after the last kill", 90_000, (tail) => tail.count("intent") >= sent);
    await venue.control({ do: "fault-off" });
    await bringHome(trader, venue, frame.violations);
  });
}
