// npm test: installs what is missing, then runs vitest once under the pinned Node. Extra arguments go to vitest.
import { join } from "node:path";
import { become, installIfStale, root } from "./bootstrap.mjs";

installIfStale();
become([join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", root, ...process.argv.slice(2)]);
