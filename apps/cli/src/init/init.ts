import { access, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { commandName } from "../command-name.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";
import { type ScaffoldFile, scaffoldFiles } from "./scaffold.ts";

/** What `init` wrote and what it left as it was, paths relative to the folder. */
interface Written {
  readonly folder: string;
  readonly written: readonly string[];
  readonly kept: readonly string[];
}

/** `tradepulse init`. */
export async function init(name: string, options: { readonly folder?: string; readonly json?: boolean }): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) {
    refuseUsage(
      "TP_CLI_INIT_NAME",
      `Cannot make strategy "${name}": its name is not made of lower-case words, allowed are a to z, 0 to 9 and dashes, 64 at most`,
      "use a name such as my-strategy",
    );
  }
  const folder = resolve(options.folder ?? name);
  const result = await writeScaffold(name, folder);
  if (options.json === true) {
    sayJson({ schema: 1, ok: true, ...result });
    return;
  }
  for (const line of initLines(name, result, outputWidth())) say(line);
}

/** Writes all files or none. */
async function writeScaffold(name: string, folder: string): Promise<Written> {
  const files = scaffoldFiles(name);
  const present = new Set<ScaffoldFile>();
  for (const file of files) if (await exists(join(folder, file.path))) present.add(file);
  const inTheWay = files.filter((file) => present.has(file) && !file.kept);
  if (inTheWay.length > 0) {
    refuseUsage(
      "TP_CLI_INIT_EXISTS",
      `Cannot make strategy "${name}" in "${shownPath(folder)}": ${inTheWay.map(({ path }) => path).join(", ")} would be overwritten`,
      "choose another name, or another folder with --folder; nothing was written",
    );
  }
  const written: string[] = [];
  let firstMade: string | undefined;
  try {
    firstMade = await mkdir(folder, { recursive: true });
    for (const file of files) {
      if (present.has(file)) continue;
      await writeFile(join(folder, file.path), file.text, { flag: "wx" });
      written.push(file.path);
    }
  } catch (error) {
    for (const path of written) await rm(join(folder, path), { force: true });
    if (firstMade !== undefined) await rmdir(folder).catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    refuseUsage(
      "TP_CLI_FOLDER",
      `Cannot make strategy "${name}" in "${folder}": it cannot be written (${code ?? message})`,
      "choose another folder with --folder; nothing was left behind",
    );
  }
  return { folder, written, kept: [...present].map(({ path }) => path) };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function initLines(name: string, { folder, written, kept }: Written, width: number): string[] {
  const command = commandName();
  const where = shownPath(folder);
  const isHere = folder === process.cwd();
  return [
    hangingText("", `${paint("bold", name)} is ready${isHere ? "" : ` in ${where}`}`, width),
    hangingText("  written  ", written.join(", "), width),
    ...(kept.length === 0 ? [] : [hangingText("  kept     ", kept.join(", "), width)]),
    "",
    paint("bold", "What next"),
    ...(isHere ? [] : [`  cd ${where}`]),
    ...(command === "tradepulse" ? [] : ["  npm install"]),
    `  ${command === "tradepulse" ? "tradepulse" : "npx tradepulse"} test`,
    `  ${command === "tradepulse" ? "tradepulse" : "npx tradepulse"} backtest --run-file ${name}.toml`,
  ];
}
