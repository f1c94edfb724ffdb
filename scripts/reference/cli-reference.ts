import { buildProgram, type CliCommand, everyCommand } from "../../apps/cli/src/index.ts";

/** `docs/reference/cli.md`: every command with its options, examples and exit codes, from the commands themselves. */
export function cliReference(): string {
  const program = buildProgram();
  const commands = everyCommand(program).filter((command) => command.commands.length === 0);
  return `${[
    "# The tradepulse command",
    "<!-- Written by scripts/generate-cli-reference.ts from the commands in apps/cli. Change those, not this file. -->",
    "`npx tradepulse <command>` in this repository; `tradepulse <command>` where it is on the PATH. Options come in any order.",
    "With `--json` a command prints exactly one document with a `schema` on standard output. Progress, remarks and failures go to standard error.",
    ["| Command | |", "| --- | --- |", ...commands.map(indexRow)].join("\n"),
    ...commands.map(section),
  ].join("\n\n")}\n`;
}

function indexRow(command: CliCommand): string {
  return `| [\`${command.path}\`](#${anchor(command.path)}) | ${cell(command.description())} |`;
}

function section(command: CliCommand): string {
  const help = command.createHelp();
  const usage = `${command.path} ${command.usage()}`;
  const blocks = [`## ${command.path}`, command.description(), code(usage)];
  const args = help.visibleArguments(command);
  if (args.length > 0) {
    blocks.push(
      table(
        ["Argument", ""],
        args.map((argument) => [`\`${argument.name()}\``, help.argumentDescription(argument)]),
      ),
    );
  }
  const groups = Map.groupBy(
    help.visibleOptions(command).filter((option) => option.long !== "--help"),
    (option) => option.helpGroupHeading ?? "Options:",
  );
  for (const [heading, options] of groups) {
    blocks.push(
      table(
        [heading.replace(/:$/, ""), ""],
        options.map((option) => [`\`${option.flags}\``, help.optionDescription(option)]),
      ),
    );
  }
  blocks.push(code(command.examples.flatMap(([line, about]) => [`# ${about}`, line]).join("\n"), "sh"));
  blocks.push(`Exit codes: ${command.exitRows.map(([exit, meaning]) => `${exit} ${meaning}`).join("; ")}.`);
  return blocks.join("\n\n");
}

function table(titles: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  return [`| ${titles.join(" | ")} |`, "| --- | --- |", ...rows.map(([a, b]) => `| ${cell(a)} | ${cell(b)} |`)].join("\n");
}

function code(text: string, language = ""): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
