import { CliCommand } from "../cli-command.ts";
import { collect, JSON_OPTION } from "./shared-options.ts";

const CONFIG = ["-c, --config <file>", 'TOML file of the traders, with kind = "postgres" in [journal]'] as const;

export function databaseCommand(): CliCommand {
  const database = new CliCommand("database")
    .description("Look after the PostgreSQL database that live sessions keep their journal in.")
    .helpCommand(false)
    .example("tradepulse database migrate --config live.toml --owner tradepulse_owner", "make the schema, or bring it up to date")
    .example("tradepulse database check --config live.toml", "would a session start?");
  const migrate = new CliCommand("migrate")
    .description(
      "Make the schema of the journal, or bring it up to date, and let the user of the configuration use it: read the tables and call the functions that write them, nothing else. The password of the owner is read from the variable POSTGRES_OWNER_PASSWORD.",
    )
    .example(
      "tradepulse database migrate --config live.toml --owner tradepulse_owner",
      "in one transaction; run it before the first start and after an update",
    )
    .exitsWith(3)
    .requiredOption(...CONFIG)
    .requiredOption("--owner <role>", "role that owns the schema; never the one that trades")
    .option(...JSON_OPTION)
    .action(async (options: Record<string, unknown>) => {
      const { migrate: run } = await import("../database/database.ts");
      await run(options);
    });
  const check = new CliCommand("check")
    .description(
      "Check that a session could start: protection of the connection, version of the schema, settings that keep what is committed, rights of the user.",
    )
    .example("tradepulse database check --config live.toml", "exit code 2 or 3 says why not")
    .exitsWith(3)
    .requiredOption(...CONFIG)
    .option(...JSON_OPTION)
    .action(async (options: Record<string, unknown>) => {
      const { check: run } = await import("../database/database.ts");
      await run(options);
    });
  const audit = new CliCommand("audit")
    .description("Walk the audit chain of every account and name the first row that does not fit; exit code 5 when there is one.")
    .example("tradepulse database audit --config live.toml", "prints the head of each chain: keep it elsewhere")
    .example("tradepulse database audit --config live.toml --head binance-main=5f1c...", "also shows an end that was cut off")
    .exitsWith(3, 5)
    .requiredOption(...CONFIG)
    .option("--head <account=hash>", "head that was printed before; repeatable", collect)
    .option(...JSON_OPTION)
    .action(async (options: Record<string, unknown>) => {
      const { audit: run } = await import("../database/database.ts");
      await run(options);
    });
  for (const command of [migrate, check, audit]) database.addCommand(command);
  return database;
}
