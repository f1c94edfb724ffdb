import { isAbsolute, resolve } from "node:path";
import { type AccountAudit, type AdministrationParts, auditJournalDatabase, checkJournalDatabase, migrateDatabase } from "@tradepulse/live";
import { realEnv, realSurroundings } from "@tradepulse/platform";
import { assignments } from "../backtest/run-flags.ts";
import { ExitCode } from "../exit-codes.ts";
import { counted } from "../terminal/number-text.ts";
import { paint, say, sayJson } from "../terminal/streams.ts";

type Options = Readonly<Record<string, unknown>>;

/** `tradepulse database migrate`. */
export async function migrate(options: Options): Promise<void> {
  const done = await migrateDatabase(parts(options), options["owner"] as string);
  if (options["json"] === true) sayJson({ schema: 1, ok: true, command: "database migrate", migrations: done });
  else if (done.length === 0) say("The schema is up to date; rights were granted anew");
  else for (const name of done) say(`done  ${name}`);
}

/** `tradepulse database check`. */
export async function check(options: Options): Promise<void> {
  const state = await checkJournalDatabase(parts(options));
  if (options["json"] === true) {
    sayJson({ schema: 1, ok: true, command: "database check", ...state });
    return;
  }
  const label = (text: string): string => paint("dim", text.padEnd(12));
  say(`${label("server")}PostgreSQL ${state.server}, commits are durable`);
  say(`${label("user")}${state.user}, reads tables and calls functions, changes nothing that was written`);
  say(`${label("protection")}${state.protection}`);
  for (const { account, epoch, isReleased, holder } of state.leaders) {
    say(`${label("account")}${account}, epoch ${epoch}, ${isReleased ? "nobody leads" : `led by ${holder}, or not ended in order`}`);
  }
}

/** `tradepulse database audit`: exit code 5 when a chain does not hold. */
export async function audit(options: Options): Promise<void> {
  const heads = Object.fromEntries(assignments("--head", options["head"]));
  const audits = await auditJournalDatabase(parts(options), heads);
  const isGood = audits.every(({ bad }) => bad === undefined);
  if (!isGood) process.exitCode = ExitCode.mismatch;
  if (options["json"] === true) {
    sayJson({ schema: 1, ok: isGood, command: "database audit", accounts: audits.map((each) => ({ ...each, bad: each.bad ?? null })) });
    return;
  }
  if (audits.length === 0) say("No account has an audit yet");
  for (const each of audits) say(auditLine(each));
}

function auditLine({ account, rows, head, bad }: AccountAudit): string {
  const name = paint("bold", account);
  if (bad !== undefined) return `${name}  row ${bad.seq} does not fit: ${bad.why}; ${counted(rows, "row")} before it hold`;
  return `${name}  ${counted(rows, "row")} hold, head ${head}`;
}

function parts(options: Options): AdministrationParts {
  const { variables, folder } = realSurroundings();
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  return { env: realEnv(), configPath: options["config"] as string, variables, absolute };
}
