import { codeAreas, EXIT_CODES } from "../../apps/cli/src/index.ts";

/** `docs/reference/errors.md`: every code of every package, from their code tables. */
export function errorReference(): string {
  const total = codeAreas.reduce((sum, { codes }) => sum + Object.keys(codes).length, 0);
  const areas = codeAreas.map(({ title, codes }) => {
    const rows = Object.entries(codes)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, { meaning, remedy, exit }]) => `| \`${code}\` | ${cell(meaning)} | ${cell(remedy)} | ${exit} |`);
    return [`## ${title}`, "", "| Code | When | What to do | Exit |", "| --- | --- | --- | ---: |", ...rows].join("\n");
  });
  return `${[
    "# Errors",
    "<!-- Written by scripts/generate-error-reference.ts from the code tables of the packages. Change those, not this file. -->",
    `Every failure of TradePulse has a code that does not change. These are all ${total}. The printed form is:`,
    [
      "```",
      "TP_STRATEGY_PARAM_VALUE",
      'Cannot set parameter "fast" of "ema-cross": it is 99, allowed are whole numbers from 2 to 50',
      "  default  12",
      "  next     choose an allowed value",
      "```",
    ].join("\n"),
    "With `--json` the same is found under `error` of the one document on standard output, and its exit code under `exit`.",
    ["## Exit codes", "", "| Exit | Meaning |", "| ---: | --- |", ...EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`)].join(
      "\n",
    ),
    ...areas,
  ].join("\n\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
