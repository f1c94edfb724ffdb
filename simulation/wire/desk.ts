import { leaveWord, openKillLatch } from "@tradepulse/live";
import { SimEnv, SimFiles, SimProcess } from "@tradepulse/platform";
import type { Storm } from "../storm/storm.ts";
import { ACCOUNT_FOLDER, SESSION_FOLDER } from "./runner-node.ts";

const LATCH_FOLDER = `${ACCOUNT_FOLDER}/latch`;
const LOOK_EVERY_US = 8_000_000;

/** Somebody at the desk, with processes of their own: presses the kill switch, and looks into what halted trading by itself. */
export class Desk {
  /** A person halted trading, and it stays so. */
  hasPressed = false;
  private readonly storm: Storm;

  constructor(storm: Storm) {
    this.storm = storm;
  }

  /** What halted trading by itself is looked at and allowed again, what a person halted is not. */
  attend(): void {
    this.storm.clock.after(LOOK_EVERY_US, () => {
      void this.armAgain().catch(() => undefined);
      this.attend();
    });
  }

  async press(reason: string): Promise<void> {
    const { chronicle, judge } = this.storm;
    this.hasPressed = true;
    chronicle.add("person", `kill switch pressed: ${reason}`);
    const env = this.env("person");
    const latch = await openKillLatch({ env, folder: LATCH_FOLDER });
    await latch.trip("halted", reason, "person").catch(() => undefined);
    latch.stop();
    judge.onKillLatched();
    await leaveWord(env, SESSION_FOLDER, { action: "cancel-all", reason, by: "person" }).catch(() => undefined);
  }

  /** Asks for everything to be sold. */
  async flatten(reason: string): Promise<void> {
    await leaveWord(this.env("person"), SESSION_FOLDER, { action: "flatten", reason, by: "person" }).catch(() => undefined);
  }

  private async armAgain(): Promise<void> {
    if (this.hasPressed || this.storm.node?.session === undefined) return;
    const latch = await openKillLatch({ env: this.env("desk"), folder: LATCH_FOLDER });
    if (latch.state !== "enabled" && !this.hasPressed) {
      const { by, reason } = latch.current;
      this.storm.chronicle.add("person", `arms trading again: it was halted by ${by}, ${reason}`);
      await latch.arm("enabled", "looked into it", "desk").catch(() => undefined);
    }
    latch.stop();
  }

  private env(name: string): SimEnv {
    const { clock, disk, scenario } = this.storm;
    return new SimEnv({ clock, process: new SimProcess(`${name}-${clock.eventCount}`), seed: scenario.seed, files: new SimFiles(disk) });
  }
}
