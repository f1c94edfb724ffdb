import { type ConfigEntry, configSections, describeEntry } from "@tradepulse/live";
import { code, generatedFrom, page, table } from "./markdown.ts";

/** `docs/reference/configuration.md`: every section and key of a live or paper configuration. */
export function configurationReference(): string {
  return page(
    "# Configuration of live and paper sessions",
    generatedFrom("`packages/live/src/config/config-table.ts`"),
    `A TOML file such as [configs/live/default.toml](../../configs/live/default.toml). A flag \`--set section.key=value\` stands over the variable
\`TRADEPULSE_SECTION_KEY\`, which stands over the file. A key that does not exist is refused, with the nearest one that does.`,
    ...configSections.flatMap(({ name, isList, about, entries }) => [
      `## \`${isList ? `[[${name}]]` : `[${name}]`}\``,
      about,
      table(["Key", "Default", "Allowed", "Meaning"], entries.map(row)),
    ]),
  );
}

function row(entry: ConfigEntry): string[] {
  return [code(entry.key), fallbackText(entry), describeEntry(entry), entry.about];
}

function fallbackText({ fallback, kind }: ConfigEntry): string {
  if (fallback === undefined) return "";
  if (kind === "seconds") return `${JSON.stringify(fallback)} s`;
  return code(JSON.stringify(fallback));
}
