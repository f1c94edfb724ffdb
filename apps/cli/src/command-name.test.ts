import { expect, test } from "vitest";
import { commandName } from "./command-name.ts";

test("commandName() is what the reader typed", () => {
  expect(commandName({}, "/usr/local/bin/tradepulse", "/srv/me")).toBe("tradepulse");
  expect(commandName({ npm_command: "exec" }, "/repo/apps/cli/bin/tradepulse.mjs", "/repo")).toBe("npx tradepulse");
  expect(commandName({ npm_lifecycle_event: "start" }, "/repo/apps/cli/bin/tradepulse.mjs", "/repo")).toBe("npx tradepulse");
  expect(commandName({}, "/repo/apps/cli/bin/tradepulse.mjs", "/repo")).toBe("node apps/cli/bin/tradepulse.mjs");
});
