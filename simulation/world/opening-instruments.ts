import { FailureError } from "@tradepulse/core";
import { type LiveInstrument, liveInstrument, type ReadRecord } from "@tradepulse/live";
import type { ExecutionClient } from "@tradepulse/venues";
import type { Journal } from "../../packages/live/src/journal/journal.ts";

/**
 * The instruments that a session began with, from its journal; at its very beginning they are read from the venue and recorded. Rules that change later
 * are the venue's to refuse by, and a replay needs the old ones.
 */
export async function openingInstruments(
  records: readonly ReadRecord[],
  client: Pick<ExecutionClient, "instruments">,
  journal: Pick<Journal, "append">,
  sleep: (us: number) => Promise<void>,
): Promise<readonly LiveInstrument[]> {
  const begun = records.find((record) => record.kind === "metadata");
  if (begun !== undefined) return (begun.payload as { readonly instruments: readonly LiveInstrument[] }).instruments;
  for (;;) {
    const read = await client.instruments();
    if (read.kind === "read") {
      const instruments = read.value.map((each) => {
        const made = liveInstrument(`${each.base}-${each.quote}@STORM`, each);
        if (!made.ok) throw new FailureError(made.failure);
        return made.value;
      });
      journal.append("metadata", { instruments });
      return instruments;
    }
    await sleep(Math.max(2_000_000, read.retryAfterUs));
  }
}
