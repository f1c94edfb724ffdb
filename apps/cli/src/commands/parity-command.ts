import { CliCommand } from "../cli-command.ts";
import { SESSIONS_OPTION } from "./paper-command.ts";
import { addDataOptions, collect, JSON_OPTION } from "./shared-options.ts";

export function parityCommand(): CliCommand {
  const command = new CliCommand("parity")
    .description(
      "Explain the difference between a session and its backtest, cent by cent: data, code version, signal, missed fill, latency, fill price, fee. Writes parity.html into the session folder.",
    )
    .argument("<session>", 'session folder, or a part of its name; "last" for the newest')
    .example("tradepulse parity last", "the newest session")
    .example("tradepulse parity last --gate 0.001", "exit code 1 above a tenth of a per cent of the opening money")
    .exitsWith(1, 3, 4)
    .option("--gate <fraction>", "fail above this fraction of the opening money")
    .option("-d, --data <file>", "bars to compare with; the dataset of the session otherwise", collect)
    .option(...SESSIONS_OPTION)
    .option(...JSON_OPTION);
  return addDataOptions(command).action(async (session: string, options: Record<string, unknown>) => {
    const { parity } = await import("../parity/parity.ts");
    await parity(session, options);
  });
}
