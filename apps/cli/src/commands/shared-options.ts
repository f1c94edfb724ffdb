import { Option } from "commander";
import type { CliCommand } from "../cli-command.ts";
import { refuseUsage } from "../usage-error.ts";

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export const JSON_OPTION = ["--json", "print one JSON document; progress and remarks go to standard error"] as const;

/** An option that takes one of a few words. */
export function choice(flags: string, about: string, words: readonly string[]): Option {
  const option = new Option(flags, about).choices([...words]);
  return option.argParser((value: string) => {
    if (words.includes(value)) return value;
    return refuseUsage(
      "TP_CLI_OPTION_VALUE",
      `Cannot use ${option.long} "${value}": it is not known, allowed are ${words.join(", ")}`,
      `for example ${option.long} ${words[0]}`,
      [],
      { name: value, known: words },
    );
  });
}

/** How a file is read. Names are those of `DataSourceOptions`, so that what was parsed is what is passed on. */
export function addDataOptions(command: CliCommand): CliCommand {
  command.optionsGroup("Reading the data:");
  return command
    .option("--from <time>", "first bar to trade, inclusive; earlier bars warm up (UTC unless it states a zone)")
    .option("--to <time>", "end of the data, exclusive")
    .option("--timezone <zone>", "zone of times that state none, such as America/New_York; UTC otherwise")
    .option("--interval <length>", "length of a bar: 1m, 1h, 1d, 1mo; told from the times otherwise")
    .addOption(choice("--stamp <instant>", "which instant of a bar its time names", ["open", "close", "month-end"]))
    .addOption(choice("--side <side>", "which side of bid and ask bars to load", ["bid", "ask"]))
    .option("--instrument <id>", "id of the instrument, such as BTC-USDT@BINANCE; from the file's name otherwise")
    .option("--tick <decimal>", "smallest step of order prices; inferred from all prices otherwise")
    .option("--lot <decimal>", "smallest step of quantities")
    .option("--quote <currency>", "currency of the prices; USD otherwise")
    .addOption(choice("--calendar <name>", "when the market is open; told from the bars otherwise", ["24/7", "weekdays"]))
    .addOption(choice("--date-order <order>", "order in dates such as 03/04/2021", ["day-first", "month-first"]))
    .addOption(choice("--time-unit <unit>", "unit of numeric times; told from their size otherwise", ["s", "ms", "us", "ns"]))
    .option("--ignore-columns <names>", "columns to pass over, by comma");
}
