import type { Env } from "@tradepulse/platform";
import type { SnapshotStore } from "./snapshot-store.ts";

const PARTIAL = "partial";

/** Where the snapshots of a session lie, from its folder. */
export function snapshotFolder(sessionFolder: string): string {
  return `${sessionFolder}/snapshots`;
}

/** Snapshots as files of one folder, absolute: `0000000000001234.snapshot`. One process at a time writes; leadership sees to it. */
export function fileSnapshots(env: Env, folder: string): SnapshotStore {
  const { files } = env;
  const pathOf = (seq: number): string => `${folder}/${String(seq).padStart(16, "0")}.snapshot`;
  return {
    async list() {
      const seqs = (await files.list(folder)).flatMap((name) => {
        const match = /^(\d{16})\.snapshot$/.exec(name);
        return match === null ? [] : [Number(match[1])];
      });
      return seqs.sort((a, b) => b - a);
    },
    read: (seq) => files.read(pathOf(seq)),
    async write(seq, parts) {
      await files.makeFolder(folder);
      // One name for all: what a crash left of the one before is written over.
      const partial = `${folder}/${PARTIAL}`;
      const handle = await files.open(partial);
      try {
        await handle.truncate(0);
        let position = 0;
        for await (const part of parts) {
          await handle.writeAt(position, part);
          position += part.length;
        }
        await handle.sync();
      } catch (error) {
        await handle.close().catch(() => {});
        await files.remove(partial).catch(() => {});
        throw error;
      }
      await handle.close();
      try {
        await files.move(partial, pathOf(seq));
      } catch (error) {
        await files.remove(partial).catch(() => {});
        throw error;
      }
    },
    remove: (seq) => files.remove(pathOf(seq)),
  };
}
