import { type Files, type SimDisk, SimFiles } from "@tradepulse/platform";

const LATCH_PATH = "/state/latch";

/** Arms the latch of a fresh disk, as a person does before the first start. */
export async function armLatch(disk: SimDisk): Promise<void> {
  const files = new SimFiles(disk);
  await files.makeFolder("/state");
  await files.replace(LATCH_PATH, Buffer.from("armed"));
}

/** A latch that cannot be read counts as pressed. */
export async function isArmed(files: Files): Promise<boolean> {
  try {
    return Buffer.from(await files.read(LATCH_PATH)).toString() === "armed";
  } catch {
    return false;
  }
}

/** Writes the kill to the disk, however often that takes. */
export async function latchKill(files: Files, sleep: (us: number) => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await files.replace(LATCH_PATH, Buffer.from("killed"));
      return;
    } catch {
      await sleep(1_000_000);
    }
  }
}
