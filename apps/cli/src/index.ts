export type { CliCommand } from "./cli-command.ts";
export { type CodeArea, codeAreas } from "./errors/all-codes.ts";
export { EXIT_CODES } from "./exit-codes.ts";
export { buildProgram, everyCommand } from "./program.ts";
