import { readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { cliVersion } from "../version.ts";

/** A file that `init` writes. One that is `kept` stays as it is where it exists already. */
export interface ScaffoldFile {
  readonly path: string;
  readonly text: string;
  readonly kept: boolean;
}

const PACKAGE = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));

/** The files of a new strategy, paths relative to its folder. */
export function scaffoldFiles(name: string): readonly ScaffoldFile[] {
  const template = (file: string): string =>
    readFileSync(join(PACKAGE, "templates", file), "utf8")
      .replaceAll("./strategy.ts", `./${name}.ts`)
      .replaceAll("my-strategy", name);
  return [
    { path: `${name}.ts`, text: template("strategy.ts"), kept: false },
    { path: `${name}.test.ts`, text: template("strategy-test.ts"), kept: false },
    { path: `${name}.toml`, text: runFileText(name), kept: false },
    { path: `${name}.live.toml`, text: liveText(name), kept: false },
    { path: "package.json", text: packageText(name), kept: true },
    { path: "tsconfig.json", text: TSCONFIG, kept: true },
    { path: "README.md", text: readmeText(name), kept: true },
    { path: ".gitignore", text: "node_modules/\nruns/\nsessions/\nstate/\n.tradepulse/\n.env\n", kept: true },
  ];
}

function runFileText(name: string): string {
  return `# How ${name} is run: tradepulse backtest --run-file ${name}.toml
# A flag on the command line wins over a value here.
strategy = "${name}.ts"
capital = 100_000

[params]
length = 50

[data]
source = "sp500" # a bundled dataset, or the path of a CSV file
# from = "2010-01-01"

[fee]
taker = 0.0005 # 0.05 % of every fill

[spread]
width = 0.0002 # 0.02 % from bid to ask
`;
}

function liveText(name: string): string {
  return `# A live session of ${name} against the venue on this machine, with no money anywhere:
#   tradepulse venue-server --data sp500           in a terminal of its own; it prints a key
#   export LOCAL_VENUE_API_KEY=... LOCAL_VENUE_API_SECRET=...
#   tradepulse live --config ${name}.live.toml     starts halted and says how to arm it

[loop]
state_dir = "state"

[risk]
max_notional = 20_000

[[venues]]
name = "local"
adapter = "binance"

  [venues.options]
  rest_url = "http://127.0.0.1:9080"
  stream_url = "ws://127.0.0.1:9080"
  ws_api_url = "ws://127.0.0.1:9080/ws-api/v3"

  [venues.credentials]
  env_prefix = "LOCAL_VENUE"
  required = ["API_KEY", "API_SECRET"]

[[strategies]]
file = "${name}.ts"
instruments = ["SP500-USD"]
interval = "1s" # the local venue plays a bar a second
capital = 5_000

  [strategies.parameters]
  length = 10
`;
}

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: "es2024",
      module: "nodenext",
      moduleDetection: "force",
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      skipLibCheck: true,
    },
  },
  null,
  2,
)}\n`;

function packageText(name: string): string {
  return `${JSON.stringify(
    {
      name,
      private: true,
      type: "module",
      scripts: {
        test: "tradepulse test",
        backtest: `tradepulse backtest --run-file ${name}.toml`,
        check: `tradepulse check ${name}.ts`,
      },
      dependencies: { "@tradepulse/core": ownPackage("core") },
      devDependencies: { "@tradepulse/cli": ownPackage("cli") },
    },
    null,
    2,
  )}\n`;
}

/** Where npm finds a package of ours: the folder of a checkout, or the version of an installed one. */
function ownPackage(name: "core" | "cli"): string {
  if (PACKAGE.split(sep).includes("node_modules")) return `^${cliVersion()}`;
  const folder = name === "cli" ? PACKAGE : join(PACKAGE, "..", "..", "packages", name);
  return `file:${folder.split(sep).join("/")}`;
}

function readmeText(name: string): string {
  return `# ${name}

A trading strategy for TradePulse.

| File | What it is |
| --- | --- |
| \`${name}.ts\` | the strategy |
| \`${name}.test.ts\` | its test, on bars written by hand |
| \`${name}.toml\` | how it is run: parameters, data, costs |
| \`${name}.live.toml\` | how it trades at a venue on this machine, without money |

\`\`\`sh
npm install          # links TradePulse into this folder
npm test             # the test
npm run backtest     # runs it; the last lines say where the report is
npm run check        # does it read ahead, keep state, or depend on a clock?
\`\`\`

Where \`tradepulse\` is on the PATH, \`tradepulse test\` and \`tradepulse backtest --run-file ${name}.toml\` work without
\`npm install\`. Then try it on data of your own:

\`\`\`sh
npx tradepulse data check prices.csv
npx tradepulse backtest ${name}.ts --data prices.csv --set length=20 --fee 0.001
npx tradepulse runs list
\`\`\`

On paper, bar by bar as it would live, and what came of it beside its backtest:

\`\`\`sh
npx tradepulse paper --run-file ${name}.toml
npx tradepulse parity last
\`\`\`

\`${name}.live.toml\` says how it trades at a venue.

For checks in an editor: \`npm install --save-dev typescript @types/node\`.
`;
}
