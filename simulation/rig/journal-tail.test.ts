import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileJournal, readJournal } from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { JournalTail, lineOf } from "./journal-tail.ts";

test("poll() sees every record of a journal as it is written, over segments and restarts, and knows what is unresolved", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tradepulse-tail-"));
  const env = realEnv();
  const tail = new JournalTail(folder);
  expect(tail.poll()).toEqual([]);
  try {
    for (let life = 0; life < 3; life += 1) {
      const journal = await openFileJournal({ env, folder, segmentBytes: 4_096, roomBytes: 4_096 });
      for (let k = 0; k < 40; k += 1) {
        const orderId = life * 100 + k;
        await journal.durable(journal.append("intent", { orderId, clientId: `tp-${life}-${k}` }));
        if (k % 2 === 0) await journal.durable(journal.append("order", { orderId, event: "accepted" }));
        if (k % 7 === 0) tail.poll();
      }
      await journal.close();
      for (let looks = 0; looks < 20; looks += 1) tail.poll();
    }
    const lines: string[] = [];
    for await (const record of readJournal(env.files, folder)) lines.push(lineOf(record));
    expect(tail.seen).toEqual(lines);
    expect([tail.count("intent"), tail.count("order accepted"), tail.unresolved]).toEqual([120, 60, 60]);
  } finally {
    tail.close();
    await rm(folder, { recursive: true });
  }
});
