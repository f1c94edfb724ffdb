import type { Env } from "@tradepulse/platform";

/** The highest epoch that this host has led an account in. */
export interface EpochFloor {
  /** 0 when there was none, or when it cannot be read: then only the database knows. */
  read(): Promise<number>;
  write(epoch: number): Promise<void>;
}

/**
 * Keeps the epoch of a database on the disk of the host as well. A standby that lacks the last commits, or a copy that was restored, has forgotten epochs that
 * were used, and an epoch that is used twice would use client ids twice.
 */
export function epochFloor(env: Env, folder: string): EpochFloor {
  const path = `${folder}/database-epoch.json`;
  return {
    async read() {
      try {
        const value: unknown = JSON.parse(new TextDecoder().decode(await env.files.read(path)));
        const epoch = typeof value === "object" && value !== null && "epoch" in value ? value.epoch : undefined;
        return typeof epoch === "number" && Number.isSafeInteger(epoch) && epoch > 0 ? epoch : 0;
      } catch {
        return 0;
      }
    },
    async write(epoch) {
      await env.files.makeFolder(folder);
      await env.files.replace(path, new TextEncoder().encode(JSON.stringify({ epoch })));
    },
  };
}
