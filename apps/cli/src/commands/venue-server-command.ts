import { CliCommand } from "../cli-command.ts";
import { addDataOptions, choice, JSON_OPTION } from "./shared-options.ts";

export function venueServerCommand(): CliCommand {
  const command = new CliCommand("venue-server")
    .description(
      "Serve a venue on this machine that speaks the wire protocol of a real one, with a market made of any data and faults at will.",
    )
    .example("tradepulse venue-server --data sp500", "a bundled dataset, one bar a second")
    .example(
      "tradepulse venue-server --data btc.csv --speed 60x --latency 20ms",
      "one-minute bars as one-second bars, with a delay on everything",
    )
    .example(
      "tradepulse venue-server --data synth --faults response-lost=0.1,late-arrival:delay=8s --seed 7",
      "answers that get lost and orders that come late, the same ones each time",
    )
    .exitsWith(3);
  command
    .addOption(choice("--venue <name>", "whose protocol it speaks (binance)", ["binance"]))
    .option("-d, --data <file>", "file or bundled dataset; each of its instruments becomes a symbol")
    .option("--port <number>", "port on 127.0.0.1; 0 for any that is free (9080)")
    .option("--seed <number>", "seed of the market between the bars, of latencies and faults (1)")
    .option("--speed <factor>", "how much faster than the data: 60x plays one-minute bars as one-second bars")
    .option("--as-fast-as-possible", "one bar a second, whatever the data: the shortest that the protocol has; this is the default")
    .option("--history <bars>", "bars that are past when the venue opens (half of the data, 1000 at most)")
    .option("--balances <list>", "what the account has, as USDT=10000,BTC=2 (10000 of every quote and 10 of every base)")
    .option("--fee <rate>", "fee of makers and takers alike (0.001)")
    .option("--latency <time>", "from arrival to answer and from event to message, as 20ms; up to half as much more at random (0)")
    .option("--faults <list>", "faults by comma, each with chance and details, as response-lost=0.1,read-lag:delay=2s")
    .option("--list-faults", "list the faults and what they do")
    .option(...JSON_OPTION);
  addDataOptions(command);
  return command.action(async (options: Record<string, unknown>) => {
    const { venueServer } = await import("../venue-server/venue-server.ts");
    await venueServer(options);
  });
}
