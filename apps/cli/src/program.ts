import { Option } from "commander";
import { CliCommand } from "./cli-command.ts";
import { backtestCommand } from "./commands/backtest-command.ts";
import { checkCommand } from "./commands/check-command.ts";
import { dataCommand } from "./commands/data-command.ts";
import { databaseCommand } from "./commands/database-command.ts";
import { demoCommand } from "./commands/demo-command.ts";
import { doctorCommand } from "./commands/doctor-command.ts";
import { drillCommand } from "./commands/drill-command.ts";
import { initCommand } from "./commands/init-command.ts";
import { killCommand } from "./commands/kill-command.ts";
import { liveCommand } from "./commands/live-command.ts";
import { paperCommand } from "./commands/paper-command.ts";
import { parityCommand } from "./commands/parity-command.ts";
import { replayCommand } from "./commands/replay-command.ts";
import { runsCommand } from "./commands/runs-command.ts";
import { sentinelCommand } from "./commands/sentinel-command.ts";
import { testCommand } from "./commands/test-command.ts";
import { venueServerCommand } from "./commands/venue-server-command.ts";
import { verifyCommand } from "./commands/verify-command.ts";
import { outputWidth } from "./terminal/streams.ts";
import { cliVersion } from "./version.ts";

/** The whole command line. What a command does is imported when it runs; this much is enough for every help text. */
export function buildProgram(): CliCommand {
  const program = new CliCommand("tradepulse")
    .description("Backtests that can be trusted, repeated and looked at.")
    .version(cliVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "Print the help of a command.")
    .example("tradepulse demo", "a backtest of a sample strategy on bundled data")
    .example("tradepulse init my-strategy", "a strategy of your own, with a test")
    .example("tradepulse backtest my-strategy.ts --data prices.csv --fee 0.001", "run it on your data");
  program.addCommand(demoCommand());
  program.addCommand(initCommand());
  program.addCommand(backtestCommand());
  program.addCommand(checkCommand());
  program.addCommand(testCommand());
  program.addCommand(verifyCommand());
  program.addCommand(runsCommand());
  program.addCommand(paperCommand());
  program.addCommand(liveCommand());
  program.addCommand(killCommand());
  program.addCommand(sentinelCommand());
  program.addCommand(drillCommand());
  program.addCommand(replayCommand());
  program.addCommand(parityCommand());
  program.addCommand(databaseCommand());
  program.addCommand(venueServerCommand());
  program.addCommand(dataCommand());
  program.addCommand(doctorCommand());
  for (const command of everyCommand(program)) {
    command
      .exitOverride()
      .addHelpOption(new Option("-h, --help", "print help").helpGroup("Options:"))
      .configureOutput({
        getOutHelpWidth: () => outputWidth(process.stdout),
        getErrHelpWidth: () => outputWidth(process.stderr),
        outputError: () => {},
      })
      .configureHelp({ minWidthToWrap: 20 });
  }
  return program;
}

/** A command and all below it. */
export function everyCommand(command: CliCommand): CliCommand[] {
  return [command, ...command.commands.flatMap((each) => everyCommand(each as CliCommand))];
}
