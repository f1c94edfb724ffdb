// Tables of the core that only documents read; they are not part of its public face.
import { refusalCode } from "../../packages/core/src/risk/codes.ts";
import { type LimitEntry, limitTable, protectionTable, standingTable } from "../../packages/core/src/risk/limit-table.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";

function rows(entries: readonly LimitEntry[]): string[][] {
  return entries.map((entry) => [
    code(entry.name),
    entry.meaning,
    entry.unit,
    entry.latches ? "latches reduce-only" : entry.appliesTo,
    code(refusalCode(entry.cause)),
  ]);
}

/** `docs/reference/risk.md`: limits, protections and standing refusals. */
export function riskReference(): string {
  const head = ["Name", "Meaning", "Unit", "Applies to", "Code"];
  return page(
    "# Risk",
    generatedFrom("`packages/core/src/risk/limit-table.ts`"),
    `Every order and every amendment is judged before it leaves, by the same code in every mode. The judge asks in this order and the
first no is the answer:`,
    `1. **Trading state**: \`enabled\`, \`reduce-only\` or \`halted\`. It is latched: only a re-arm with a reason makes it less strict, except
   that the latch of a daily loss ends with its UTC day (\`dailyLossRelease: "rearm"\` keeps it).
2. **Checks of every order**: the grid of the instrument, the price collar, the order rate.
3. **Checks of opening orders**: those that may add exposure, in their worst case: all working buys fill and no sell, or the other way
   round; orders of one group count as their larger leg.
4. **Protections**: pauses after exits and losses.`,
    `An order that only reduces a position passes the limits on exposure and loss and the protections, so that a position can be closed. A
limit stands at the value given: an order that reaches it passes, one above it is refused. Loss limits latch when reached. What is not
configured costs nothing. A name that is no limit is refused, since a misspelt limit would protect nothing.`,
    "## Limits",
    table(head, rows(limitTable)),
    "## Protections",
    table(head, rows(protectionTable)),
    "## Standing refusals",
    "No limit of the user causes these.",
    table(head, rows(standingTable)),
  );
}
