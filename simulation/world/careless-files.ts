import type { Files } from "@tradepulse/platform";
import type { Mutant } from "../storm/mutant.ts";

/** Files as a planted bug uses them. */
export function carelessFiles(files: Files, careless: NonNullable<Mutant["files"]>): Files {
  const { sync, lock } = careless;
  return Object.assign(Object.create(files) as Files, {
    ...(lock === "ignored" ? { lock: () => Promise.resolve({ release: () => Promise.resolve() }) } : {}),
    ...(sync === undefined
      ? {}
      : {
          open: async (path: string) => {
            const handle = await files.open(path);
            const careful = handle.sync.bind(handle);
            handle.sync = sync === "skipped" ? () => Promise.resolve() : () => careful().catch(() => undefined);
            return handle;
          },
        }),
  });
}
