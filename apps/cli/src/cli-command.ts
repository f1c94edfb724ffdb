import { Command, type Option } from "commander";
import { EXIT_CODES } from "./exit-codes.ts";
import { paint } from "./terminal/streams.ts";
import { wrapText } from "./terminal/wrap-text.ts";
import { refuseUsage } from "./usage-error.ts";

/** A command whose complaints are coded failures, and whose help ends in examples and exit codes. */
export class CliCommand extends Command {
  /** Complete command lines, the simplest first. */
  readonly examples: (readonly [line: string, about: string])[] = [];
  /** Exit codes besides those that every command has: 0, 2, 70 and 130. */
  readonly exits: number[] = [];

  override createCommand(name?: string): CliCommand {
    return new CliCommand(name);
  }

  example(line: string, about: string): this {
    this.examples.push([line, about]);
    return this;
  }

  exitsWith(...codes: number[]): this {
    this.exits.push(...codes);
    return this;
  }

  /** The command as it is typed: `tradepulse data show`. */
  get path(): string {
    return this.parent === null ? this.name() : `${(this.parent as CliCommand).path} ${this.name()}`;
  }

  /** Exit codes with their meaning, as help and reference show them. */
  get exitRows(): readonly (readonly [code: number, meaning: string])[] {
    const mine = new Set([0, 2, 70, 130, ...this.exits]);
    return EXIT_CODES.filter(([code]) => mine.has(code));
  }

  override helpInformation(context?: { error: boolean }): string {
    const width = this.configureOutput().getOutHelpWidth?.() ?? 80;
    const blocks = [super.helpInformation(context).trimEnd()];
    if (this.examples.length > 0) {
      const lines = this.examples.flatMap(([line, about]) => [
        ...wrapText(about, width - 4).map((part) => `  ${paint("dim", `# ${part}`)}`),
        ...breakLine(line, width - 2).map((part) => `  ${part}`),
      ]);
      blocks.push(["Examples:", ...lines].join("\n"));
    }
    if (this.commands.length === 0) {
      blocks.push(["Exit codes:", ...this.exitRows.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`)].join("\n"));
    }
    return `${blocks.join("\n\n")}\n`;
  }

  // Commander calls the methods below; the names are its own.

  unknownOption(flag: string): never {
    return refuseUsage("TP_CLI_OPTION_UNKNOWN", `Cannot run "${this.path}": it has no option "${flag}"`, `see ${this.path} --help`, [], {
      name: flag,
      known: this.#visibleFlags(),
    });
  }

  unknownCommand(): never {
    const name = this.args[0] ?? "";
    const known = this.commands.map((command) => command.name());
    return refuseUsage(
      "TP_CLI_COMMAND_UNKNOWN",
      `Cannot run "${this.path} ${name}": there is no such command, known are ${known.join(", ")}`,
      `see ${this.path} --help`,
      [],
      { name, known },
    );
  }

  missingArgument(name: string): never {
    return refuseUsage("TP_CLI_ARGUMENT", `Cannot run "${this.path}": <${name}> is missing`, this.#exampleHint());
  }

  optionMissingArgument(option: Option): never {
    return refuseUsage(
      "TP_CLI_OPTION_VALUE",
      `Cannot run "${this.path}": ${option.long} has no value, allowed is ${option.flags}`,
      `see ${this.path} --help`,
    );
  }

  missingMandatoryOptionValue(option: Option): never {
    return refuseUsage("TP_CLI_OPTION_VALUE", `Cannot run "${this.path}": ${option.long} is missing`, this.#exampleHint());
  }

  _excessArguments(given: readonly string[]): never {
    const most = this.registeredArguments.length;
    if (this.commands.length > 0) return this.unknownCommand();
    return refuseUsage(
      "TP_CLI_ARGUMENT",
      `Cannot run "${this.path}": it was given ${given.length} arguments (${given.map((each) => `"${each}"`).join(", ")}), at most ${most} ${most === 1 ? "is" : "are"} allowed`,
      this.#exampleHint(),
    );
  }

  #visibleFlags(): string[] {
    return this.createHelp()
      .visibleOptions(this)
      .flatMap((option) => option.long ?? []);
  }

  #exampleHint(): string {
    const first = this.examples[0];
    return first === undefined ? `see ${this.path} --help` : `for example: ${first[0]}`;
  }
}

/** Breaks a command line at its options; the lines but the last end in a backslash and can be pasted. */
function breakLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const parts = line.split(/ (?=--)/);
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + part.length + 2 <= width) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(lines.length === 0 ? part : `    ${part}`);
  }
  return lines.map((each, i) => (i < lines.length - 1 ? `${each} \\` : each));
}
