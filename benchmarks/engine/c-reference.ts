import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BarColumns } from "@tradepulse/core";

export interface CRun {
  readonly ns: number;
  readonly fills: number;
  readonly equity: number;
  readonly drawdown: number;
}

/** The C reference, compiled on the spot with the machine's own flags. */
export class CReference {
  private readonly folder = mkdtempSync(join(tmpdir(), "tradepulse-bench-"));
  private readonly binary = join(this.folder, "event-engine");

  /** `undefined` when there is no C compiler. */
  static compile(columns: BarColumns): CReference | undefined {
    if (spawnSync("cc", ["--version"]).status !== 0) return undefined;
    const reference = new CReference();
    const source = fileURLToPath(new URL("../reference/event-engine.c", import.meta.url));
    execFileSync("cc", ["-O3", "-march=native", "-ffp-contract=off", source, "-lm", "-o", reference.binary]);
    const write = (name: string, column: Float64Array): void =>
      writeFileSync(join(reference.folder, `${name}.f64`), new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    write("o", columns.open);
    write("h", columns.high);
    write("l", columns.low);
    write("c", columns.close);
    return reference;
  }

  run(bars: number, margin: number, pullbackEvery: number, repetitions: number): CRun[] {
    const out = execFileSync(this.binary, [this.folder, String(bars), String(margin), String(pullbackEvery), String(repetitions)], {
      encoding: "utf8",
    });
    return out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as CRun);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
