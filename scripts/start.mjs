// npm start: installs what is missing, then runs `tradepulse demo` under the pinned Node.
import { join } from "node:path";
import { become, installIfStale, root } from "./bootstrap.mjs";

installIfStale({ dev: false });
become([join(root, "apps/cli/bin/tradepulse.mjs"), "demo", ...process.argv.slice(2)]);
