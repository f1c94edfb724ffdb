import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openColumnFile, writeColumnFile } from "./column-file.ts";

const folder = mkdtempSync(join(tmpdir(), "tradepulse-columns-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "deep", "bars.columns");

async function readBack(memory?: readonly SharedArrayBuffer[]): Promise<{ meta: unknown; columns: number[][] | undefined } | undefined> {
  const file = await openColumnFile(path);
  if (file === undefined) return undefined;
  try {
    const columns = await file.readColumns(memory);
    return { meta: file.meta, columns: columns?.map((column) => Array.from(column)) };
  } finally {
    await file.close();
  }
}

test("openColumnFile() gives back what writeColumnFile() wrote, to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.float64Array({ maxLength: 50 }), { maxLength: 5 }), fc.string(), async (columns, name) => {
      await writeColumnFile(path, { name }, columns);
      expect(await readBack()).toEqual({ meta: { name }, columns: columns.map((column) => Array.from(column)) });
    }),
    { numRuns: 50 },
  );
  expect(readdirSync(join(folder, "deep"))).toEqual(["bars.columns"]);
});

test("openColumnFile() reads into memory that is large enough, and takes fresh memory where it is not", async () => {
  await writeColumnFile(path, null, [Float64Array.of(1, 2, 3), Float64Array.of(4)]);
  const large = new SharedArrayBuffer(64);
  const file = await openColumnFile(path);
  const columns = await file!.readColumns([large, new SharedArrayBuffer(0)]);
  await file!.close();
  expect(columns!.map((column) => Array.from(column))).toEqual([[1, 2, 3], [4]]);
  expect(columns![0]!.buffer).toBe(large);
});

test("openColumnFile() trusts no file in which a byte was changed, lost or added", async () => {
  await writeColumnFile(path, { name: "x" }, [Float64Array.of(1, 2, 3), Float64Array.of(4, 5)]);
  const sound = readFileSync(path);
  for (let at = 0; at < sound.length; at += 1) {
    // The four bytes behind the length of the head are padding.
    if (at >= 12 && at < 16) continue;
    const damaged = Buffer.from(sound);
    damaged[at]! ^= 1;
    writeFileSync(path, damaged);
    expect((await readBack())?.columns, `byte ${at}`).toBeUndefined();
  }
  writeFileSync(path, sound.subarray(0, -1));
  expect(await readBack()).toBeUndefined();
  writeFileSync(path, Buffer.concat([sound, Buffer.of(0)]));
  expect(await readBack()).toBeUndefined();
  writeFileSync(path, "");
  expect(await readBack()).toBeUndefined();
});
