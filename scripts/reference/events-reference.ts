import { readFileSync } from "node:fs";
import { FILL_CAUSES } from "../../packages/core/src/engine/event-log.ts";
import { CauseTable, EVENT_KIND_NAMES, EVENT_WORDS, EventWord } from "../../packages/core/src/model/event.ts";
import {
  ORDER_SOURCE_NAMES,
  ORDER_TYPE_NAMES,
  OrderFlag,
  OrderRole,
  TIME_IN_FORCE_NAMES,
} from "../../packages/core/src/model/order-terms.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";

const SOURCE = "packages/core/src/model/event.ts";

const numbered = (names: readonly string[]): string => names.map((name, k) => `${k} ${name}`).join(", ");
const valued = (names: Readonly<Record<string, number>>): string =>
  Object.entries(names)
    .map(([name, value]) => `${value} ${name}`)
    .join(", ");

/** The table in the docstring of `EVENT_WORDS`: the one place that says what the words of each kind mean. */
function wordTable(): string {
  const source = readFileSync(new URL(`../../${SOURCE}`, import.meta.url), "utf8");
  const lines = source.split("\n").filter((line) => line.startsWith(" * |"));
  if (lines.length < 3) throw new Error(`${SOURCE} has no table of event words in its docstring any more`);
  return lines.map((line) => line.slice(" * ".length)).join("\n");
}

/** `docs/reference/events.md`: what a run records. */
export function eventsReference(): string {
  return page(
    "# Events",
    generatedFrom(code(SOURCE)),
    `A run leaves one list of events. It is the same list whichever driver fed the engine, and the [run hash](../architecture/system_overview.md#what-repeats-and-where-it-stops)
is computed from it. An event is ${EVENT_WORDS} numbers (64-bit floating point): eight that every event has, then eight whose meaning depends on its kind. Its
sequence number is its place in the list, from 1. Reasons and tags are kept beside the list, outside the hash.`,
    "## Words of every event",
    table(
      ["Word", "Name"],
      Object.entries(EventWord)
        .filter(([, at]) => at < EventWord.f0)
        .map(([name, at]) => [String(at), code(name)]),
    ),
    "`timeUs` and `receiveUs` are microseconds since the Unix epoch, UTC; in a backtest they are equal. Accounts and strategies count from 1, instruments from 0.",
    "## Kinds",
    EVENT_KIND_NAMES.map((name, kind) => (kind === 0 ? "" : `${kind}. ${code(name)}`))
      .filter((line) => line !== "")
      .join("\n"),
    "## Words by kind",
    `Prices are whole price units, sizes whole lots (negative for a sale), money whole quanta of the quote currency. A word that a kind does not name is 0.`,
    wordTable(),
    `- **submitted, f0**: type + 8 × time in force + 64 × flags + 256 × role.
  Types: ${numbered(ORDER_TYPE_NAMES)}. Times in force: ${numbered(TIME_IN_FORCE_NAMES)}. Flags, added: ${valued(OrderFlag)}. Roles: ${valued(OrderRole)}.
- **submitted, f6**: end of life in microseconds, 0 for none. **f7**: trailing distance in price units, or as a negative count of 10^-9 of the price.
- **filled, f5**: 1 for a taker + 2 × cause + 64 at a bar's open. Causes of a fill: ${numbered(FILL_CAUSES)}.
- **filled, f2**: the money exchanged, spread and slippage included; the price of a fill is derived from it.
- **source**: ${numbered(ORDER_SOURCE_NAMES)}.
- **trading-state, f0**: 0 enabled, 1 reduce-only, 2 halted.`,
    "`ledger` is money that moves without a fill. `external` is a fill that no order of ours explains; a backtest has none.",
    "## Causes",
    "Why an order was refused, rejected, canceled or expired. The numbers are stable: they enter the run hash.",
    table(["Number", "Cause", "Meaning"], CauseTable.map(([name, text], number) => [String(number), code(name), text]).slice(1)),
  );
}
