import { spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { BIN, emptyFolder } from "../testing/run-command.ts";

/** Every write to it fails as on a full disk. */
const FULL = "/dev/full";

test.skipIf(!existsSync(FULL))("a result that cannot be written is told, and the exit code says so", () => {
  const { status, stderr } = spawnSync(process.execPath, [BIN, "venue-server", "--list-faults"], {
    stdio: ["ignore", openSync(FULL, "w"), "pipe"],
    encoding: "utf8",
  });
  expect(stderr).toBe("the output could not be written: ENOSPC\n");
  expect(status).toBe(74);
});

test.skipIf(!existsSync(FULL))("remarks that cannot be written end nothing", () => {
  const args = [
    "paper",
    "--data",
    "synth:bars=60",
    "--speed",
    "max",
    "--json",
    new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url).pathname,
  ];
  const { status, stdout } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: emptyFolder(),
    stdio: ["ignore", "pipe", openSync(FULL, "w")],
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, command: "paper" });
});
